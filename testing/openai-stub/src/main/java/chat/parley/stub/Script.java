package chat.parley.stub;

import java.util.Optional;

/** What happens to calls, unless their own directives say otherwise. Thread-safe. */
final class Script {
    private final Behavior start;
    private final boolean directives;
    private Behavior current;
    private int faultsLeft;

    /** @param directives whether messages may carry some */
    Script(Behavior start, boolean directives) {
        this.start = start;
        this.directives = directives;
        this.current = start;
        this.faultsLeft = start.calls();
    }

    /** Changes what the given behavior sets. */
    synchronized void behave(Behavior change) {
        current = change.over(current);
        faultsLeft = current.calls();
    }

    /** Goes back to the behavior of the start. */
    synchronized void reset() {
        current = start;
        faultsLeft = start.calls();
    }

    synchronized Behavior current() {
        return current;
    }

    /** How a call is answered. Titles follow no directives, which belong to the question. */
    Behavior behaviorFor(ChatRequest request, boolean title) {
        return directives && !title
                ? Behavior.inMessage(StubReply.question(request.messages())).over(current())
                : current();
    }

    /** The fault that strikes this call. Titles use up no counted fault, and suffer none. */
    synchronized Optional<Fault> faultFor(Call call, Behavior behavior) {
        if (call.title()) {
            boolean counted = behavior.times() > 0 || behavior.calls() > 0;
            return counted ? Optional.empty() : behavior.fault();
        }
        if (behavior.fault().isEmpty()) {
            return Optional.empty();
        }
        if (behavior.times() > 0 && call.attempt() > behavior.times()) {
            return Optional.empty();
        }
        if (behavior.calls() > 0 && faultsLeft-- <= 0) {
            faultsLeft = 0;
            return Optional.empty();
        }
        return behavior.fault();
    }
}
