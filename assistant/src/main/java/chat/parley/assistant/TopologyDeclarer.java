package chat.parley.assistant;

import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.rabbit.connection.Connection;

/** Declares what both services rely on, at each new connection: a broker may come back without it. */
record TopologyDeclarer(AmqpAdmin admin) implements BrokerLink.User {
    @Override
    public void connected(Connection connection) {
        admin.initialize();
    }

    @Override
    public void disconnected() {}
}
