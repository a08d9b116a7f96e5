package chat.parley.e2e;

import java.time.Duration;

/**
 * How long it took from a fault, or from its end, to visible progress.
 *
 * @param what such as "kill -9 of RabbitMQ, to progress"
 */
public record Recovery(String what, Duration time) {}
