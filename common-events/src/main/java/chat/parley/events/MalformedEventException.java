package chat.parley.events;

import org.jspecify.annotations.Nullable;

/** A message on the broker is not an event that this version reads. It belongs to the dead letters. */
public final class MalformedEventException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedEventException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
