package chat.parley.conversation.history;

import chat.parley.conversation.history.Applied.Outcome;
import chat.parley.conversation.history.Step.Kind;
import chat.parley.conversation.history.Step.Said;
import chat.parley.events.FailureCode;
import chat.parley.events.FailureCode.Consequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the scripts do to one conversation, said once more and simply: no keys, no time, nothing at once. */
final class ScriptModel {
    private static final int STRIKES = 5;
    private static final int SEEN_AGAIN = 20;

    private static final String NOTHING = "stopped 0";

    private final List<String> log = new ArrayList<>();
    /** Reply by message that it answers, of what was sent; and the ids of replies that have ended. */
    private final Map<String, String> sent = new HashMap<>();

    private final Map<String, String> ended = new HashMap<>();
    private final Map<String, Reply> open = new LinkedHashMap<>();
    private final Deque<String> queue = new ArrayDeque<>();
    private @Nullable String current;
    private String text = "";
    private boolean exists;
    private boolean deleted;

    private enum State {
        WAITING,
        OUTBOX,
        OFFERED,
        RUNNING
    }

    private static final class Reply {
        private final String id;
        private final String parent;
        private State state = State.WAITING;
        private int attempt;
        private int worker;
        private int next;
        private int strikes;
        private int seen;
        private boolean leaseOver;

        Reply(String id, String parent) {
            this.id = id;
            this.parent = parent;
        }
    }

    /** Everything that can be looked at, to be compared. */
    record Seen(List<String> log, Set<String> outbox, Set<String> offered, Set<String> running, String text) {}

    Seen seen() {
        return new Seen(
                deleted ? List.of() : List.copyOf(log), in(State.OUTBOX), in(State.OFFERED), in(State.RUNNING), text);
    }

    private Set<String> in(State state) {
        Set<String> members = new TreeSet<>();
        open.values().stream().filter(r -> r.state == state).forEach(r -> members.add(r.id + "/" + r.attempt));
        return members;
    }

    /** Replies that were ever asked for. */
    List<String> replies() {
        Set<String> all = new TreeSet<>(ended.keySet());
        all.addAll(open.keySet());
        return List.copyOf(all);
    }

    List<String> messages() {
        return List.copyOf(new TreeSet<>(sent.keySet()));
    }

    int attempt(String reply) {
        Reply r = open.get(reply);
        return r == null ? 1 : r.attempt;
    }

    int next(String reply) {
        Reply r = open.get(reply);
        return r == null ? 0 : r.next;
    }

    /** 0 if nobody runs it. */
    int worker(String reply) {
        Reply r = open.get(reply);
        return r == null ? 0 : r.worker;
    }

    /** Does it, and says what the caller is told. */
    String take(Step step) {
        return switch (step) {
            case Step.Send send -> send(send.message());
            case Step.Regenerate again -> regenerate(again.message(), again.reply());
            case Step.Deliver delivery -> deliver(delivery.said());
            case Step.Cancel cancel -> cancel(cancel.reply());
            case Step.Delete _ -> delete();
            case Step.Confirmed confirmed -> confirmed(confirmed.reply(), confirmed.attempt());
            case Step.LeaseOver over -> leaseOver(over.reply());
        };
    }

    private String send(String message) {
        if (deleted) {
            return "NOT_FOUND";
        }
        @Nullable String known = sent.get(message);
        if (known != null) {
            return "repeat " + known;
        }
        String reply = "r-" + message;
        if (ended.containsKey(reply) || open.containsKey(reply)) {
            return "CONFLICT";
        }
        log.add("message.created " + message);
        sent.put(message, reply);
        return "new " + reply + ask(reply, message);
    }

    private String regenerate(String message, String reply) {
        if (deleted || !sent.containsKey(message)) {
            return "NOT_FOUND";
        }
        @Nullable Reply known = open.get(reply);
        @Nullable String parent = known == null ? ended.get(reply) : known.parent;
        if (parent != null) {
            return parent.equals(message) ? "repeat " + reply : "CONFLICT";
        }
        return "new " + reply + ask(reply, message);
    }

    private String ask(String id, String message) {
        exists = true;
        log.add("reply.queued " + id);
        Reply r = new Reply(id, message);
        open.put(id, r);
        if (current == null) {
            return begin(r);
        }
        queue.add(id);
        return "";
    }

    private String begin(Reply r) {
        current = r.id;
        r.attempt = 1;
        r.state = State.OUTBOX;
        return offer(r);
    }

    private static String offer(Reply r) {
        return " -> " + r.id + "/" + r.attempt;
    }

    private String cancel(String reply) {
        Reply r = open.get(reply);
        if (r == null) {
            return ended.containsKey(reply) && !deleted ? NOTHING : "NOT_FOUND";
        }
        int worker = r.worker;
        String offer = finish(r, "cancelled", reply.equals(current) ? text : "");
        return "stopped " + worker + offer;
    }

    private String delete() {
        if (deleted) {
            return NOTHING;
        }
        if (!exists) {
            return "NOT_FOUND";
        }
        Reply r = current == null ? null : open.get(current);
        deleted = true;
        open.clear();
        queue.clear();
        text = "";
        return "stopped " + (r == null ? 0 : r.worker);
    }

    private String confirmed(String reply, int attempt) {
        Reply r = open.get(reply);
        if (r != null && r.attempt == attempt && r.state == State.OUTBOX) {
            r.state = State.OFFERED;
        }
        return "";
    }

    private String leaseOver(String reply) {
        Reply r = open.get(reply);
        if (r != null && r.state == State.RUNNING) {
            r.leaseOver = true;
        }
        return "";
    }

    private String deliver(List<Said> said) {
        return said.stream().map(this::apply).toList().toString();
    }

    private String apply(Said said) {
        Reply r = open.get(said.reply());
        if (r == null || r.state == State.WAITING) {
            return Outcome.ENDED.name();
        }
        if (said.attempt() < r.attempt) {
            return Outcome.FENCED.name();
        }
        if (said.attempt() > r.attempt) {
            takeOver(r, said);
        }
        return switch (said.kind()) {
            case STARTED -> started(r, said);
            case SEEN_AGAIN -> seenAgain(r);
            case LEASE_CHECK -> leaseCheck(r);
            case DELTA, HEARTBEAT, COMPLETED, FAILED ->
                r.worker == said.worker() ? saidByItsWorker(r, said) : Outcome.FENCED.name();
        };
    }

    /** The store came back older: the attempt was given out. */
    private void takeOver(Reply r, Said said) {
        r.attempt = said.attempt();
        r.worker = 0;
        r.state = State.OFFERED;
        r.next = 0;
        if (!Set.of(Kind.STARTED, Kind.SEEN_AGAIN, Kind.LEASE_CHECK).contains(said.kind())) {
            claim(r, said.worker());
        }
    }

    private void claim(Reply r, int worker) {
        r.state = State.RUNNING;
        r.worker = worker;
        r.next = 0;
        r.leaseOver = false;
        text = "";
        log.add("reply.started " + r.id + "/" + r.attempt);
    }

    private String started(Reply r, Said said) {
        if (r.worker == 0) {
            claim(r, said.worker());
            return Outcome.APPLIED.name();
        }
        if (r.worker != said.worker()) {
            return Outcome.FENCED.name();
        }
        r.leaseOver = false;
        return Outcome.REPEAT.name();
    }

    private String seenAgain(Reply r) {
        if (r.worker != 0) {
            return Outcome.APPLIED.name();
        }
        r.seen++;
        return Outcome.APPLIED + (r.seen >= SEEN_AGAIN ? finish(r, "failed", text) : again(r, null, false));
    }

    private String leaseCheck(Reply r) {
        if (r.worker == 0 || !r.leaseOver) {
            return Outcome.NOTHING.name();
        }
        r.strikes++;
        return Outcome.APPLIED
                + (r.strikes >= STRIKES ? finish(r, "failed", text) : again(r, FailureCode.WORKER_LOST, false));
    }

    private String saidByItsWorker(Reply r, Said said) {
        if (said.kind() == Kind.COMPLETED) {
            return Outcome.APPLIED + finish(r, "completed", said.text());
        }
        if (said.kind() == Kind.FAILED) {
            return Outcome.APPLIED + failed(r, said.code());
        }
        r.leaseOver = false;
        return said.kind() == Kind.DELTA ? delta(r, said) : Outcome.APPLIED.name();
    }

    private String delta(Reply r, Said said) {
        if (said.n() != r.next) {
            return (said.n() < r.next ? Outcome.REPEAT : Outcome.GAP).name();
        }
        r.next++;
        text += said.text();
        log.add("reply.delta " + said.offset() + " " + said.text());
        return Outcome.APPLIED.name();
    }

    private String failed(Reply r, FailureCode code) {
        Consequence consequence = code.consequence();
        if (consequence == Consequence.STRIKE) {
            r.strikes++;
        }
        if (consequence == Consequence.FAIL || (consequence == Consequence.STRIKE && r.strikes >= STRIKES)) {
            return finish(r, "failed", text);
        }
        return again(r, code, consequence != Consequence.RETRY_AT_ONCE);
    }

    private String again(Reply r, @Nullable FailureCode code, boolean later) {
        if (r.state == State.RUNNING || later) {
            log.add("reply.retrying " + r.id + "/" + r.attempt + " " + (code == null ? "" : code.errorCode()));
        }
        r.attempt++;
        r.state = State.OUTBOX;
        r.worker = 0;
        r.next = 0;
        return later ? "" : offer(r);
    }

    private String finish(Reply r, String how, String whole) {
        log.add("reply." + how + " " + r.id + " " + whole);
        open.remove(r.id);
        ended.put(r.id, r.parent);
        if (!r.id.equals(current)) {
            queue.remove(r.id);
            return "";
        }
        text = "";
        current = null;
        @Nullable String next = queue.poll();
        return next == null ? "" : begin(open.get(next));
    }
}
