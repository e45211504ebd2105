# The front end. Built from the root of the repository:  docker build -f deploy/server.Dockerfile -t conch:0.1.0 .

FROM maven:3.9.16-eclipse-temurin-25-noble AS build
WORKDIR /build
COPY pom.xml ./
COPY proto/pom.xml proto/pom.xml
COPY proto/src/main proto/src/main
COPY server/pom.xml server/pom.xml
COPY server/src/main server/src/main
# Modules of the same build that only tests and load use: Maven wants to see them.
COPY loadtest/gatling/pom.xml loadtest/gatling/pom.xml
COPY loadtest/jmh/pom.xml loadtest/jmh/pom.xml
COPY loadtest/sim/pom.xml loadtest/sim/pom.xml
COPY loadtest/sim/src/main loadtest/sim/src/main
RUN --mount=type=cache,target=/build/.m2 \
    mvn -Dmaven.repo.local=/build/.m2 --batch-mode --no-transfer-progress package \
        --projects server --also-make -Dmaven.test.skip=true -Dspotless.check.skip=true

FROM eclipse-temurin:25.0.3_9-jre-noble
WORKDIR /opt/conch
# The libraries change less often than the program: a layer of their own.
COPY --from=build /build/server/target/lib lib
COPY --from=build /build/server/target/conch-server.jar ./

# The configuration is mounted there. The tokenizer and Netty unpack native libraries: with a read-only root, /tmp has to be a tmpfs
# that may execute. JAVA_OPTS is handed to the JVM, as by bin/conch.
ENV CONCH_CONFIG=/etc/conch/conch.yaml \
    DJL_CACHE_DIR=/tmp/djl \
    XDG_CACHE_HOME=/var/cache \
    JAVA_OPTS="-XX:MaxRAMPercentage=75"

# What the server found out about tokenizers outlives it here, if a volume is mounted.
RUN mkdir -p /var/cache/conch && chown 10001:10001 /var/cache/conch
USER 10001:10001
EXPOSE 8080
# Whether the process lives; whether it can do its work is /ready. Bash alone: the image promises no HTTP client.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${CONCH_PORT:-8080} && printf 'GET /health HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && IFS= read -r status <&3 && [[ $status == *' 200 '* ]]"]
# The flags of bin/conch; a test compares them. The shell makes words of JAVA_OPTS and is gone then: signals reach the JVM.
ENTRYPOINT ["sh", "-c", "exec java -XX:+UseTransparentHugePages --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseCompactObjectHeaders -XX:+ExitOnOutOfMemoryError ${JAVA_OPTS:-} -jar /opt/conch/conch-server.jar \"$@\"", "conch"]
