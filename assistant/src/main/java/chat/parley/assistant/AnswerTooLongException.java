package chat.parley.assistant;

import java.io.IOException;

/** A provider says more at once than is held. The call is over; another one would bring the same. */
final class AnswerTooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    AnswerTooLongException(long most) {
        super("More than " + most + " bytes at once");
    }
}
