package dev.conch.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Schemathesis sends what the OpenAPI document allows, and much that it does not, and holds every answer to the document: no 5xx, no status,
 * header, media type or body that is not in it.
 */
@ExtendWith(LiveServer.class)
class SchemathesisIT {
    private static final Path SETTINGS = Program.ROOT.resolve("server/src/test/schemathesis");

    @Test
    void findsNoAnswerThatIsNotInTheDocument(RealTriton triton, @TempDir Path folder) throws IOException {
        try (var conch = new RealConch(triton.grpcPort(), Map.of("CONCH_CONFIG", smallContext(folder)))) {
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
        Path config = folder.resolve("conch.yaml");
        Files.writeString(
                config,
                Files.readString(Program.ROOT.resolve("conch.yaml"))
                        .replace("max-model-len: 4096", "max-model-len: 64")
                        .replace("folder: models", "folder: " + Program.ROOT.resolve("models")));
        return config.toString();
    }
}
