package chat.parley.standalone;

import java.time.Duration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves the page from its jar, with the headers that nginx gives it elsewhere. */
@Configuration(value = "standalonePage", proxyBeanMethods = false)
class PageConfiguration implements WebMvcConfigurer {
    private static final String PAGE = "classpath:/META-INF/resources/";

    @Bean
    static FilterRegistrationBean<PageHeadersFilter> standalonePageHeaders() {
        FilterRegistrationBean<PageHeadersFilter> registration = new FilterRegistrationBean<>(new PageHeadersFilter());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    /**
     * A fingerprinted asset never changes; anything else of the page is asked for again. Files in a jar that is built
     * reproducibly all have the same date, whatever is in them, so none is told.
     */
    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/assets/**")
                .addResourceLocations(PAGE + "assets/")
                .setUseLastModified(false)
                .setCacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable());
        registry.addResourceHandler("/**")
                .addResourceLocations(PAGE)
                .setUseLastModified(false)
                .setCacheControl(CacheControl.noCache());
    }
}
