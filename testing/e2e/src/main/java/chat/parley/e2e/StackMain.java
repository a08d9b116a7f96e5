package chat.parley.e2e;

import chat.parley.e2e.client.Json;
import chat.parley.e2e.fault.Fault;
import chat.parley.e2e.fault.TcpProxy;
import chat.parley.e2e.fault.Toxic;
import chat.parley.e2e.stack.Hop;
import chat.parley.e2e.stack.Part;
import chat.parley.e2e.stack.Stack;
import chat.parley.e2e.stack.StackOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Starts a stack for whoever drives it from outside, such as the page's tests. The first line on standard output is
 * {@code {"url":…,"folder":…}}. Then each line on standard input is a command, and each is answered by one line of
 * JSON: {@code {"ok":true,…}} or {@code {"ok":false,"error":…}}.
 *
 * <ul>
 *   <li>{@code kill PART}, {@code start PART}, {@code restart PART}, {@code pause PART}, {@code resume PART}, with a
 *       part such as {@code assistant-0}, {@code conversation-1}, {@code nginx}, {@code redis}, {@code rabbitmq},
 *       {@code stub}
 *   <li>{@code hole}, {@code unhole}: the network between browser and nginx is a black hole, or is not
 *   <li>{@code copy-redis}, {@code restore-redis}: Redis is copied, or set back to the copy; it must be killed
 *   <li>{@code stub JSON}: changes the model's behavior
 *   <li>{@code stats}: the model's counters
 *   <li>{@code calls QUESTION}: the model's calls whose question starts so
 *   <li>{@code heal}: starts and resumes all that does not run
 *   <li>{@code logs}: the ends of all logs, on standard error
 *   <li>{@code quit}, or the end of standard input
 * </ul>
 */
public final class StackMain {
    private static final int LOG_LINES = 60;

    private final Stack stack;
    private Fault hole = () -> {};

    private StackMain(Stack stack) {
        this.stack = stack;
    }

    /** Takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        try (Stack stack = Stack.start(StackOptions.standard().proxied(Hop.BROWSER_NGINX));
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            say(Map.of("url", stack.url().toString(), "folder", stack.folder().toString()));
            StackMain main = new StackMain(stack);
            for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
                say(main.answer(line.strip()));
            }
        }
    }

    @SuppressWarnings("SystemOut") // it is how it speaks
    private static void say(Map<String, ?> answer) {
        System.out.println(Json.write(answer));
        System.out.flush();
    }

    private Map<String, ?> answer(String line) {
        String[] words = line.split(" ", 2);
        String rest = words.length > 1 ? words[1] : "";
        try {
            return Map.of("ok", true, "value", obey(words[0], rest));
        } catch (RuntimeException e) {
            return Map.of("ok", false, "error", String.valueOf(e));
        }
    }

    private Object obey(String command, String rest) {
        return switch (command) {
            case "kill" -> done(part(rest)::kill);
            case "start" -> done(part(rest)::start);
            case "restart" -> done(part(rest)::restart);
            case "pause" -> done(part(rest)::pause);
            case "resume" -> done(part(rest)::resume);
            case "hole" -> done(this::hole);
            case "unhole" -> done(hole::close);
            case "copy-redis" -> done(stack::copyRedis);
            case "restore-redis" -> done(stack::restoreRedis);
            case "stub" -> stack.model().behave(rest);
            case "stats" -> stack.model().stats();
            case "calls" -> stack.model().callsFor(rest);
            case "heal" -> done(this::heal);
            case "logs" -> done(this::logs);
            default -> throw new IllegalArgumentException("Unknown command: " + command);
        };
    }

    private static List<String> done(Runnable action) {
        action.run();
        return List.of();
    }

    private Part part(String name) {
        return stack.parts().stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No part " + name + " among "
                        + stack.parts().stream().map(Part::name).toList()));
    }

    private void hole() {
        hole.close();
        TcpProxy proxy = stack.proxy(Hop.BROWSER_NGINX, 0);
        hole = proxy.with(new Toxic.BlackHole());
    }

    private void heal() {
        hole.close();
        stack.heal();
    }

    @SuppressWarnings("SystemOut") // standard output is for answers
    private void logs() {
        System.err.println(stack.logs(LOG_LINES));
    }
}
