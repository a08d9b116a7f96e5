package chat.parley.conversation.reply;

import chat.parley.events.ControlEvent.WorkerAnnounced;
import chat.parley.events.Id;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * What this replica knows of the workers, from what they announce. A worker that was silent for 7 s
 * ({@code parley.reply.worker-silence}) is forgotten.
 */
@Component
public class AssistantStatus {
    private final ReplyProperties properties;
    private final ConcurrentHashMap<Id, Heard> workers = new ConcurrentHashMap<>();
    private final List<Consumer<Status>> listeners = new CopyOnWriteArrayList<>();
    private int queued;
    private Status last = new Status(State.DOWN, 0, 0, false);

    AssistantStatus(ReplyProperties properties) {
        this.properties = properties;
    }

    /** Whether questions are being answered. */
    public enum State {
        /** At least one worker takes requests. */
        UP,
        /** There are workers, but none takes requests: the model's provider can't be reached. */
        DEGRADED,
        /** There is no worker, or only such as are stopping. */
        DOWN;

        @JsonValue
        public String json() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The state of the assistant.
     *
     * @param workers that were heard of just now
     * @param queued requests that wait for a worker
     * @param demo whether the built-in demo model answers
     */
    public record Status(State state, int workers, int queued, boolean demo) {}

    private record Heard(WorkerAnnounced worker, long at) {}

    public synchronized Status current() {
        return last;
    }

    /**
     * The models that may be asked for, the default first: the one that most workers have as theirs. Empty if no worker
     * is known.
     */
    public List<String> models() {
        List<WorkerAnnounced> living = living();
        Map<String, Long> defaults = living.stream()
                .map(worker -> worker.models().getFirst())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        Set<String> models = new LinkedHashSet<>();
        defaults.entrySet().stream()
                .min(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .ifPresent(most -> models.add(most.getKey()));
        living.stream()
                .sorted(Comparator.comparing(WorkerAnnounced::worker))
                .forEach(worker -> models.addAll(worker.models()));
        return new ArrayList<>(models);
    }

    /** How many calls all workers together run at once, those that are stopping left out; 0 if none is known. */
    public int capacity() {
        return living().stream()
                .filter(worker -> !worker.stopping())
                .mapToInt(WorkerAnnounced::capacity)
                .sum();
    }

    /** Calls this with the new status whenever it has changed, on a thread that must not be held up. */
    public void onChange(Consumer<Status> listener) {
        listeners.add(listener);
    }

    void on(WorkerAnnounced worker) {
        workers.put(worker.worker(), new Heard(worker, System.nanoTime()));
        refresh();
    }

    void waiting(int requests) {
        synchronized (this) {
            queued = requests;
        }
        refresh();
    }

    /** Forgets who was silent for too long, and says so if that changes anything. */
    void refresh() {
        Status now;
        synchronized (this) {
            now = status(living());
            if (now.equals(last)) {
                return;
            }
            last = now;
        }
        listeners.forEach(listener -> listener.accept(now));
    }

    private List<WorkerAnnounced> living() {
        long now = System.nanoTime();
        workers.values()
                .removeIf(heard -> now - heard.at() > properties.workerSilence().toNanos());
        return workers.values().stream().map(Heard::worker).toList();
    }

    private Status status(List<WorkerAnnounced> living) {
        List<WorkerAnnounced> staying =
                living.stream().filter(worker -> !worker.stopping()).toList();
        boolean up = staying.stream().anyMatch(WorkerAnnounced::providerUp);
        State state = staying.isEmpty() ? State.DOWN : up ? State.UP : State.DEGRADED;
        return new Status(state, living.size(), queued, living.stream().anyMatch(WorkerAnnounced::demo));
    }
}
