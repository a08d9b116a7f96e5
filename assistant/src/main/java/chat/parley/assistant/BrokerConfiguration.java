package chat.parley.assistant;

import chat.parley.events.EventJson;
import chat.parley.events.Id;
import chat.parley.events.SoleSocket;
import chat.parley.events.Topology;
import com.rabbitmq.client.ConnectionFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
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
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/**
 * The connections to RabbitMQ: one to publish, which the broker may block, and one to consume, which must go on then.
 */
@Configuration(proxyBeanMethods = false)
class BrokerConfiguration {
    /** Beside one message under way per partition: hints. */
    private static final int MORE_CHANNELS = 8;

    @Bean
    EventJson eventJson() {
        return new EventJson();
    }

    /** The name of this process, as long as it lives. */
    @Bean
    Id worker() {
        return Id.random();
    }

    @Bean
    @Primary
    CachingConnectionFactory publishing(
            RabbitConnectionFactoryBeanConfigurer server,
            CachingConnectionFactoryConfigurer caching,
            SslBundles bundles,
            @Qualifier("modelThreads") ExecutorService threads)
            throws Exception {
        CachingConnectionFactory factory = factory("publish", server, caching, bundles);
        // Its own threads would end before its connection does, and a confirm that comes in between be an error in the
        // log.
        factory.setExecutor(threads);
        factory.setPublisherConfirmType(ConfirmType.CORRELATED);
        factory.setPublisherReturns(true);
        factory.setChannelCacheSize(Topology.SHARDS + MORE_CHANNELS);
        return factory;
    }

    @Bean
    CachingConnectionFactory consuming(
            RabbitConnectionFactoryBeanConfigurer server,
            CachingConnectionFactoryConfigurer caching,
            SslBundles bundles,
            AssistantProperties properties)
            throws Exception {
        CachingConnectionFactory factory = factory("consume", server, caching, bundles);
        factory.setChannelCacheSize(properties.concurrency() + MORE_CHANNELS);
        return factory;
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
        factory.setConnectionNameStrategy(_ -> "assistant-" + name);
        return factory;
    }

    @Bean
    RabbitTemplate replies(CachingConnectionFactory publishing) {
        RabbitTemplate template = new RabbitTemplate(publishing);
        template.setMandatory(true);
        return template;
    }

    /** For what may be lost. */
    @Bean
    RabbitTemplate hints(CachingConnectionFactory publishing) {
        return new RabbitTemplate(publishing);
    }

    @Bean
    ReplySender replySender(RabbitTemplate replies, @Qualifier("modelThreads") Executor threads) {
        return new BrokerSender(replies, threads);
    }

    /** Declares when {@link BrokerLink} has a connection, not by itself: a failure has to be seen and repeated. */
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

    @Bean
    BrokerLink brokerLink(
            @Qualifier("consuming") CachingConnectionFactory consuming,
            CachingConnectionFactory publishing,
            AmqpAdmin topology,
            ControlListener control,
            RequestIntake intake,
            Announcer announcer,
            AssistantProperties properties) {
        BrokerLink link = new BrokerLink(consuming, publishing, properties.reconnect());
        if (properties.declare()) {
            link.use(new TopologyDeclarer(topology));
        }
        link.use(control);
        link.use(intake);
        link.use(announcer);
        return link;
    }

    @Bean
    HealthIndicator broker(BrokerLink link) {
        return () -> (link.isUp() ? Health.up() : Health.down()).build();
    }
}
