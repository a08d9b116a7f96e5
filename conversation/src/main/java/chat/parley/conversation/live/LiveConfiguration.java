package chat.parley.conversation.live;

import jakarta.websocket.server.ServerContainer;
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
     * In bytes. Five such buffers belong to each socket from its handshake on, and 8 KiB each, as is usual, are 40 KiB:
     * four fifths of all that an idle socket holds. What is longer goes in pieces, which takes no longer.
     */
    private static final int BYTE_BUFFER = 1024;

    /** How many calls, handshakes and frames are worked on at once: what is in the heap of them stays below 50 MB. */
    private static final int AT_ONCE = 500;

    /** Small buffers: there are thousands of idle sockets. And they may all come at once. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> manySockets() {
        return factory -> {
            // Of a WebSocket: one to read, one to encode text, one to mask. Read once, when the server starts.
            System.setProperty("org.apache.tomcat.websocket.DEFAULT_BUFFER_SIZE", Integer.toString(BYTE_BUFFER));
            // Of any connection; those of HTTP calls are used again.
            factory.addConnectorCustomizers(connector -> {
                connector.setProperty("socket.appReadBufSize", Integer.toString(BYTE_BUFFER));
                connector.setProperty("socket.appWriteBufSize", Integer.toString(BYTE_BUFFER));
                connector.getProtocolHandler().setExecutor(new ConnectionThreads(AT_ONCE));
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
