package chat.parley.conversation.archive;

import chat.parley.conversation.api.ApiProperties;
import chat.parley.conversation.archive.Notes.Note;
import chat.parley.conversation.history.ConversationName;
import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.HistoryProperties;
import chat.parley.conversation.history.ImportStore;
import chat.parley.conversation.history.ImportStore.Known;
import chat.parley.conversation.history.ImportStore.Outcome;
import chat.parley.conversation.history.ImportStore.Stored;
import chat.parley.conversation.history.ImportedConversation;
import chat.parley.conversation.history.ImportedMessage;
import chat.parley.conversation.history.RefusedException;
import chat.parley.conversation.reply.AssistantStatus;
import chat.parley.events.Id;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Takes conversations and saved prompts over from a file, each of them wholly or not at all; one that is there already
 * stays as it is.
 */
@Component
class Importer implements AutoCloseable {
    private static final List<Format> FORMATS = List.of(new ParleyFormat(), new ChatGptFormat(), new OpenWebUiFormat());
    /** How often the same conversation may be deleted and imported again. */
    private static final int NAMES = 16;

    private static final int LONGEST_MODEL = 200;

    private final ImportStore store;
    private final PromptImport prompts;
    private final AssistantStatus assistant;
    private final ArchiveProperties properties;
    private final ApiProperties limits;
    private final @Nullable Duration retention;
    private final ImportFile files;
    private final Turns turns;
    /** Reading takes the processor for long: on the thread of a call it would keep a carrier from all sockets. */
    private final ExecutorService readers;

    Importer(
            ImportStore store,
            PromptImport prompts,
            AssistantStatus assistant,
            ArchiveProperties properties,
            ApiProperties limits,
            HistoryProperties history) {
        this.store = store;
        this.prompts = prompts;
        this.assistant = assistant;
        this.properties = properties;
        this.limits = limits;
        this.retention = history.retention();
        this.files = new ImportFile(properties);
        this.turns = new Turns(
                properties.importsAtOnce(),
                "Another file of yours is being imported just now",
                "Other files are being imported just now");
        this.readers = Executors.newFixedThreadPool(
                properties.importsAtOnce(),
                Thread.ofPlatform().daemon().name("import-", 0).factory());
    }

    /**
     * What became of a file.
     *
     * @param imported conversations that are new
     * @param unchanged conversations that were there already
     * @param messages of the new ones
     * @param prompts saved prompts that are new
     * @param refused conversations that could not be taken; the notes say why
     * @param notes what was not understood, or not taken as it stood
     */
    record Report(int imported, int unchanged, int messages, int prompts, int refused, List<Note> notes) {
        Report {
            notes = List.copyOf(notes);
        }
    }

    /**
     * Imports a file, as far as it can be read. The same file once more changes nothing.
     *
     * @throws RefusedException BAD_REQUEST if nothing in it could be understood, or it comes too slowly; RATE_LIMITED
     *     while another one of this user is being read, or as many as may be at once; UNAVAILABLE if Redis gave no
     *     answer in time: what was read until then is kept
     * @throws IOException if the file did not come to its end
     */
    Report run(Id userId, InputStream file) throws IOException {
        try (Turns.Turn _ = turns.take(userId)) {
            Run run = new Run(userId);
            read(new PacedInputStream(file, properties, System::nanoTime), run);
            return run.report();
        }
    }

    /**
     * Ends when all of it is read, whatever becomes of the thread that waits: the file is the call's, and ends with it.
     */
    private void read(InputStream file, Run run) throws IOException {
        CompletableFuture<?> reading = CompletableFuture.runAsync(
                () -> {
                    try {
                        files.read(file, run.notes, run::take);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                readers);
        try {
            reading.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case UncheckedIOException broken -> throw broken.getCause();
                case RuntimeException refused -> throw refused;
                case Error fatal -> throw fatal;
                case null, default -> throw e;
            }
        }
    }

    @Override
    public void close() {
        readers.shutdownNow();
    }

    private final class Run {
        private final Id userId;
        private final List<String> models = assistant.models();
        private final Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
        private final Notes notes = new Notes(properties.notes());
        private boolean understood;
        private int imported;
        private int unchanged;
        private int messages;
        private int newPrompts;
        private @Nullable Set<Id> knownPrompts;
        private int refused;

        Run(Id userId) {
            this.userId = userId;
        }

        Report report() {
            if (!understood) {
                throw new RefusedException(
                        ErrorCode.BAD_REQUEST,
                        "There is no conversation in this file that could be understood. It is to be an export of Parley"
                                + " (an archive, or a conversation as JSON), conversations.json of ChatGPT's export or its"
                                + " whole archive, or Open WebUI's export of chats as JSON.");
            }
            return new Report(imported, unchanged, messages, newPrompts, refused, notes.all());
        }

        /** Read once: a file may have any number of places that look as if they had prompts. */
        private Set<Id> knownPrompts() {
            Set<Id> known = knownPrompts;
            if (known == null) {
                known = prompts.known(userId);
                knownPrompts = known;
            }
            return known;
        }

        void take(JsonNode json) {
            if (PromptImport.fits(json)) {
                understood = true;
                newPrompts += prompts.take(userId, json, knownPrompts(), notes);
                return;
            }
            Optional<Format> format =
                    FORMATS.stream().filter(one -> one.fits(json)).findFirst();
            if (format.isEmpty()) {
                notes.addOfFile(Remark.UNKNOWN_KIND);
                return;
            }
            understood = true;
            Notes own = new Notes(properties.notes());
            Draft draft = format.get().read(json, own::addOfFile);
            take(draft, own);
            for (Note note : own.all()) {
                notes.add(draft.label(), note.code(), note.detail() == null ? "" : note.detail(), note.count());
            }
        }

        private void take(Draft draft, Notes own) {
            Format.Note note = own::addOfFile;
            List<ImportedMessage> tree = MessageTree.of(draft, now, note);
            if (tree.isEmpty()) {
                refuse(note, Remark.EMPTY);
                return;
            }
            Instant updated = Optional.ofNullable(draft.updatedAt()).orElseGet(() -> latest(tree));
            if (updated.isAfter(now)) {
                updated = now;
                note.add(Remark.IN_FUTURE);
            }
            if (retention != null && !draft.pinned() && updated.isBefore(now.minus(retention))) {
                refuse(note, Remark.TOO_OLD);
                return;
            }
            if (tree.size() > properties.conversationMessages()) {
                refuse(note, Remark.TOO_LARGE);
                return;
            }
            Stored stored = store.stored(tree);
            if (stored.bytes() > properties.conversationSize().toBytes()) {
                refuse(note, Remark.TOO_LARGE);
                return;
            }
            Instant created = draft.createdAt() != null && !draft.createdAt().isAfter(updated)
                    ? draft.createdAt()
                    : earliest(tree, updated);
            write(draft, tree, stored, created, updated, note);
        }

        private void write(
                Draft draft,
                List<ImportedMessage> tree,
                Stored stored,
                Instant created,
                Instant updated,
                Format.Note note) {
            List<Id> names = DerivedIds.of(draft, tree, NAMES);
            Known known = store.look(userId, names);
            int free = known.gone().indexOf(false);
            if (known.exists()) {
                unchanged++;
                return;
            }
            if (free < 0) {
                refuse(note, Remark.DELETED_TOO_OFTEN);
                return;
            }
            Outcome outcome = store.write(
                    new ImportedConversation(
                            new ConversationName(userId, names.get(free)),
                            title(draft, note),
                            created,
                            updated,
                            draft.pinned(),
                            model(draft, note),
                            systemPrompt(draft, note),
                            tree),
                    stored);
            switch (outcome) {
                case IMPORTED -> {
                    imported++;
                    messages += tree.size();
                }
                case EXISTS -> unchanged++;
                case GONE -> refuse(note, Remark.DELETED_NOW);
                case TOO_MANY -> refuse(note, Remark.TOO_MANY);
                case TOO_MUCH -> refuse(note, Remark.TOO_MUCH_TODAY);
            }
        }

        private void refuse(Format.Note note, Remark why) {
            refused++;
            note.add(why);
        }

        private String title(Draft draft, Format.Note note) {
            String title = draft.title().strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
            if (title.length() <= limits.titleChars()) {
                return title;
            }
            note.add(Remark.TITLE_CUT);
            int end = limits.titleChars() - 1;
            return title.substring(0, Character.isHighSurrogate(title.charAt(end - 1)) ? end - 1 : end) + "…";
        }

        private @Nullable String model(Draft draft, Format.Note note) {
            String model = draft.model();
            if (model.isEmpty() || models.isEmpty() || models.contains(model)) {
                return model.isEmpty() || model.length() > LONGEST_MODEL ? null : model;
            }
            note.add(Remark.MODEL_UNKNOWN);
            return null;
        }

        private @Nullable String systemPrompt(Draft draft, Format.Note note) {
            String prompt = draft.systemPrompt();
            if (prompt.length() <= limits.systemPromptChars()) {
                return prompt.isEmpty() ? null : prompt;
            }
            note.add(Remark.INSTRUCTIONS_TOO_LONG);
            return null;
        }
    }

    private static Instant latest(List<ImportedMessage> tree) {
        return tree.stream()
                .map(ImportedMessage::createdAt)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static Instant earliest(List<ImportedMessage> tree, Instant most) {
        Instant first = tree.stream()
                .map(ImportedMessage::createdAt)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        return first.isAfter(most) ? most : first;
    }
}
