package dev.conch.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's own clients for Python and Node, unmodified, and curl. */
@ExtendWith(LiveServer.class)
class SdkIT {
    private static final Path SDK = Program.ROOT.resolve("server/src/test/sdk");
    private static final String PYTHON =
            Program.ROOT.resolve(".conch/sdk/bin/python").toString();
    /** To the end of the line that is not continued. */
    private static final Pattern README_CURL = Pattern.compile("^curl (.*\\\\\n)*.*$", Pattern.MULTILINE);

    private static RealTriton triton;
    private static RealConch conch;

    @SuppressWarnings("NullAway.Init")
    SdkIT() {}

    @BeforeAll
    static void find(RealTriton liveTriton, RealConch liveConch) {
        triton = liveTriton;
        conch = liveConch;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chat.py",
                "stream.py",
                "probe.py",
                "probe_choices.py",
                "probe_completions.py",
                "probe_formats.py",
                "probe_parameters.py",
                "probe_refusals.py",
                "probe_tokens.py",
                "probe_tools.py",
                "probe_transport.py"
            })
    void python(String script) {
        runScript(PYTHON, "python/" + script);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chat.mjs",
                "stream.mjs",
                "probe.mjs",
                "probe-choices.mjs",
                "probe-completions.mjs",
                "probe-tools.mjs"
            })
    void node(String script) {
        runScript("node", "node/" + script);
    }

    private static void runScript(String interpreter, String script) {
        String output = Program.run(
                conch.environment(), List.of(interpreter, SDK.resolve(script).toString()));
        assertThat(output).isNotBlank().doesNotContain("FAILED");
    }

    /** Who is turned away is told when to come back, and the SDK does. */
    @Test
    void pythonComesBackAfterOverload(@TempDir Path folder) throws IOException {
        Path config = folder.resolve("conch.yaml");
        Files.writeString(
                config,
                Files.readString(Program.ROOT.resolve("conch.yaml"))
                        .replace("server: {", "server: { max-concurrent-requests: 1,")
                        .replace("folder: models", "folder: " + Program.ROOT.resolve("models")));
        try (var full = new RealConch(triton.grpcPort(), Map.of("CONCH_CONFIG", config.toString()))) {
            String output = Program.run(
                    full.environment(),
                    List.of(PYTHON, SDK.resolve("python/probe_overload.py").toString()));
            assertThat(output).isNotBlank().doesNotContain("FAILED");
        }
    }

    @Test
    void theReadmesJavaSnippetRuns() {
        String java = ProcessHandle.current().info().command().orElseThrow();
        String output = Program.run(
                conch.environment(),
                List.of(
                        java,
                        "-cp",
                        Objects.requireNonNull(System.getProperty("java.class.path")),
                        StreamChat.class.getName()));
        assertThat(output).isNotBlank();
    }

    /** The first tokens are there while the engine is still at work on the rest. */
    @Test
    void curlSeesTokensOneByOne() throws IOException {
        var command = List.of(
                "curl",
                "-sN",
                conch.baseUrl() + "/chat/completions",
                "-H",
                "Content-Type: application/json",
                "-H",
                "Authorization: Bearer " + RealConch.API_KEY,
                "-d",
                "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Write a very long story.\"}]}"
                        .formatted(RealConch.MODEL));
        Process curl = new ProcessBuilder(command).start();
        try (BufferedReader lines = curl.inputReader()) {
            for (int token = 0; token < 3; token++) {
                assertThat(nextToken(lines)).contains("\"delta\":{\"content\":\"");
            }
            assertThat(triton.activeRequests()).isEqualTo(1);
        } finally {
            curl.destroy();
        }
        Waiting.until("the engine has dropped the request", () -> triton.activeRequests() == 0);
    }

    private static String nextToken(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null && (line.isEmpty() || line.contains("\"role\""))) {
            line = lines.readLine();
        }
        return String.valueOf(line);
    }

    /** Each of them, sent here and with a key. */
    @Test
    void theReadmesCurlsAreAnswered() throws IOException {
        List<String> commands = README_CURL
                .matcher(Files.readString(Program.ROOT.resolve("README.md")))
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(commands).isNotEmpty();
        for (String command : commands) {
            String here = command.replace(
                            "http://127.0.0.1:8080", conch.baseUrl().replace("/v1", ""))
                    .replace("curl ", "curl -sS --fail -H 'Authorization: Bearer %s' ".formatted(RealConch.API_KEY));
            assertThat(Program.run(Map.of(), List.of("bash", "-c", here))).isNotBlank();
        }
    }

    @Test
    void theReadmeShowsTheScriptsThatRanHere() throws IOException {
        String readme = Files.readString(Program.ROOT.resolve("README.md"));
        for (String script : List.of("python/stream.py", "node/stream.mjs")) {
            assertThat(readme).contains(Files.readString(SDK.resolve(script)));
        }
        String java = Files.readString(Program.ROOT.resolve("server/src/test/java/dev/conch/real/StreamChat.java"));
        assertThat(readme).contains(java.substring(java.indexOf("import ")));
    }
}
