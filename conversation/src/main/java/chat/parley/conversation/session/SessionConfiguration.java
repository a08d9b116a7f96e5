package chat.parley.conversation.session;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Puts the session before every call, and into those that ask for it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({SessionProperties.class, OpenIdProperties.class})
class SessionConfiguration implements WebMvcConfigurer {
    SessionConfiguration(SessionProperties sessions, OpenIdProperties provider) {
        if (!sessions.guests() && !provider.isSet()) {
            throw new IllegalArgumentException("OIDC_ISSUER is missing: with GUESTS=false people have to sign in");
        }
    }

    @Bean
    FilterRegistrationBean<SessionFilter> sessionFilter(
            Sessions sessions,
            Origins origins,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver errors) {
        var registration = new FilterRegistrationBean<>(new SessionFilter(sessions, origins, errors));
        registration.addUrlPatterns("/api/*");
        registration.setOrder(Ordered.LOWEST_PRECEDENCE - 10);
        return registration;
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new SessionResolver());
    }

    /** Gives a call its session; one that came around the filter gets none. */
    private static final class SessionResolver implements HandlerMethodArgumentResolver {
        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Session.class;
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders) {
            Object session = request.getAttribute(SessionFilter.SESSION, RequestAttributes.SCOPE_REQUEST);
            if (session == null) {
                throw Sessions.unauthorized();
            }
            return session;
        }
    }
}
