package chat.parley.testing.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A message that wants to be made an object of a class that it names, or to take more than it should. */
@SuppressWarnings("ImmutableEnumChecker") // the bytes are given out as copies only
public enum HostileMessage {
    SERIALISED_BY_JAVA(serialised()),
    NAMES_A_CLASS_IN_ITS_HEADER("{'command':'run'}"),
    NAMES_A_CLASS_AS_ITS_TYPE("{'type':'TRAP','command':'run'}"),
    NAMES_A_CLASS_BESIDE_A_KNOWN_TYPE("{'@class':'TRAP','@type':'TRAP','type':'reply.delta','command':'run'}"),
    NAMES_A_CLASS_IN_A_PAIR("['TRAP',{'command':'run'}]"),
    IS_OF_AN_UNKNOWN_TYPE("{'type':'reply.sung'}"),
    IS_NOTHING("null"),
    IS_DEEP("{'type':'reply.delta','x':" + "[".repeat(100_000) + "]".repeat(100_000) + "}"),
    IS_A_BOMB(bomb()),
    /** Longer than any message that is looked at. */
    IS_LONG(" ".repeat(8 * 1024 * 1024 + 1).getBytes(UTF_8));

    /** The header in which Spring AMQP names the class of a message. */
    public static final Map<String, Object> HEADERS = Map.of("__TypeId__", Trap.class.getName());

    private final byte[] bytes;
    private final @Nullable String json;

    HostileMessage(byte[] bytes) {
        this.bytes = bytes;
        this.json = null;
    }

    HostileMessage(String json) {
        this.json = json.replace('\'', '"').replace("TRAP", Trap.class.getName());
        this.bytes = this.json.getBytes(UTF_8);
    }

    public byte[] body() {
        return bytes.clone();
    }

    /** The same as the one element of a list; what is no JSON as it is. */
    public byte[] inAList() {
        return json == null ? body() : ("[" + json + "]").getBytes(UTF_8);
    }

    public String contentType() {
        return this == SERIALISED_BY_JAVA ? "application/x-java-serialized-object" : "application/json";
    }

    public @Nullable String contentEncoding() {
        return this == IS_A_BOMB ? "gzip" : null;
    }

    private static byte[] serialised() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new Trap());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Half a gigabyte of blanks, packed into half a megabyte. */
    private static byte[] bomb() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] blanks = " ".repeat(1 << 20).getBytes(UTF_8);
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < 512; i++) {
                out.write(blanks);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
