package chat.parley.e2e.stack;

import chat.parley.testing.servers.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An nginx in front of one address, with nothing in its configuration but the way there: what any nginx costs. */
public final class BareNginx implements AutoCloseable {
    private final ProcessPart process;
    private final URI url;

    private BareNginx(ProcessPart process, URI url) {
        this.process = process;
        this.url = url;
    }

    /**
     * Starts one; returns when it answers. It ends with this JVM, however that ends.
     *
     * @param parent where it makes a folder for itself
     * @param upstream an address of this machine, by HTTP
     */
    public static BareNginx start(Path parent, URI upstream) throws IOException {
        Path folder = Files.createTempDirectory(parent, "bare-nginx-");
        Path configuration = folder.resolve("nginx.conf");
        int port = FreePorts.next();
        // As in Parley's own: no buffering, and a connection to the upstream that is kept.
        Files.writeString(configuration, """
                daemon off;
                pid %1$s/nginx.pid;
                error_log stderr warn;
                worker_processes 1;
                events { worker_connections 256; }
                http {
                    access_log off;
                    client_body_temp_path %1$s/client_body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                    upstream target { server %2$s; keepalive 8; }
                    server {
                        listen 127.0.0.1:%3$d;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_buffering off;
                        location / { proxy_pass http://target; }
                        location = /healthz { return 200; }
                    }
                }
                """.formatted(folder, upstream.getAuthority(), port));
        URI url = URI.create("http://127.0.0.1:" + port);
        ProcessPart process = ProcessPart.withChildren(
                "bare-nginx",
                folder,
                List.of(
                        Installation.program("nginx").toString(),
                        "-e",
                        "stderr",
                        "-p",
                        folder.toString(),
                        "-c",
                        configuration.toString()),
                Map.of(),
                url.resolve("/healthz"));
        try {
            process.start();
        } catch (RuntimeException e) {
            process.kill();
            throw e;
        }
        return new BareNginx(process, url);
    }

    /** Where it listens. */
    public URI url() {
        return url;
    }

    @Override
    public void close() {
        process.kill();
    }
}
