package chat.parley.conversation.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What is made of files, also of such as mean no good. */
class ImportFileTest {
    private final Notes notes = new Notes(10);
    private final List<JsonNode> found = new ArrayList<>();

    private void read(byte[] file, String... settings) throws IOException {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            all.put("parley.archive." + settings[i], settings[i + 1]);
        }
        new ImportFile(ArchivePropertiesTest.with(all)).read(new ByteArrayInputStream(file), notes, found::add);
    }

    private void read(String file, String... settings) throws IOException {
        read(file.getBytes(StandardCharsets.UTF_8), settings);
    }

    private static Notes.Note note(Remark code, int count) {
        return new Notes.Note("", code.text(), code, null, count);
    }

    private List<String> told() {
        return notes.all().stream().map(Notes.Note::what).toList();
    }

    /** @param files names and contents */
    private static byte[] zip(String... files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < files.length; i += 2) {
                zip.putNextEntry(new ZipEntry(files[i]));
                zip.write(files[i + 1].getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":1}", "[{\"a\":1}]", " \n[ {\"a\":1} ]", "\uFEFF[{\"a\":1}]"})
    void readsOneConversationOrAList(String file) throws IOException {
        read(file);

        assertThat(found).hasToString("[{\"a\":1}]");
        assertThat(told()).isEmpty();
    }

    @Test
    void leavesOutWhatNoOneAsksFor() throws IOException {
        read("[{\"files\":[{\"data\":\"" + "x".repeat(5_000_000)
                + "\"}],\"sources\":[],\"metadata\":{\"a\":[1],\"b\":2," + "\"finish_details\":{\"type\":\"stop\"}}}]");

        assertThat(found)
                .hasToString("[{\"files\":true,\"sources\":false,\"metadata\":{\"a\":true,\"b\":2,"
                        + "\"finish_details\":{\"type\":\"stop\"}}}]");
    }

    @Test
    void readsArchivesWhateverTheirFolders() throws IOException {
        read(zip(
                "parley.json", "{\"format\":1}",
                "conversations/00001 A.json", "{\"a\":1}",
                "conversations/00001 A.md", "# A",
                "export/conversations.json", "[{\"b\":1},{\"c\":1}]",
                "conversations-001.json", "[{\"d\":1}]",
                "chat-export-1700000000000.json", "[{\"e\":1}]",
                "user.json", "{\"f\":1}",
                "../../etc/conversations.json", "{\"g\":1}",
                "photo.png", "PNG"));

        assertThat(found.stream().map(node -> node.propertyNames().iterator().next()))
                .containsExactly("format", "a", "b", "c", "d", "e", "g");
        assertThat(notes.all()).containsExactly(note(Remark.OTHER_FILE, 2));
    }

    /** Also if the large file is one that is not read: it has to be unpacked to find the next. */
    @ParameterizedTest
    @ValueSource(strings = {"conversations.json", "photo.png"})
    void stopsUnpackingAtALimit(String name) throws IOException {
        byte[] bomb = zip(name, "[\"" + " ".repeat(3_000_000) + "\"]", "conversations/later.json", "{\"a\":1}");
        assertThat(bomb.length).isLessThan(10_000);

        read(bomb, "unpacked-size", "1MB");

        assertThat(found).isEmpty();
        assertThat(told()).contains("the archive is too large when it is unpacked: what comes after was not read");
    }

    @Test
    void readsOnlySoManyFilesOfAnArchive() throws IOException {
        read(
                zip("conversations/1.json", "{}", "conversations/2.json", "{}", "conversations/3.json", "{}"),
                "entries",
                "2");

        assertThat(found).hasSize(2);
        assertThat(told())
                .containsExactly("the archive has more files in it than are read: what comes after was not read");
    }

    @Test
    void readsADamagedArchiveUpToThere() throws IOException {
        byte[] whole =
                zip("conversations/1.json", "{\"a\":1}", "conversations/2.json", "{\"b\":" + "1".repeat(200) + "}");
        String second = "conversations/2.json";
        int inTheMiddle = new String(whole, StandardCharsets.ISO_8859_1).indexOf(second) + second.length() + 5;
        read(Arrays.copyOf(whole, inTheMiddle));

        assertThat(found).hasSize(1);
        assertThat(told()).containsExactly("the archive is damaged or encrypted: what comes after was not read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{\"a\":1},{\"b\"", "[{\"a\":1},{\"b\":nope}]", "[{\"a\":1}"})
    void readsBrokenJsonUpToThere(String file) throws IOException {
        read(file);

        assertThat(found).hasSize(1);
        assertThat(told()).hasSize(1).first().asString().contains("no JSON");
    }

    /** Names are kept for a while, so a file of nothing but names would fill the heap. */
    @Test
    void readsNoNameOfAnyLength() throws IOException {
        read("[{\"" + "n".repeat(256) + "\":1},{\"x\":[{\"" + "n".repeat(257) + "\":1}]},{\"a\":1}]");

        assertThat(found).hasSize(1);
        assertThat(told()).hasSize(1).first().asString().contains("names, texts or levels that are too large");
    }

    @Test
    void readsOneValueAfterTheOther() throws IOException {
        read("{\"a\":1}\n[{\"b\":1},{\"c\":1}]{\"d\":1}\n");

        assertThat(found).hasToString("[{\"a\":1}, {\"b\":1}, {\"c\":1}, {\"d\":1}]");
        assertThat(told()).isEmpty();
    }

    /** A pattern would look through such a name once per place in it. */
    @Test
    void doesNotLookForLongInLongNames() throws IOException {
        String[] files = new String[40];
        for (int i = 0; i < files.length; i += 2) {
            files[i] = i + "chat-export".repeat(5_900);
            files[i + 1] = "{}";
        }
        files[0] = "conversations/" + "n".repeat(500) + ".json";
        read(zip(files));

        assertThat(found).isEmpty();
        assertThat(notes.all()).containsExactly(note(Remark.OTHER_FILE, 20));
    }

    @Test
    void takesNoFaultOfOursForADamagedArchive() throws IOException {
        byte[] file = zip("conversations.json", "{}");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ImportFile(ArchivePropertiesTest.with(Map.of()))
                        .read(new ByteArrayInputStream(file), notes, conversation -> {
                            throw new IllegalArgumentException("ours");
                        }))
                .withMessage("ours");
    }

    @Test
    void doesNotFollowJsonWithoutEnd() throws IOException {
        read("{\"a\":" + "[".repeat(100_000));

        assertThat(found).isEmpty();
        assertThat(told()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":[%s]}", "{\"a\":{%s}}"})
    void skipsAConversationThatIsTooLarge(String form) throws IOException {
        String many = "\"x\":1,".repeat(10_000) + "\"x\":1";
        String huge = form.formatted(form.contains("[") ? many.replace(":", ",") : many);
        read("[" + huge + ",{\"b\":1}]", "conversation-size", "64KB");

        assertThat(found).hasToString("[{\"b\":1}]");
        assertThat(told()).containsExactly("a conversation that is too large");
    }

    /** Else memory would grow with the file. */
    @Test
    void handsOverEachConversationAsItComes() throws IOException {
        String one = "{\"text\":\"" + "x".repeat(100_000) + "\"},";
        long[] sent = {0};
        InputStream file =
                new FilterInputStream(
                        new ByteArrayInputStream(("[" + one.repeat(50) + "{}]").getBytes(StandardCharsets.UTF_8))) {
                    @Override
                    public int read(byte[] into, int offset, int length) throws IOException {
                        int read = super.read(into, offset, length);
                        sent[0] += Math.max(0, read);
                        return read;
                    }
                };
        List<Long> waiting = new ArrayList<>();

        new ImportFile(ArchivePropertiesTest.with(Map.of()))
                .read(file, notes, conversation -> waiting.add(sent[0] - (waiting.size() + 1L) * one.length()));

        assertThat(waiting).hasSize(51).allMatch(bytes -> bytes < 20_000);
    }

    @Test
    void tellsOfValuesThatAreNone() throws IOException {
        read("[1,\"x\",null,[[{}]],{\"a\":1}]");

        assertThat(found).hasSize(1);
        assertThat(notes.all()).containsExactly(note(Remark.NO_CONVERSATION, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "PK", "PK\u0003\u0004", "%PDF-1.7", "\u0000\u0000\u0000\u0000"})
    void findsNothingInOtherFiles(String file) throws IOException {
        read(file);

        assertThat(found).isEmpty();
    }

    @Test
    void tellsNoMoreThanItMay() {
        for (int i = 0; i < 15; i++) {
            notes.add("c" + i, Remark.IMAGE, "", 1);
        }

        assertThat(notes.all()).hasSize(11).last().extracting(Notes.Note::count).isEqualTo(5);
    }

    /** Whoever sent it has gone: that is no fault of the file. */
    @Test
    void doesNotTakeABrokenConnectionForTheEnd() {
        InputStream broken = new FilterInputStream(new ByteArrayInputStream("[{}".getBytes(StandardCharsets.UTF_8))) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int read = super.read(into, offset, length);
                if (read < 0) {
                    throw new IOException("Broken pipe");
                }
                return read;
            }
        };

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new ImportFile(ArchivePropertiesTest.with(Map.of())).read(broken, notes, found::add))
                .withMessage("Broken pipe");
    }
}
