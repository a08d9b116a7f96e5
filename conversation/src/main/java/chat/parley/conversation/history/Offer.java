package chat.parley.conversation.history;

import chat.parley.events.ReplyName;

/**
 * An entry of the outbox: an attempt whose request is to be published. Whoever got it from the store holds its lease
 * and publishes it now; if he dies, the sweeper of any replica takes over when the lease is over.
 *
 * @param again whether it may have been published before
 * @param lostWorkers how many workers this reply has lost; from the second on it runs alone
 */
public record Offer(ReplyName reply, int attempt, boolean again, int lostWorkers) {
    /** The entry's name in the outbox: {@code <user>/<conversation>/<reply>/<attempt>}. */
    public Entry entry() {
        return new Entry(reply, attempt);
    }

    /** An attempt's name in the outbox, offered and running sets. */
    public record Entry(ReplyName reply, int attempt) {
        public static Entry parse(String member) {
            int cut = member.lastIndexOf('/');
            return new Entry(ReplyName.parse(member.substring(0, cut)), Integer.parseInt(member.substring(cut + 1)));
        }

        @Override
        public String toString() {
            return reply + "/" + attempt;
        }
    }
}
