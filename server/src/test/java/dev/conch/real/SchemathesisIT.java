package dev.conch.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.sim.SimulatedTriton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Schemathesis sends what the OpenAPI document allows, and much that it does not, and holds every answer to the document: no 5xx, no status,
 * header, media type or body that is not in it. Thousands of requests, so it is the simulated Triton that answers them.
 */
class SchemathesisIT {
    private static final Path SETTINGS = Program.ROOT.resolve("server/src/test/schemathesis");

    @Test
    void findsNoAnswerThatIsNotInTheDocument(@TempDir Path folder) throws IOException {
        try (var triton = SimulatedTriton.builder().tcp(0).start();
                var conch = new RealConch(triton.port(), Map.of("CONCH_CONFIG", smallContext(folder)))) {
            var environment = new HashMap<>(conch.environment());
            environment.put("SCHEMATHESIS_HOOKS", "hooks");
            environment.put("PYTHONPATH", SETTINGS.toString());
            environment.put("PYTHONDONTWRITEBYTECODE", "1");
            String output = Program.run(
                    environment,
                    List.of(
                            ".conch/schemathesis/bin/schemathesis",
                            "--config-file",
                            SETTINGS.resolve("schemathesis.toml").toString(),
                            "run",
                            conch.baseUrl() + "/openapi.yaml",
                            "-H",
                            "Authorization: Bearer " + RealConch.API_KEY));
            assertThat(output).contains("No issues found");
        }
    }

    /** Answers that nobody limits are short in a small context. */
    private static String smallContext(Path folder) throws IOException {
        return Files.writeString(folder.resolve("conch.yaml"), """
                server: { port: 0 }
                models: [{ name: %s, folder: %s, max-model-len: 64 }]
                """.formatted(
                                RealConch.MODEL, Program.ROOT.resolve("models").resolve(RealConch.MODEL)))
                .toString();
    }
}
