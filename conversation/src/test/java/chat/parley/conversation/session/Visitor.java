package chat.parley.conversation.session;

import chat.parley.conversation.Browser;
import chat.parley.conversation.Browser.Answer;
import chat.parley.conversation.Service;
import chat.parley.conversation.Tab;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A browser that keeps the cookies that it is given. */
final class Visitor {
    private final Map<String, String> cookies = new TreeMap<>();
    private Service service;

    Visitor(Service service) {
        this.service = service;
    }

    /** Goes on at another replica. */
    Visitor at(Service other) {
        service = other;
        return this;
    }

    /** The cookies that it has now, by name. */
    Map<String, String> cookies() {
        return cookies;
    }

    Answer call(String method, String path, @Nullable String json, String... headers) {
        HttpRequest.Builder request = Browser.request(service, path);
        if (!cookies.isEmpty()) {
            request.header("Cookie", cookieHeader());
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        request.method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        Answer answer = Browser.call(service, request);
        answer.headers().allValues("Set-Cookie").forEach(this::keep);
        return answer;
    }

    private String cookieHeader() {
        return cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    private void keep(String cookie) {
        String[] pair = cookie.split(";", 2)[0].split("=", 2);
        if (cookie.contains("Max-Age=0")) {
            cookies.remove(pair[0]);
        } else {
            cookies.put(pair[0], pair[1]);
        }
    }

    /** Asks for a session, as a page does. */
    JsonNode session() {
        return call("POST", "/api/session", null).json();
    }

    JsonNode user() {
        return session().path("user");
    }

    String userId() {
        return user().path("id").asString();
    }

    int status(String path) {
        return call("GET", path, null).status();
    }

    /** Begins to sign in. @return where the provider's page is */
    URI beginSignIn() {
        return URI.create(call("POST", "/api/session/sign-in", null)
                .json()
                .path("location")
                .asString());
    }

    /** Comes back from the provider. @return where the page goes on */
    String comeBack(URI callback) {
        Answer answer = call("GET", callback.getRawPath() + "?" + callback.getRawQuery(), null);
        return answer.status() + " " + answer.header("Location");
    }

    /** Asks for an address that no browser makes. @return the whole answer */
    String rawGet(String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.setSoTimeout(15_000);
            String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + cookieHeader()
                    + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** Opens a socket and takes its welcome. */
    Tab open() {
        Tab tab = Browser.connect(service.socket(), cookieHeader(), null);
        tab.take("welcome");
        return tab;
    }
}
