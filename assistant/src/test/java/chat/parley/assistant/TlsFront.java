package chat.parley.assistant;

import chat.parley.testing.servers.PrivateCa;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import javax.net.ssl.SSLServerSocket;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** TLS in front of a server that has none; passes on what it decrypts. */
final class TlsFront implements AutoCloseable {
    private final SSLServerSocket listening;
    private final URI behind;

    TlsFront(PrivateCa.Pair own, URI behind) throws IOException {
        this.behind = behind;
        PemSslStoreDetails details = PemSslStoreDetails.forCertificate(
                        own.certificate().toUri().toString())
                .withPrivateKey(own.key().toUri().toString());
        SslStoreBundle stores = new PemSslStoreBundle(details, null);
        listening = (SSLServerSocket) SslBundle.of(stores)
                .createSslContext()
                .getServerSocketFactory()
                .createServerSocket(0, 0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket server = new Socket(behind.getHost(), behind.getPort());
                Thread.ofVirtual().start(() -> pass(client, server));
                Thread.ofVirtual().start(() -> pass(server, client));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException _) {
            // one of them has hung up, and so does the other
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
