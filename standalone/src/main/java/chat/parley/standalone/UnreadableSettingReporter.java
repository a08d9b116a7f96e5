package chat.parley.standalone;

import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Keeps Spring Boot's own report back where one sentence says all of it; whoever started the context says that one. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnreadableSettingReporter implements SpringBootExceptionReporter {
    /** As Spring Boot calls it. */
    UnreadableSettingReporter(ConfigurableApplicationContext context) {}

    @Override
    public boolean reportException(Throwable failure) {
        return UnreadableSetting.sentence(failure).isPresent();
    }
}
