package chat.parley.stub;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call under way or ended. Written by the thread that answers it, under the ledger's lock where it changes state. */
final class Call {
    private static final int SHOWN_CHARACTERS = 200;

    private final long number;
    private final ChatRequest request;
    private final boolean title;
    private final String host;
    private final Map<String, String> headers;
    private final int attempt;
    private final Instant at = Instant.now();
    private final long start = System.nanoTime();
    private volatile CallStatus status = CallStatus.OPEN;
    private volatile @Nullable Fault fault;
    private volatile int tokens;
    private volatile @Nullable Long firstTokenMillis;
    private volatile @Nullable Long durationMillis;

    Call(long number, ChatRequest request, boolean title, String host, Map<String, String> headers, int attempt) {
        this.number = number;
        this.request = request;
        this.title = title;
        this.host = host;
        this.headers = headers;
        this.attempt = attempt;
    }

    String id() {
        return "chatcmpl-stub" + number;
    }

    Instant at() {
        return at;
    }

    boolean title() {
        return title;
    }

    /** Which call with these messages it is, from 1; 0 for titles. */
    int attempt() {
        return attempt;
    }

    CallStatus status() {
        return status;
    }

    int tokens() {
        return tokens;
    }

    Optional<Fault> fault() {
        return Optional.ofNullable(fault);
    }

    void suffer(Fault coming) {
        fault = coming;
    }

    void tokensSent(int sent) {
        if (firstTokenMillis == null) {
            firstTokenMillis = elapsed();
        }
        tokens = sent;
    }

    void end(CallStatus as) {
        durationMillis = elapsed();
        status = as;
    }

    CallRecord describe() {
        Long took = durationMillis;
        String system = request.messages().stream()
                .filter(message ->
                        message.role().equals("system") || message.role().equals("developer"))
                .findFirst()
                .map(StubReply.Message::text)
                .orElse("");
        return new CallRecord(
                number,
                id(),
                at,
                host,
                title,
                status,
                request.model(),
                shown(StubReply.question(request.messages())),
                shown(system),
                request.messages().size(),
                attempt,
                request.stream(),
                request.user(),
                headers,
                fault().map(Fault::label).orElse(null),
                tokens,
                firstTokenMillis,
                took == null ? elapsed() : took);
    }

    private long elapsed() {
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    private static String shown(String text) {
        int end = Math.min(text.length(), SHOWN_CHARACTERS);
        boolean splits = end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
        return text.substring(0, splits ? end - 1 : end);
    }
}
