package chat.parley.openid;

import java.util.List;

/** Runs the provider until it is ended: {@code java -jar openid-server.jar [port [callback ...]]}. */
final class Main {
    private static final int DEFAULT_PORT = 9070;

    private Main() {}

    public static void main(String[] arguments) {
        List<String> given = List.of(arguments);
        int port = given.isEmpty() ? DEFAULT_PORT : Integer.parseInt(given.getFirst());
        List<String> callbacks = given.size() > 1 ? given.subList(1, given.size()) : List.of(OpenIdServer.CALLBACK);
        OpenIdServer server = OpenIdServer.start(port, callbacks);
        System.out.println("openid-server is ready at " + server.issuer());
    }
}
