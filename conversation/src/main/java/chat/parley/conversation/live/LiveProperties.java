package chat.parley.conversation.live;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Limits and time-outs of the sockets.
 *
 * @param frameBytes longest frame taken from a client
 * @param messageChars longest message taken from a client, in UTF-16 units; three bytes each fit into a frame
 * @param framesPerSecond that a client may send for long
 * @param frameBurst that a client may send at once
 * @param socketsPerUser most sockets of one user at one replica
 * @param subscriptionsPerSocket most conversations that one socket looks at
 * @param waitingAnswers most frames that wait for a socket beside the events, which wait in the log
 * @param waitingChars most text in them, in UTF-16 units; a single one may be longer
 * @param bufferChars how much of each conversation's newest events is kept ready for all its sockets, in UTF-16 units
 * @param mergeChars longest text of merged deltas, in UTF-16 units
 * @param pageEntries most entries of a log read at once
 * @param pingEvery how often a socket gets a ping
 * @param silence after which a socket is closed: no pong, no frame
 * @param writeTimeout how long a socket may take for one frame
 * @param closeTimeout how long a socket may take for its close frame, and how long for the answer to it
 * @param checkOpen how often a position is compared with the store while a reply is open
 * @param checkIdle how often otherwise
 * @param tick how often all of these are looked at, and at most how often the assistant's status is sent
 */
@Validated
@ConfigurationProperties("parley.live")
record LiveProperties(
        @DefaultValue("65536") @Min(1024) int frameBytes,
        @DefaultValue("16000") @Min(1) int messageChars,
        @DefaultValue("50") @Min(1) int framesPerSecond,
        @DefaultValue("200") @Min(1) int frameBurst,
        @DefaultValue("50") @Min(1) int socketsPerUser,
        @DefaultValue("200") @Min(1) int subscriptionsPerSocket,
        @DefaultValue("256") @Min(1) int waitingAnswers,
        @DefaultValue("16777216") @Min(1) int waitingChars,
        @DefaultValue("65536") @Min(0) int bufferChars,
        @DefaultValue("16384") @Min(1) int mergeChars,
        @DefaultValue("64") @Min(1) @Max(1000) int pageEntries,
        @DefaultValue("15s") Duration pingEvery,
        @DefaultValue("40s") Duration silence,
        @DefaultValue("20s") Duration writeTimeout,
        @DefaultValue("2s") Duration closeTimeout,
        @DefaultValue("5s") Duration checkOpen,
        @DefaultValue("60s") Duration checkIdle,
        @DefaultValue("1s") Duration tick) {}
