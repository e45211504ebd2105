package dev.conch;

import static dev.conch.engine.ScriptedEngine.end;
import static dev.conch.engine.ScriptedEngine.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine;
import io.micronaut.web.router.Router;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When keys are asked for, every door but the two probes is shut, however its name is written. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoutesTest {
    private static final Set<String> PROBES = Set.of("/health", "/ready");
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND");

    private final ScriptedEngine engine = new ScriptedEngine(say(300), end(End.STOP));

    private RunningHouse house;

    @SuppressWarnings("NullAway.Init")
    RoutesTest() {}

    @BeforeAll
    void open(@TempDir Path folder) {
        house = RunningHouse.open(folder, "", "", Map.of("CONCH_API_KEY", "secret"), engine);
    }

    @AfterAll
    void close() {
        house.close();
    }

    private Stream<String> paths() {
        return house.bean(Router.class)
                .uriRoutes()
                .map(route -> route.getUriMatchTemplate().toString().replaceAll("\\{[^}]*}", "tiny"))
                .distinct();
    }

    @Test
    void everyRouteAsksForAKey() {
        List<String> doors = paths().filter(path -> !PROBES.contains(path)).toList();
        assertThat(doors).contains("/v1/models", "/v1/chat/completions", "/metrics");
        for (String path : doors) {
            for (String method : METHODS) {
                assertThat(status(house.port(), method, path))
                        .as(method + " " + path)
                        .isEqualTo(401);
                assertThat(status(house.managementPort(), method, path))
                        .as("management: " + method + " " + path)
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void theProbesDoNot() {
        assertThat(paths()).containsAll(PROBES);
        for (String path : PROBES) {
            for (int port : List.of(house.port(), house.managementPort())) {
                assertThat(status(port, "GET", path)).isEqualTo(200);
                assertThat(status(port, "HEAD", path)).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "//",
                "/v1",
                "/v1/",
                "//v1/models",
                "/v1//models",
                "/v1/models/",
                "/v1/models//",
                "/v1/./models",
                "/./v1/models",
                "/v1/../v1/models",
                "/health/../v1/models",
                "/health/%2e%2e/v1/models",
                "/ready/..%2fv1/models",
                "/%2e/v1/models",
                "/v1/%2e/models",
                "/v1%2fmodels",
                "/%76%31/models",
                "/V1/MODELS",
                "/v1/models?x=/health",
                "/v1/models#/health",
                "/v1/models;/health",
                "/health;/v1/models",
                "/health;x=y",
                "/health/",
                "/health//",
                "//health",
                "/./health",
                "/HEALTH",
                "/%68ealth",
                "/health%00",
                "/health%20",
                "/health%2f",
                "/health.json",
                "/ready/x",
                "/v1/models%00/health",
                "http://localhost/v1/models",
                "http://localhost//v1/models",
                "http://localhost/health/../v1/models",
                "*"
            })
    void noWayAroundTheKey(String target) {
        try (var client = new RawClient(house.port())) {
            String said = client.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .readToEnd();
            assertThat(RawClient.statuses(said)).hasSize(1).first().isIn(400, 401);
            assertThat(said).contains("{\"error\":{\"message\":").doesNotContain("\"data\"");
        }
    }

    private static int status(int port, String method, String path) {
        try (var client = new RawClient(port)) {
            String said = client.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .readToEnd();
            assertThat(RawClient.header(said, "x-request-id")).isNotEmpty();
            return RawClient.statuses(said).getFirst();
        }
    }
}
