package chat.parley.standalone;

import java.net.URL;
import java.util.List;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * One of the services, as it is, in a context of its own.
 *
 * @param application its main class; the {@code application.yml} beside it is the one that it reads, though all
 *     services' are on the class path
 * @param web whether it serves a port here
 * @param additions what only this way of running needs
 */
record Service(Class<?> application, WebApplicationType web, List<Class<?>> additions) {
    /** Starts it; the properties win over every other source, so that it can't be led elsewhere by the environment. */
    ConfigurableApplicationContext start(Map<String, String> properties) {
        return new SpringApplicationBuilder(application)
                .sources(additions.toArray(Class<?>[]::new))
                .web(web)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                // Stopped in order by the one hook of this process.
                .registerShutdownHook(false)
                .properties("spring.config.location=" + configuration())
                .run(properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new));
    }

    private String configuration() {
        URL code = application.getProtectionDomain().getCodeSource().getLocation();
        return code.getPath().endsWith("/") ? code + "application.yml" : "jar:" + code + "!/application.yml";
    }
}
