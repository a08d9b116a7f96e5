# Every image of Parley. One stage builds everything from source; the targets take their part of it:
#   docker build --target conversation .      also: assistant, openai-stub, page
ARG NODE_IMAGE=node:22-slim
ARG MAVEN_IMAGE=maven:3-eclipse-temurin-25
ARG JRE_IMAGE=eclipse-temurin:25-jre
ARG BASE_IMAGE=debian:trixie-slim
ARG NGINX_IMAGE=nginx:1.29
ARG REDIS_IMAGE=redis:8

# Built on the builder's own platform: what comes out is the same for each.
FROM --platform=${BUILDPLATFORM} ${MAVEN_IMAGE} AS maven
FROM --platform=${BUILDPLATFORM} ${NODE_IMAGE} AS build
COPY --from=maven /opt/java/openjdk /opt/java/openjdk
COPY --from=maven /usr/share/maven /usr/share/maven
ENV JAVA_HOME=/opt/java/openjdk PATH=/opt/java/openjdk/bin:/usr/share/maven/bin:${PATH} NPM_CONFIG_UPDATE_NOTIFIER=false
WORKDIR /src
COPY chatui/package.json chatui/package-lock.json chatui/.npmrc chatui/
RUN --mount=type=cache,target=/root/.npm npm --prefix chatui ci
COPY chatui chatui
# Compressed once here, and not with each answer.
RUN npm --prefix chatui run build \
 && find chatui/dist -type f -size +1k '(' -name '*.js' -o -name '*.css' -o -name '*.html' -o -name '*.svg' -o -name '*.json' ')' -exec gzip -9 -k -n '{}' +
COPY . .
# Checks and tests are script/test's.
RUN --mount=type=cache,target=/root/.m2,sharing=locked \
    mvn -B -ntp -q -Psbom -pl conversation,assistant,testing/openai-stub -am -Dmaven.test.skip -Dspotless.check.skip package \
 && for service in conversation assistant; do \
      java -Djarmode=tools -jar "$service/target/$service.jar" extract --layers --destination "/out/$service"; \
    done

# The JRE on a bare Debian: its own image has tools that no service calls, and with the model's library it would be too large.
FROM ${JRE_IMAGE} AS jre
FROM ${BASE_IMAGE} AS service
COPY --from=jre /opt/java/openjdk /opt/java/openjdk
ENV JAVA_HOME=/opt/java/openjdk PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
WORKDIR /opt/parley
COPY deploy/jvm.options ./
USER 10001:10001

# Each service is started once here, watched by the JVM: with the cache that this makes (JEP 514) later starts take half of
# the processor time. It is good for these very files, options and JRE only. The heap's size is fixed meanwhile, since the
# builder's memory would decide how objects are addressed; and Conversation does not start without a store.
FROM ${REDIS_IMAGE} AS training
COPY --from=jre /opt/java/openjdk /opt/java/openjdk
ENV JAVA_HOME=/opt/java/openjdk PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
WORKDIR /opt/parley
COPY deploy/jvm.options ./

FROM training AS conversation-training
COPY --from=build /out/conversation/dependencies /out/conversation/snapshot-dependencies /out/conversation/application ./
RUN redis-server --daemonize yes --save "" --bind 127.0.0.1 \
 && java @jvm.options -Xmx512m -XX:AOTCacheOutput=conversation.aot -Dspring.context.exit=onRefresh -jar conversation.jar

FROM training AS assistant-training
COPY --from=build /out/assistant/dependencies /out/assistant/snapshot-dependencies /out/assistant/application ./
RUN java @jvm.options -Xmx512m -XX:AOTCacheOutput=assistant.aot -Dspring.context.exit=onRefresh -jar assistant.jar

FROM service AS conversation
COPY --from=build /out/conversation/dependencies ./
COPY --from=build /out/conversation/snapshot-dependencies ./
COPY --from=build /out/conversation/application ./
COPY --from=conversation-training /opt/parley/conversation.aot ./
EXPOSE 8080 9081
ENTRYPOINT ["java", "@jvm.options", "-XX:AOTCache=conversation.aot", "-jar", "conversation.jar"]

FROM service AS assistant
COPY --from=build /out/assistant/dependencies ./
COPY --from=build /out/assistant/snapshot-dependencies ./
COPY --from=build /out/assistant/application ./
COPY --from=assistant-training /opt/parley/assistant.aot ./
EXPOSE 9082
ENTRYPOINT ["java", "@jvm.options", "-XX:AOTCache=assistant.aot", "-jar", "assistant.jar"]

FROM service AS openai-stub
COPY --from=build /src/testing/openai-stub/target/openai-stub.jar ./
ENV STUB_HOST=0.0.0.0
EXPOSE 9090
ENTRYPOINT ["java", "@jvm.options", "-jar", "openai-stub.jar"]

# nginx with what it needs to run, and with the few words of shell that nginx/render is made of: nothing to install with,
# and a tenth of the image that it comes from.
FROM ${NGINX_IMAGE} AS nginx
RUN set -e; mkdir -p /out/tmp /out/usr/bin; chmod 1777 /out/tmp; ln -s usr/bin /out/bin; \
    for program in nginx sh bash awk sed tr cat dirname mkdir id; do \
      found=$(command -v "$program"); real=$(readlink -f "$found"); \
      mkdir -p "/out$(dirname "$found")"; cp "$real" "/out$found"; \
      ldd "$real" | grep -o '/[^ ]*' | while read -r library; do mkdir -p "/out$(dirname "$library")"; cp -L "$library" "/out$library"; done; \
    done; \
    mkdir -p /out/etc; printf 'nginx:x:101:101::/nonexistent:/bin/false\n' >/out/etc/passwd; printf 'nginx:x:101:\n' >/out/etc/group

FROM scratch AS page
COPY --from=nginx /out /
COPY nginx/nginx.conf.template nginx/render nginx/start /opt/parley/nginx/
COPY --from=build /src/chatui/dist /srv/page
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
USER 101:101
EXPOSE 8080 8443
STOPSIGNAL SIGQUIT
ENTRYPOINT ["/opt/parley/nginx/start"]
