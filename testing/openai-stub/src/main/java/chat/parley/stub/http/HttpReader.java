package chat.parley.stub.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the requests of one connection, one after the other. */
final class HttpReader {
    /** Longest request line and headers together, in bytes. */
    static final int MAX_HEAD_BYTES = 64 * 1024;

    /** Longest body, in bytes. */
    static final int MAX_BODY_BYTES = 16 * 1024 * 1024;

    /** The longest silence within a request. Between requests there is no limit. */
    private static final Duration STALL = Duration.ofSeconds(30);

    private static final Pattern REQUEST_LINE = Pattern.compile("([A-Z]{1,16}) (\\S+) (HTTP/1\\.[01])");

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private int headBytes;

    HttpReader(Socket socket, OutputStream out) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = out;
    }

    /** Blocks until the first byte of the next request is there; false if the client closed its side instead. */
    boolean awaitByte() throws IOException {
        in.mark(1);
        boolean there = in.read() >= 0;
        if (there) {
            in.reset();
        }
        return there;
    }

    HttpRequest readRequest() throws IOException {
        socket.setSoTimeout((int) STALL.toMillis());
        try {
            headBytes = 0;
            String line = readLine();
            var parts = REQUEST_LINE.matcher(line);
            if (!parts.matches()) {
                throw new MalformedRequestException(400, "Not an HTTP request line");
            }
            Map<String, String> headers = readHeaders();
            String target = parts.group(2);
            int mark = target.indexOf('?');
            String path = mark < 0 ? target : target.substring(0, mark);
            String query = mark < 0 ? "" : target.substring(mark + 1);
            return new HttpRequest(parts.group(1), path, query, parts.group(3), headers, readBody(headers));
        } finally {
            socket.setSoTimeout(0);
        }
    }

    private Map<String, String> readHeaders() throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            if (colon <= 0 || line.charAt(0) == ' ' || line.charAt(0) == '\t') {
                throw new MalformedRequestException(400, "Not an HTTP header");
            }
            headers.put(
                    line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        }
        return headers;
    }

    private byte[] readBody(Map<String, String> headers) throws IOException {
        String length = headers.get("Content-Length");
        String encoding = headers.get("Transfer-Encoding");
        if (length != null && encoding != null) {
            throw new MalformedRequestException(400, "Both Content-Length and Transfer-Encoding");
        }
        if (length == null && encoding == null) {
            return new byte[0];
        }
        if (encoding != null && !encoding.equalsIgnoreCase("chunked")) {
            throw new MalformedRequestException(501, "Unknown Transfer-Encoding");
        }
        int size = length == null ? 0 : checkedSize(length, 10);
        if ("100-continue".equalsIgnoreCase(headers.get("Expect"))) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        return encoding == null ? readExactly(size) : readChunks();
    }

    private byte[] readChunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            headBytes = 0;
            String line = readLine();
            int semicolon = line.indexOf(';');
            int size = checkedSize((semicolon < 0 ? line : line.substring(0, semicolon)).strip(), 16);
            if (size == 0) {
                readHeaders();
                return body.toByteArray();
            }
            if (body.size() + size > MAX_BODY_BYTES) {
                throw new MalformedRequestException(413, "Body too large");
            }
            body.write(readExactly(size));
            if (!readLine().isEmpty()) {
                throw new MalformedRequestException(400, "Not a chunk");
            }
        }
    }

    private static int checkedSize(String digits, int radix) throws MalformedRequestException {
        try {
            long size = Long.parseLong(digits, radix);
            if (size > MAX_BODY_BYTES) {
                throw new MalformedRequestException(413, "Body too large");
            }
            if (size >= 0 && Character.digit(digits.charAt(0), radix) >= 0) {
                return (int) size;
            }
        } catch (NumberFormatException _) {
            // answered below, as a negative or signed length is
        }
        throw new MalformedRequestException(400, "Not a length");
    }

    private byte[] readExactly(int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException("The client closed in mid-body");
        }
        return bytes;
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(64);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("The client closed in mid-request");
            }
            if (++headBytes > MAX_HEAD_BYTES) {
                throw new MalformedRequestException(431, "Headers too large");
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
