package chat.parley.conversation.history;

import io.lettuce.core.ScriptOutputType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.springframework.core.io.ClassPathResource;

/** The Lua scripts under {@code redis/}; those that are about a conversation have {@code common.lua} before them. */
enum Script {
    ACCEPT("accept", ScriptOutputType.MULTI),
    ACCOUNT("account", ScriptOutputType.VALUE, ""),
    APPLY("apply", ScriptOutputType.MULTI, read("deltas") + "\n" + read("common") + "\n"),
    CANCEL("cancel", ScriptOutputType.MULTI),
    CLAIM("claim", ScriptOutputType.INTEGER, ""),
    CONTEXT("context", ScriptOutputType.MULTI),
    DEAD_LETTERS("dead-letters", ScriptOutputType.INTEGER, ""),
    DELETE("delete", ScriptOutputType.MULTI),
    END_SESSIONS("end-sessions", ScriptOutputType.INTEGER, ""),
    IMPORT("import", ScriptOutputType.MULTI),
    KEEP_PROMPT("keep-prompt", ScriptOutputType.INTEGER, ""),
    LEASE("lease", ScriptOutputType.MULTI),
    READ("read", ScriptOutputType.MULTI),
    RECLAIM("reclaim", ScriptOutputType.INTEGER),
    REOFFER("reoffer", ScriptOutputType.INTEGER),
    SETTLE("settle", ScriptOutputType.INTEGER),
    SHARE("share", ScriptOutputType.MULTI),
    SHARED("shared", ScriptOutputType.MULTI),
    SNAPSHOT("snapshot", ScriptOutputType.MULTI),
    TITLE("title", ScriptOutputType.INTEGER),
    TRIM("trim", ScriptOutputType.INTEGER),
    UNSHARE("unshare", ScriptOutputType.INTEGER),
    UPDATE("update", ScriptOutputType.INTEGER);

    private final String text;
    private final String digest;
    private final ScriptOutputType output;

    Script(String file, ScriptOutputType output) {
        this(file, output, read("common") + "\n");
    }

    Script(String file, ScriptOutputType output, String before) {
        this.text = before + read(file);
        this.digest = sha1(text);
        this.output = output;
    }

    String text() {
        return text;
    }

    /** What EVALSHA calls it by. */
    String digest() {
        return digest;
    }

    ScriptOutputType output() {
        return output;
    }

    private static String read(String file) {
        try {
            return new ClassPathResource("redis/" + file + ".lua").getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
