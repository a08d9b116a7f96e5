package chat.parley.conversation.live;

import java.time.Duration;

/** A token bucket for one socket's frames. Not safe for several threads. */
final class FrameRate {
    private static final double NANOS = 1e9;

    private final int perSecond;
    private final int burst;
    private double tokens;
    private long at;

    FrameRate(int perSecond, int burst, long now) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.tokens = burst;
        this.at = now;
    }

    /** Takes one frame: zero if it may pass, else how long until one may. */
    Duration take(long now) {
        tokens = Math.min(burst, tokens + (now - at) / NANOS * perSecond);
        at = now;
        if (tokens >= 1) {
            tokens--;
            return Duration.ZERO;
        }
        return Duration.ofMillis((long) Math.ceil((1 - tokens) * 1000 / perSecond));
    }
}
