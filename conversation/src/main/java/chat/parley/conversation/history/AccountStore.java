package chat.parley.conversation.history;

import chat.parley.events.Id;
import org.springframework.stereotype.Component;

/**
 * Which user signs in with which account. A user has at most one, an account exactly one user, for ever: they are not
 * deleted with conversations that nobody touches.
 *
 * <p>The two sides may lie in different shards, so they are written one after the other, and the user's side decides:
 * an account that names a user who has another one is given a new user. Whatever is left half done is finished by the
 * next sign-in.
 */
@Component
public class AccountStore {
    /** A user that was just made up has no other account; one more in case another sign-in was faster. */
    private static final int MOST_USERS = 3;

    private final Redis redis;

    AccountStore(Redis redis) {
        this.redis = redis;
    }

    /**
     * A user with an account.
     *
     * @param epoch how often all his sessions were ended; those that begin now are of this one
     */
    public record Owner(Id userId, long epoch) {}

    /**
     * Finds the user of an account. At the first sign-in the candidate becomes that, if he has no account yet, else
     * someone new; all sessions that he had end.
     *
     * @param account names it without telling whose it is, such as a hash
     * @throws RefusedException UNAVAILABLE if Redis gave no answer in time; asking again is safe
     */
    public Owner find(Id account, Id candidate) {
        Id wanted = candidate;
        String refused = "";
        for (int i = 0; i < MOST_USERS; i++) {
            Id user = new Id(redis.text(Script.ACCOUNT, new String[] {Keys.account(account)}, wanted, refused));
            String[] keys = {Keys.accountOf(user), Keys.epoch(user)};
            long epoch = redis.number(Script.CLAIM, keys, account, Keys.channel(user));
            if (epoch >= 0) {
                return new Owner(user, epoch);
            }
            refused = user.value();
            wanted = Id.random();
        }
        throw new RefusedException(ErrorCode.INTERNAL, "Something went wrong on our side.");
    }
}
