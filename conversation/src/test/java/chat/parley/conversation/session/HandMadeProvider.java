package chat.parley.conversation.session;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A provider that says whatever a test wants it to say. */
final class HandMadeProvider implements AutoCloseable {
    static final String CLIENT_ID = "parley";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final RSAKey KEY = key();

    private final HttpServer server;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile @Nullable String metadata;
    private volatile String person = "{}";

    HandMadeProvider() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/.well-known/openid-configuration", exchange -> {
            String given = metadata;
            answer(exchange, 200, given == null ? JSON.writeValueAsString(ownMetadata()) : given);
        });
        server.createContext("/keys", exchange -> answer(exchange, 200, new JWKSet(KEY).toString()));
        server.createContext("/token", this::redeem);
        server.createContext("/userinfo", exchange -> answer(exchange, 200, person));
        server.createContext("/elsewhere", exchange -> {
            exchange.getResponseHeaders().add("Location", issuer() + "/.well-known/openid-configuration");
            answer(exchange, 302, "");
        });
        server.start();
    }

    /** A new key, by the same name as any other. */
    static RSAKey key() {
        try {
            return new RSAKeyGenerator(2048).keyID("key-1").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Settings of a service that asks this provider, each time anew. */
    String[] settings(String... more) {
        List<String> own = List.of(
                "parley.session.provider.issuer=" + issuer(),
                "parley.session.provider.client-id=" + CLIENT_ID,
                "parley.session.provider.timeout=30s",
                "parley.session.provider.keep=0s");
        return java.util.stream.Stream.concat(own.stream(), Arrays.stream(more)).toArray(String[]::new);
    }

    Map<String, Object> ownMetadata() {
        return new java.util.HashMap<>(Map.of(
                "issuer",
                issuer(),
                "authorization_endpoint",
                issuer() + "/authorize",
                "token_endpoint",
                issuer() + "/token",
                "jwks_uri",
                issuer() + "/keys",
                "userinfo_endpoint",
                issuer() + "/userinfo",
                "response_types_supported",
                List.of("code"),
                "subject_types_supported",
                List.of("public"),
                "id_token_signing_alg_values_supported",
                List.of("RS256")));
    }

    /** What it says of itself from now on; null for the truth. */
    void says(@Nullable String newMetadata) {
        metadata = newMetadata;
    }

    /** What it says of a person to who asks for more than the token says. */
    void saysOfAPerson(String json) {
        person = json;
    }

    /** What was sent to it with codes: the headers that name the client, and the bodies. */
    List<String> asked() {
        return asked;
    }

    /** The claims of a token that is right. */
    JWTClaimsSet.Builder claims(URI page, String subject) {
        return new JWTClaimsSet.Builder()
                .issuer(issuer())
                .subject(subject)
                .audience(CLIENT_ID)
                .issueTime(Date.from(Instant.now()))
                .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                .claim("nonce", parameter(page, "nonce"));
    }

    static String sign(JWTClaimsSet.Builder claims) {
        return sign(claims, KEY);
    }

    static String sign(JWTClaimsSet.Builder claims, RSAKey key) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(key.getKeyID())
                            .build(),
                    claims.build());
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The person of this name signs in. @return where the provider sends the browser */
    URI signsIn(URI page, String subject) {
        return gives(page, sign(claims(page, subject).claim("name", subject)));
    }

    /** Sends the browser back with a code that is good for this token, once. */
    URI gives(URI page, String idToken) {
        String code = "code-" + System.nanoTime();
        tokens.put(code, idToken);
        return back(page, "code=" + code);
    }

    /** Sends the browser back. */
    static URI back(URI page, String answer) {
        return URI.create(parameter(page, "redirect_uri") + "?state=" + parameter(page, "state") + "&" + answer);
    }

    static String parameter(URI uri, String name) {
        return parameters(uri.getRawQuery()).getOrDefault(name, "");
    }

    private static Map<String, String> parameters(String query) {
        return Arrays.stream(query.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    private void redeem(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + body);
        String token = tokens.remove(parameters(body).getOrDefault("code", ""));
        if (token == null) {
            answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
            return;
        }
        answer(
                exchange,
                200,
                JSON.writeValueAsString(
                        Map.of("access_token", "access", "token_type", "Bearer", "expires_in", 60, "id_token", token)));
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
