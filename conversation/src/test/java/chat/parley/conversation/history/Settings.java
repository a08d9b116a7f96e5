package chat.parley.conversation.history;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Settings as Spring binds them. */
final class Settings {
    private Settings() {}

    /** Takes pairs of a name under {@code parley.history} and a value; what is not named has its default. */
    static HistoryProperties of(String... pairs) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        for (int i = 0; i < pairs.length; i += 2) {
            source.put("parley.history." + pairs[i], pairs[i + 1]);
        }
        return new Binder(source).bindOrCreate("parley.history", HistoryProperties.class);
    }
}
