package chat.parley.conversation.history;

import chat.parley.events.FailureCode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Something that happens to a conversation. Each is printed as the Java that makes it, so that a sequence is a test.
 */
sealed interface Step {
    /** A message of a person, under the id that its reply has with an {@code r-} before it. */
    record Send(String message) implements Step {
        @Override
        public String toString() {
            return "new Send(\"" + message + "\")";
        }
    }

    /** Another reply to a message. */
    record Regenerate(String message, String reply) implements Step {
        @Override
        public String toString() {
            return "new Regenerate(\"" + message + "\", \"" + reply + "\")";
        }
    }

    /** What workers say, as one delivery. */
    record Deliver(List<Said> said) implements Step {
        Deliver(Said... said) {
            this(List.of(said));
        }

        @Override
        public String toString() {
            return "new Deliver(" + said.stream().map(Said::toString).collect(Collectors.joining(", ")) + ")";
        }
    }

    /** Stop. */
    record Cancel(String reply) implements Step {
        @Override
        public String toString() {
            return "new Cancel(\"" + reply + "\")";
        }
    }

    /** The conversation is deleted. */
    record Delete() implements Step {
        @Override
        public String toString() {
            return "new Delete()";
        }
    }

    /** The broker has the request. */
    record Confirmed(String reply, int attempt) implements Step {
        @Override
        public String toString() {
            return "new Confirmed(\"" + reply + "\", " + attempt + ")";
        }
    }

    /** The lease of whoever runs the reply ends, if somebody does. */
    record LeaseOver(String reply) implements Step {
        @Override
        public String toString() {
            return "new LeaseOver(\"" + reply + "\")";
        }
    }

    /** What a worker can say, and what is said about one. */
    enum Kind {
        STARTED,
        DELTA,
        HEARTBEAT,
        COMPLETED,
        FAILED,
        SEEN_AGAIN,
        LEASE_CHECK
    }

    /**
     * One event.
     *
     * @param worker 1 or 2
     * @param n number of a delta
     * @param code why an attempt failed
     */
    record Said(Kind kind, String reply, int attempt, int worker, int n, FailureCode code) {
        static final int TEXT_LENGTH = 2;

        int offset() {
            return n * TEXT_LENGTH;
        }

        /** The text of a delta, or of the whole reply. */
        String text() {
            return kind == Kind.DELTA ? attempt % 10 + "" + n % 10 : "All of " + reply + "/" + attempt;
        }

        @Override
        public String toString() {
            return "new Said(Kind." + kind + ", \"" + reply + "\", " + attempt + ", " + worker + ", " + n
                    + ", FailureCode." + code.name() + ")";
        }
    }
}
