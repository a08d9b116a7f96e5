package chat.parley.conversation.live;

import chat.parley.conversation.history.RawJson;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A frame is not what the protocol says. It is answered, and the socket stays open. */
final class MalformedFrameException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable RawJson re;

    /**
     * Tells what is wrong.
     *
     * @param message a sentence for whoever wrote the client
     * @param re the frame's id, if it could be read
     */
    MalformedFrameException(String message, @Nullable RawJson re) {
        super(message);
        this.re = re;
    }

    Optional<RawJson> re() {
        return Optional.ofNullable(re);
    }
}
