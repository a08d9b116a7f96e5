package chat.parley.conversation.live;

import jakarta.websocket.server.ServerContainer;
import org.apache.tomcat.util.net.SocketProcessorBase;
import org.apache.tomcat.websocket.BackgroundProcess;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.server.standard.ServletServerContainerFactoryBean;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LiveProperties.class)
class LiveConfiguration {
    /** In characters; longer frames come in parts. Each socket has one such buffer from its handshake on. */
    private static final int TEXT_BUFFER = 256;
    /** In bytes; nothing binary is read. */
    private static final int BINARY_BUFFER = 128;

    /**
     * In bytes, of each of the three buffers that a WebSocket has from its handshake on: to read, to encode, to mask.
     * With the usual 8 KiB they and those of its connection were four fifths of all that an idle socket holds. A long
     * text is written by Tomcat piece by piece, each from within the end of the one before, so that pieces can't be
     * tiny.
     */
    private static final int MESSAGE_BUFFER = 4096;
    /** In bytes, of the two that each connection has; what is longer goes in pieces. */
    private static final int CONNECTION_BUFFER = 1024;

    /**
     * How many calls, handshakes and frames are worked on at once: they take some 100 MB of the heap at most. Far more
     * than a processor needs, because each may wait for a store that hangs, until its time is over.
     */
    private static final int AT_ONCE = 1000;

    /** Small buffers: there are thousands of idle sockets. And they may all come at once. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> manySockets() {
        return factory -> {
            // Tomcat reads it once, when it starts to serve WebSockets.
            System.setProperty("org.apache.tomcat.websocket.DEFAULT_BUFFER_SIZE", Integer.toString(MESSAGE_BUFFER));
            factory.addConnectorCustomizers(connector -> {
                connector.setProperty("socket.appReadBufSize", Integer.toString(CONNECTION_BUFFER));
                connector.setProperty("socket.appWriteBufSize", Integer.toString(CONNECTION_BUFFER));
                // A socket refers to what has read its handshake, some 40 KB, until that reads another one. Tomcat
                // throws away those beyond this number: after a storm each such socket would hold one of its own.
                connector.setProperty("processorCache", Integer.toString(AT_ONCE));
                connector
                        .getProtocolHandler()
                        .setExecutor(new ConnectionThreads(AT_ONCE, SocketProcessorBase.class::isInstance));
            });
        };
    }

    /** Those in which messages are put together. */
    @Bean
    ServletServerContainerFactoryBean webSocketContainer() {
        ServletServerContainerFactoryBean container = new ServletServerContainerFactoryBean();
        container.setMaxTextMessageBufferSize(TEXT_BUFFER);
        container.setMaxBinaryMessageBufferSize(BINARY_BUFFER);
        return container;
    }

    /** Tomcat looks every 10 s by default for sockets whose time to answer a close frame is over. */
    @Bean
    SmartInitializingSingleton promptCloses(ServerContainer container) {
        return () -> {
            if (container instanceof BackgroundProcess process) {
                process.setProcessPeriod(1);
            }
        };
    }
}
