package chat.parley.stub;

import java.util.Locale;
import java.util.regex.Pattern;

/** What the demo model can talk about, in the order in which it looks for a topic in the question. */
enum DemoTopic {
    SETUP("setup.md", "api.?key|openai|set ?up|configure|install|\\.env|real model|other model|\\bgpt\\b"),
    MARKDOWN("markdown.md", "markdown|format|everything"),
    TABLE("table.md", "table|compare|comparison|spreadsheet"),
    STORY("story.md", "\\blong\\b|story|tale|essay|novel|write me"),
    MATH("math.md", "math|equation|formula|fibonacci|prime|calculate|pythagoras"),
    PYTHON("code-python.md", "python"),
    JAVASCRIPT("code-javascript.md", "javascript|typescript|\\bjs\\b|\\bts\\b|\\bnode\\b|\\bhtml\\b|\\bcss\\b"),
    SHELL("code-shell.md", "\\bbash\\b|shell|\\bsh\\b|command line|\\bdocker\\b"),
    SQL("code-sql.md", "\\bsql\\b|database|postgres|mysql|query"),
    CODE("code-java.md", "\\bcode\\b|\\bjava\\b|program|function|algorithm|\\bcoding\\b"),
    GREETING(
            "greeting.md",
            "^\\W*(hi|hello|hey|hallo|moin|good (morning|evening|day))\\b|who are you|what are you|help"),
    OTHER("other.md", "");

    private final String file;
    private final Pattern words;

    DemoTopic(String file, String words) {
        this.file = file;
        this.words = Pattern.compile(words);
    }

    static DemoTopic of(String question) {
        String lower = question.toLowerCase(Locale.ROOT);
        for (DemoTopic topic : values()) {
            if (topic.words.matcher(lower).find()) {
                return topic;
            }
        }
        return OTHER;
    }

    String file() {
        return file;
    }
}
