package chat.parley.stub;

import java.util.List;

/** Whom the server plays. */
public enum Mode {
    /** A scripted model: deterministic replies, directives, faults. */
    TEST {
        @Override
        StubReply reply(List<StubReply.Message> messages, int tokens) {
            return StubReply.of(messages, tokens);
        }

        @Override
        String title(List<StubReply.Message> messages) {
            return StubReply.title(messages);
        }

        @Override
        String model() {
            return StubReply.MODEL;
        }

        @Override
        String answeringModel(String requested) {
            return requested;
        }

        @Override
        Behavior pace() {
            return Behavior.plain();
        }
    },
    /** Parley's demo model: canned replies at a pace to read along, no faults. */
    DEMO {
        @Override
        StubReply reply(List<StubReply.Message> messages, int tokens) {
            return DemoReply.of(messages);
        }

        @Override
        String title(List<StubReply.Message> messages) {
            return DemoReply.title(messages);
        }

        @Override
        String model() {
            return DemoReply.MODEL;
        }

        @Override
        String answeringModel(String requested) {
            return DemoReply.MODEL;
        }

        @Override
        Behavior pace() {
            return Behavior.of("delay=300ms rate=30");
        }
    };

    abstract StubReply reply(List<StubReply.Message> messages, int tokens);

    abstract String title(List<StubReply.Message> messages);

    /** The model that {@code /v1/models} lists. */
    abstract String model();

    /** The model that a reply says it is from. */
    abstract String answeringModel(String requested);

    /** The behavior where nothing sets another one. */
    abstract Behavior pace();
}
