package chat.parley.standalone;

import org.springframework.amqp.core.DeclarableCustomizer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

/**
 * The one bean that a service gets because its broker is the embedded one. This class has a name of its own in the
 * context, because the services know nothing of it and may use any.
 */
@Configuration(value = "standaloneQpid", proxyBeanMethods = false)
class QpidConfiguration {
    @Bean
    static DeclarableCustomizer qpidQueueArguments(@Value("${parley.standalone.queue-size}") DataSize queueSize) {
        return new QpidQueueArguments(queueSize.toBytes());
    }
}
