package chat.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    private Path temporary;

    @Test
    void isMadeForItsOwnerOnly() throws Exception {
        try (DataDirectory data = DataDirectory.open(temporary.resolve("a/b"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.path())))
                    .isEqualTo("rwx------");
            assertThat(data.folder("redis")).isDirectory();
        }
    }

    @Test
    void servesOneServerAtATimeAndSaysWhichOne() {
        try (DataDirectory first = DataDirectory.open(temporary)) {
            assertThatThrownBy(() -> DataDirectory.open(first.path()))
                    .isInstanceOf(StartupException.class)
                    .hasMessage("The data in " + temporary + " is in use by another Parley server (process "
                            + ProcessHandle.current().pid()
                            + "). Stop that one first, or name another folder with DATA_DIR.");
        }
        DataDirectory.open(temporary).close();
    }

    @Test
    void saysWhyAFolderCantBeUsed() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));

        assertThatThrownBy(() -> DataDirectory.open(file))
                .isInstanceOf(StartupException.class)
                .hasMessageStartingWith("The data folder " + file + " can't be used");
    }
}
