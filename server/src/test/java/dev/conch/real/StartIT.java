package dev.conch.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that cannot start says why in one line, and what to do, and ends. */
class StartIT {
    private static final String INCUBATING = "WARNING: Using incubator modules: jdk.incubator.vector";
    private static final int EX_CONFIG = 78;

    /** The tools that the script uses are on its path, and nothing else. */
    private static final String WITH_NO_JDK = """
            for tool in grep dirname readlink; do ln -s "$(command -v $tool)" "$0/$tool"; done
            PATH=$0 HOME=/nonexistent JAVA_HOME= JAVA25_HOME= JVMS=/nonexistent exec "$BASH" bin/find-jdk
            """;

    @TempDir
    Path folder;

    @Test
    void namesAPortThatIsInUse() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertSaid(
                    List.of("bin/conch"),
                    Map.of("CONCH_PORT", Integer.toString(taken.getLocalPort())),
                    EX_CONFIG,
                    "The port is in use: end what listens there or choose another with CONCH_PORT=<port>.");
        }
    }

    @Test
    void takesOneArgument() {
        assertSaid(
                List.of("bin/conch", "other.yaml"),
                Map.of(),
                EX_CONFIG,
                "other.yaml: unknown argument (expected: --check-config or none; CONCH_CONFIG names the configuration)");
    }

    @Test
    void saysThatAConfigurationIsSoundWithoutServing() {
        List<String> check = List.of("bin/conch", "--check-config");
        assertSaid(check, Map.of(), 0, Program.ROOT.resolve("conch.yaml") + ": no faults");
    }

    @Test
    void saysWhatIsWrongWithAConfigurationWithoutServing() throws IOException {
        Path config = folder.resolve("conch.yaml");
        Files.writeString(config, "models: [{ name: lost, folder: nowhere }]");
        assertSaid(
                List.of("bin/conch", "--check-config"),
                Map.of("CONCH_CONFIG", config.toString()),
                EX_CONFIG,
                "model lost: tokenizer_config.json cannot be read (folder " + folder.resolve("nowhere") + ")");
    }

    @Test
    void namesAPortThatIsInUseBeforeAnythingStarts() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertSaid(
                    List.of("bin/up"),
                    Map.of("CONCH_PORT", Integer.toString(port)),
                    1,
                    "Port " + port
                            + ", wanted for Conch, is in use: end what listens there or choose another with CONCH_PORT=<port>.");
        }
    }

    @Test
    void namesAModelThatCannotBeServed() throws IOException {
        Path config = folder.resolve("conch.yaml");
        Files.writeString(config, "models: [{ name: lost, folder: nowhere }]");
        assertSaid(
                List.of("bin/conch"),
                Map.of("CONCH_CONFIG", config.toString()),
                EX_CONFIG,
                "model lost: tokenizer_config.json cannot be read (folder " + folder.resolve("nowhere") + ")");
    }

    @Test
    void namesTheFaultsOfAConfiguration() throws IOException {
        Path config = folder.resolve("conch.yaml");
        Files.writeString(config, "server: { port: 99999 }");
        assertSaid(
                List.of("bin/conch"),
                Map.of("CONCH_CONFIG", config.toString()),
                EX_CONFIG,
                "conch.yaml:1 models: missing (expected: at least one model with name, folder and engine-model)",
                "conch.yaml:1 server.port: 99999 (expected: a whole number from 0 to 65535)");
    }

    @Test
    void namesTheFaultsOfAConfigurationAndOfAllItsFolders() throws IOException {
        Path config = folder.resolve("conch.yaml");
        Files.writeString(config, """
                server: { port: 99999 }
                models:
                  - { name: lost, folder: nowhere }
                  - { name: astray, folder: elsewhere }
                """);
        assertSaid(
                List.of("bin/conch"),
                Map.of("CONCH_CONFIG", config.toString()),
                EX_CONFIG,
                "conch.yaml:1 server.port: 99999 (expected: a whole number from 0 to 65535)",
                "model lost: tokenizer_config.json cannot be read (folder " + folder.resolve("nowhere") + ")",
                "model astray: tokenizer_config.json cannot be read (folder " + folder.resolve("elsewhere") + ")");
    }

    @Test
    void namesAMissingJdk() {
        assertSaid(
                List.of("bash", "-c", WITH_NO_JDK, folder.toString()),
                Map.of(),
                1,
                "No JDK 25 was found: install Temurin 25 (Debian: package temurin-25-jdk) or point JAVA_HOME at one.");
    }

    /** What the log says of models that were loaded before is no part of it, nor is what the JVM says at every start (ADR 0006). */
    private static void assertSaid(List<String> command, Map<String, String> environment, int exit, String... lines) {
        try (Program program = Program.start(new HashMap<>(environment), command)) {
            assertThat(program.awaitEnd()).isEqualTo(exit);
            assertThat(program.output().lines().filter(line -> !line.contains(" INFO ") && !line.equals(INCUBATING)))
                    .containsExactlyInAnyOrder(lines);
        }
    }
}
