package chat.parley.conversation.search;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of the indexes that searches use.
 *
 * @param memory what the indexes of all users may take together; the one that was used least recently goes first. One
 *     in use stays, whatever it takes
 * @param textPerUser about how much text of a user is looked through, in UTF-16 units: pinned conversations and the
 *     newest. One index takes no more than a quarter of the memory of all, either
 * @param idle an index that nobody has used for so long is dropped
 * @param atOnce searches that one process works on at once, of each user one; others wait
 * @param patience how long a search waits for its turn and its result before it is told to come again
 * @param waiting searches of all users that may wait while so many are worked on; more are told to come again at once
 * @param words most words of a search that may be parts of longer ones; more are not looked at
 */
@Validated
@ConfigurationProperties("parley.search")
record SearchProperties(
        @DefaultValue("48MB") DataSize memory,
        @DefaultValue("12000000") @Min(1) int textPerUser,
        @DefaultValue("10m") Duration idle,
        @DefaultValue("2") @Min(1) int atOnce,
        @DefaultValue("12s") Duration patience,
        @DefaultValue("50") @Min(1) int waiting,
        @DefaultValue("12") @Min(1) int words) {}
