package chat.parley.conversation.search;

import com.fasterxml.jackson.annotation.JsonFormat;

/**
 * A part of a text that was looked for.
 *
 * @param from its first UTF-16 unit
 * @param to the unit after its last
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
public record Mark(int from, int to) {}
