package chat.parley.conversation.history;

import java.util.List;

/**
 * What became of one reply event.
 *
 * @param offers what the caller now has to publish: at most one
 * @param vacancy whether a held reply of the same user can be admitted now
 */
public record Applied(Outcome outcome, List<Offer> offers, boolean vacancy) {
    static final Applied DONE = new Applied(Outcome.APPLIED, List.of(), false);
    static final Applied BEFORE = new Applied(Outcome.REPEAT, List.of(), false);

    /** What a reply event did. */
    public enum Outcome {
        /** It changed the reply. */
        APPLIED,
        /** It had been applied before. */
        REPEAT,
        /** An earlier delta is missing; the final event will heal it. */
        GAP,
        /** It is of an older attempt, or of a worker that does not run the attempt: that worker is to be told. */
        FENCED,
        /** Its reply has ended or never was: its worker is to be told. */
        ENDED,
        /** There was nothing to do. */
        NOTHING
    }
}
