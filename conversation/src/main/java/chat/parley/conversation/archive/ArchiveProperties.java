package chat.parley.conversation.archive;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of what is read from a file, and of archives that are written.
 *
 * @param importsAtOnce files that one process reads at once, of each user one; others are told to come again
 * @param importPatience how long is waited for the bytes of a file in all, besides the time that its rate allows
 * @param importRate bytes of a file that have to come in a second of waiting for them; 0 for any
 * @param exportsAtOnce archives of all that is kept of a user that one process writes at once, of each user one; others
 *     are told to come again
 * @param conversationSize most bytes of the messages of one conversation, as they are kept; a larger one is left out.
 *     In a file it may have four times as much around them
 * @param conversationMessages most messages of one conversation; a longer one is left out
 * @param depth most levels of objects and lists within each other
 * @param entries most files in an archive
 * @param unpackedSize most bytes of all files of an archive, unpacked; what comes after is not read
 * @param notes most different things that the answer tells of a file
 */
@Validated
@ConfigurationProperties("parley.archive")
record ArchiveProperties(
        @DefaultValue("2") @Min(1) int importsAtOnce,
        @DefaultValue("30s") Duration importPatience,
        @DefaultValue("50KB") DataSize importRate,
        @DefaultValue("4") @Min(1) int exportsAtOnce,
        @DefaultValue("4MB") DataSize conversationSize,
        @DefaultValue("10000") @Min(1) int conversationMessages,
        @DefaultValue("100") @Min(10) @Max(500) int depth,
        @DefaultValue("50000") @Min(1) int entries,
        @DefaultValue("500MB") DataSize unpackedSize,
        @DefaultValue("200") @Min(1) int notes) {}
