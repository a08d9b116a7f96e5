package chat.parley.conversation.history;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.events.Id;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetentionIT {
    private final Id user = Id.random();
    private final HistoryFixture old =
            new HistoryFixture(new ConversationName(user, new Id("old")), "retention", "30d");
    private final HistoryFixture pinned = new HistoryFixture(new ConversationName(user, new Id("pinned")));

    @Test
    void deletesWhatNoOneTouchedButNothingPinnedAndNothingYoung() {
        AccountStore accounts = new AccountStore(old.redis);
        Id account = Id.random();
        assertThat(accounts.find(account, user).userId()).isEqualTo(user);
        old.send("m1", null, "Hello");
        String token = old.links.share(old.name).token();
        pinned.send("m1", null, "Hello");
        pinned.store.update(pinned.name, null, true, null, null);
        Retention retention = new Retention(old.redis, old.store, old.properties);

        retention.sweep(old.replies.now().plus(Duration.ofDays(29)));
        assertThat(old.snapshot().conversation()).isNotNull();

        assertThat(retention.sweep(old.replies.now().plus(Duration.ofDays(31)))).isPositive();
        assertThat(old.snapshot().conversation()).isNull();
        assertThat(old.raw().hget(Keys.links(old.name.shard()), token)).isNull();
        assertThat(pinned.snapshot().conversation()).isNotNull();
        // Who comes back after years finds what was pinned.
        assertThat(accounts.find(account, Id.random()).userId()).isEqualTo(user);
    }

    @Test
    void deletesNothingUnlessItIsSet() {
        pinned.send("m1", null, "Hello");
        pinned.store.update(pinned.name, null, false, null, null);

        assertThat(new Retention(pinned.redis, pinned.store, pinned.properties)
                        .sweep(pinned.replies.now().plus(Duration.ofDays(10_000))))
                .isZero();
        assertThat(pinned.snapshot().conversation()).isNotNull();
    }
}
