package chat.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisExecutableTest {
    @TempDir
    private Path store;

    @ParameterizedTest
    @CsvSource({"Linux,amd64", "Linux,aarch64", "Mac OS X,aarch64", "Mac OS X,x86_64"})
    void comesWithParleyFor(String system, String architecture) {
        String resource = RedisExecutable.bundled(system, architecture);

        assertThat(resource).isNotNull();
        assertThat(getClass().getClassLoader().getResource(resource)).isNotNull();
    }

    @Test
    void isUnpackedOnceIntoTheStore() throws Exception {
        RedisExecutable first = RedisExecutable.find(store, null);
        Object unpacked = Files.getLastModifiedTime(first.path());

        assertThat(first.path()).hasParent(store);
        assertThat(RedisExecutable.find(store, null)).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(first.path())).isEqualTo(unpacked);
    }

    @Test
    void isTheOneThatAPersonNamed() throws Exception {
        Path chosen = program("v=8.2.1");

        assertThat(RedisExecutable.find(store, chosen))
                .isEqualTo(new RedisExecutable(chosen, new RedisExecutable.Version(8, 2)));
    }

    @Test
    void isNotOneThatIsTooOld() throws Exception {
        Path chosen = program("v=6.0.16");

        assertThatThrownBy(() -> RedisExecutable.find(store, chosen))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("no redis-server of version 6.2 or newer that runs here as " + chosen)
                .hasMessageContaining("REDIS_SERVER");
    }

    @Test
    void isNotOneThatWouldOverlookTheDataOfANewerOne() throws Exception {
        Files.createDirectory(store.resolve("appendonlydir"));
        Path chosen = program("v=6.2.11");

        assertThatThrownBy(() -> RedisExecutable.find(store, chosen))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("version 7.0 or newer");
    }

    @Test
    void isNotOneThatDoesNotRun() {
        Path chosen = store.resolve("missing");

        assertThatThrownBy(() -> RedisExecutable.find(store, chosen)).isInstanceOf(StartupException.class);
    }

    private Path program(String version) throws Exception {
        Path program = Files.writeString(store.resolve("program"), "#!/bin/sh\necho Redis server " + version + "\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }
}
