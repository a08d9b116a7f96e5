package chat.parley.conversation.live;

import jakarta.websocket.server.ServerContainer;
import org.apache.tomcat.websocket.BackgroundProcess;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.server.standard.ServletServerContainerFactoryBean;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LiveProperties.class)
class LiveConfiguration {
    /** In characters; longer frames come in parts. Each socket has one such buffer from its handshake on. */
    private static final int TEXT_BUFFER = 1024;
    /** In bytes; nothing binary is read. */
    private static final int BINARY_BUFFER = 128;

    /** Small buffers: there are thousands of idle sockets. */
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
