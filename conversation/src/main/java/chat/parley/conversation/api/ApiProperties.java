package chat.parley.conversation.api;

import chat.parley.conversation.history.ErrorCode;
import chat.parley.conversation.history.RefusedException;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of the HTTP calls.
 *
 * @param bodySize longest body
 * @param importSize longest file to import, in bytes ({@code IMPORT_BYTES}); nginx has the same limit
 * @param pageSize items of a page if the caller does not say
 * @param maxPageSize most items of a page; who asks for more gets these
 * @param titleChars longest title, in UTF-16 units
 * @param systemPromptChars longest system prompt, in UTF-16 units
 * @param promptChars longest saved prompt, in UTF-16 units
 * @param prompts most saved prompts of one user
 * @param searchChars longest text to search for, in UTF-16 units
 * @param searchHits most hits of a search
 */
@Validated
@ConfigurationProperties("parley.api")
public record ApiProperties(
        @DefaultValue("64KB") DataSize bodySize,
        @DefaultValue("52428800") DataSize importSize,
        @DefaultValue("50") @Min(1) int pageSize,
        @DefaultValue("200") @Min(1) int maxPageSize,
        @DefaultValue("200") @Min(1) int titleChars,
        @DefaultValue("16000") @Min(0) int systemPromptChars,
        @DefaultValue("16000") @Min(1) int promptChars,
        @DefaultValue("100") @Min(0) int prompts,
        @DefaultValue("200") @Min(1) int searchChars,
        @DefaultValue("50") @Min(1) int searchHits) {

    /**
     * How many items a page has.
     *
     * @param asked absent if the caller does not say
     * @throws RefusedException BAD_REQUEST if he wants none
     */
    int items(@Nullable Integer asked) {
        if (asked == null) {
            return pageSize;
        }
        if (asked < 1) {
            throw new RefusedException(ErrorCode.BAD_REQUEST, "A page has at least one item.");
        }
        return Math.min(asked, maxPageSize);
    }
}
