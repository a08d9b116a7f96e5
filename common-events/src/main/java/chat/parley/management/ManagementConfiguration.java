package chat.parley.management;

import jakarta.servlet.Filter;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Of the server that has the management port, and of no other: Spring Boot finds it by a file of META-INF. */
@ManagementContextConfiguration(proxyBeanMethods = false)
@EnableConfigurationProperties(OperatorProperties.class)
class ManagementConfiguration {
    @Bean
    Filter operatorFilter(OperatorProperties operator) {
        return new OperatorFilter(operator);
    }
}
