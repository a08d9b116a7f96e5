package chat.parley.conversation.reply;

import chat.parley.events.EventJson;
import chat.parley.events.SoleSocket;
import chat.parley.events.Topology;
import com.rabbitmq.client.ConnectionFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.Binding.DestinationType;
import org.springframework.amqp.core.Declarable;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.DirectExchange;
import org.springframework.amqp.core.FanoutExchange;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.CacheMode;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.connection.RabbitConnectionFactoryBean;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.amqp.autoconfigure.CachingConnectionFactoryConfigurer;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionFactoryBeanConfigurer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/**
 * The connections to RabbitMQ: one to publish, which the broker may block, and one to consume, which must go on then.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ReplyProperties.class)
class BrokerConfiguration {
    @Bean
    EventJson eventJson() {
        return new EventJson();
    }

    @Bean
    @Primary
    CachingConnectionFactory publishing(
            RabbitConnectionFactoryBeanConfigurer server,
            CachingConnectionFactoryConfigurer caching,
            SslBundles bundles,
            ReplyProperties properties)
            throws Exception {
        CachingConnectionFactory factory = factory("publish", server, caching, bundles);
        factory.setPublisherConfirmType(ConfirmType.CORRELATED);
        factory.setPublisherReturns(true);
        // A channel waits for its confirms at most this long, then it is closed and all that it published is unknown.
        factory.setCloseTimeout((int) properties.confirmTimeout().toMillis());
        factory.setChannelCacheSize(2 * properties.maxPublishes());
        return factory;
    }

    @Bean
    CachingConnectionFactory consuming(
            RabbitConnectionFactoryBeanConfigurer server,
            CachingConnectionFactoryConfigurer caching,
            SslBundles bundles)
            throws Exception {
        return factory("consume", server, caching, bundles);
    }

    private static CachingConnectionFactory factory(
            String name,
            RabbitConnectionFactoryBeanConfigurer server,
            CachingConnectionFactoryConfigurer caching,
            SslBundles bundles)
            throws Exception {
        RabbitConnectionFactoryBean bean = new RabbitConnectionFactoryBean();
        server.configure(bean);
        bean.afterPropertiesSet();
        ConnectionFactory client = bean.getRabbitConnectionFactory();
        if (client.isSSL()) {
            // Spring Boot hands a bundle to none but a bean of its own; this one would trust whom Java trusts.
            client.useSslProtocol(bundles.getBundle("rabbitmq").createSslContext());
            // Whatever Spring's own settings say.
            client.enableHostnameVerification();
        }
        client.setSocketConfigurator(client.getSocketConfigurator().andThen(new SoleSocket()::take));
        CachingConnectionFactory factory = new CachingConnectionFactory(client);
        caching.configure(factory);
        factory.setCacheMode(CacheMode.CHANNEL); // one connection at a time, as SoleSocket wants it
        factory.setConnectionNameStrategy(_ -> "conversation-" + name);
        return factory;
    }

    @Bean
    RabbitTemplate rabbitTemplate(CachingConnectionFactory publishing) {
        RabbitTemplate template = new RabbitTemplate(publishing);
        template.setMandatory(true);
        return template;
    }

    /** Declares when {@link Broker} asks it to, not by itself: a failure has to be seen and repeated. */
    @Bean
    AmqpAdmin topologyAdmin(@Qualifier("consuming") CachingConnectionFactory consuming) {
        RabbitAdmin admin = new RabbitAdmin(consuming);
        admin.setAutoStartup(false);
        return admin;
    }

    @Bean
    Declarables topology() {
        List<Declarable> declarables = new ArrayList<>();
        for (Topology.Exchange exchange : Topology.exchanges()) {
            declarables.add(
                    exchange.type().equals("fanout")
                            ? new FanoutExchange(exchange.name())
                            : new DirectExchange(exchange.name()));
        }
        for (Topology.Queue queue : Topology.queues()) {
            declarables.add(new Queue(
                    queue.name(), true, false, false, new HashMap<String, @Nullable Object>(queue.arguments())));
        }
        for (Topology.Binding binding : Topology.bindings()) {
            declarables.add(new Binding(
                    binding.queue(), DestinationType.QUEUE, binding.exchange(), binding.routingKey(), null));
        }
        return new Declarables(declarables);
    }
}
