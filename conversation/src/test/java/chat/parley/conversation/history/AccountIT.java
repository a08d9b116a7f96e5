package chat.parley.conversation.history;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.conversation.history.AccountStore.Owner;
import chat.parley.events.Id;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class AccountIT {
    private static final int AT_ONCE = 20;

    private final HistoryFixture fixture = new HistoryFixture();
    private final AccountStore accounts = new AccountStore(fixture.redis);
    private final SessionStore sessions = new SessionStore(fixture.redis);
    private final Id account = Id.random();
    private final Id guest = Id.random();

    @Test
    void aGuestStaysTheSameUserAndTheAccountHis() {
        Owner owner = accounts.find(account, guest);

        assertThat(owner.userId()).isEqualTo(guest);
        assertThat(accounts.find(account, Id.random())).isEqualTo(owner);
        assertThat(accounts.find(account, guest)).isEqualTo(owner);
    }

    @Test
    void whatHeHadAsAGuestEnds() {
        Id session = Id.random();
        assertThat(sessions.hasEnded(guest, session, 0)).isFalse();

        Owner owner = accounts.find(account, guest);

        assertThat(sessions.hasEnded(guest, session, 0)).isTrue();
        assertThat(sessions.hasEnded(guest, session, owner.epoch())).isFalse();
    }

    @Test
    void aUserHasOneAccount() {
        accounts.find(account, guest);

        Owner other = accounts.find(Id.random(), guest);

        assertThat(other.userId()).isNotEqualTo(guest);
        assertThat(accounts.find(account, Id.random()).userId()).isEqualTo(guest);
    }

    @Test
    void whoSignsInAtOnceInSeveralBrowsersIsOneUser() throws Exception {
        List<Owner> owners = atOnce(() -> accounts.find(account, Id.random()));

        assertThat(owners).hasSize(AT_ONCE).containsOnly(owners.getFirst());
    }

    @Test
    void peopleWhoSignInAtOnceAsTheSameGuestAreSeveralUsers() throws Exception {
        List<Owner> owners = atOnce(() -> accounts.find(Id.random(), guest));

        assertThat(owners)
                .extracting(Owner::userId)
                .hasSize(AT_ONCE)
                .doesNotHaveDuplicates()
                .contains(guest);
    }

    private static List<Owner> atOnce(Supplier<Owner> signIn) throws Exception {
        CyclicBarrier start = new CyclicBarrier(AT_ONCE);
        List<Future<Owner>> started = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < AT_ONCE; i++) {
                started.add(threads.submit(() -> {
                    start.await();
                    return signIn.get();
                }));
            }
        }
        return started.stream().map(Future::resultNow).toList();
    }

    @Test
    void finishesWhatWasLeftHalfDone() {
        fixture.raw().set(Keys.account(account), guest.value());

        assertThat(accounts.find(account, Id.random()).userId()).isEqualTo(guest);
        assertThat(accounts.find(Id.random(), guest).userId()).isNotEqualTo(guest);
    }

    @Test
    void sessionsOfAllBrowsersEndAlsoIfTheStoreIsOlderThanThey() {
        Id session = Id.random();
        sessions.endAll(guest, 6);
        assertThat(sessions.hasEnded(guest, session, 6)).isTrue();
        assertThat(sessions.hasEnded(guest, session, 7)).isFalse();

        sessions.endAll(guest, 2);
        assertThat(sessions.hasEnded(guest, session, 7)).isTrue();
        assertThat(sessions.hasEnded(guest, session, 8)).isFalse();
    }
}
