# The front end. Built from the root of the repository:  docker build -f deploy/server.Dockerfile -t conch:0.1.0 .

FROM maven:3.9.16-eclipse-temurin-25-noble AS build
WORKDIR /build
COPY pom.xml ./
COPY proto/pom.xml proto/pom.xml
COPY proto/src/main proto/src/main
COPY server/pom.xml server/pom.xml
COPY server/src/main server/src/main
COPY loadtest/sim/pom.xml loadtest/sim/pom.xml
COPY loadtest/sim/src/main loadtest/sim/src/main
# Modules of the same build that only tests and load use: Maven wants to see them.
COPY loadtest/gatling/pom.xml loadtest/gatling/pom.xml
COPY loadtest/jmh/pom.xml loadtest/jmh/pom.xml
RUN --mount=type=cache,target=/build/.m2 \
    mvn -Dmaven.repo.local=/build/.m2 --batch-mode --no-transfer-progress package \
        --projects server,loadtest/sim --also-make -Dmaven.test.skip=true -Dspotless.check.skip=true
# The runtime and the cache, made by a training run against the simulated Triton; where it will lie, because the cache knows its jars by path.
COPY bin bin
COPY deploy/bin deploy/bin
COPY deploy/training deploy/training
COPY server/src/test/resources/tokenizer/tokenizer.json server/src/test/resources/tokenizer/tokenizer.json
RUN deploy/bin/make-runtime /opt/conch

# The release that the build stage has, so the same C library; nothing of Java is in it.
FROM ubuntu:24.04
# The libraries change less often than the program, the runtime least: layers of their own.
COPY --from=build /opt/conch/runtime /opt/conch/runtime
COPY --from=build /opt/conch/lib /opt/conch/lib
COPY --from=build /opt/conch/conch-server.jar /opt/conch/conch.aot /opt/conch/
COPY --from=build /opt/conch/bin /opt/conch/bin
WORKDIR /opt/conch

# The configuration is mounted there. The tokenizer and Netty unpack native libraries: with a read-only root, /tmp has to be a tmpfs
# that may execute. JAVA_OPTS is handed to the JVM.
ENV CONCH_CONFIG=/etc/conch/conch.yaml \
    DJL_CACHE_DIR=/tmp/djl \
    JAVA_OPTS="-XX:MaxRAMPercentage=75" \
    LANG=C.UTF-8 \
    XDG_CACHE_HOME=/var/cache

# What the server found out about tokenizers outlives it here, if a volume is mounted. And the cache is taken as it lies here, or the build
# fails: without a configuration the server ends with status 78, without its cache (AOTMode=on) the JVM ends before it with 1.
RUN mkdir -p /var/cache/conch && chown 10001:10001 /var/cache/conch \
    && { JAVA_OPTS=-XX:AOTMode=on bin/conch; test $? -eq 78; }
USER 10001:10001
EXPOSE 8080 9090
# Whether the process lives; whether it can do its work is /ready.
HEALTHCHECK --interval=10s --timeout=4s --start-period=30s CMD ["/opt/conch/bin/probe", "/health"]
ENTRYPOINT ["/opt/conch/bin/conch"]
