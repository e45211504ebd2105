package dev.conch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.config.ConfigurationException;
import dev.conch.config.ConfigurationReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two files of TLS: what is wrong with them is told with all other faults of a configuration. */
class TlsConfigurationTest {
    @TempDir
    Path folder;

    private Certificates one;
    private Certificates other;

    @SuppressWarnings("NullAway.Init")
    TlsConfigurationTest() {}

    @BeforeEach
    void make() throws IOException {
        one = Certificates.make(Files.createDirectory(folder.resolve("one")));
        other = Certificates.make(Files.createDirectory(folder.resolve("other")));
    }

    private void read(String server) throws IOException {
        Path file = folder.resolve("conch.yaml");
        Files.writeString(file, "server: { %s }\nmodels: [{ name: m, folder: m }]\n".formatted(server));
        ConfigurationReader.read(file, Map.of());
    }

    private void assertFaults(String server, String... faults) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read(server))
                .satisfies(e -> {
                    assertThat(String.valueOf(e.getMessage()).lines()).hasSize(faults.length);
                    assertThat(e).hasMessageContainingAll(faults);
                });
    }

    @Test
    void takesAPair() throws IOException {
        read("tls-certificate: one/certificate.pem, tls-key: one/key.pem");
    }

    @Test
    void needsBoth() {
        assertFaults(
                "tls-certificate: " + one.certificate(),
                "server.tls-key: missing (expected: tls-certificate and tls-key");
        assertFaults("tls-key: " + one.key(), "server.tls-certificate: missing (expected: tls-certificate and tls-key");
    }

    @Test
    void namesFilesThatCannotBeRead() {
        assertFaults(
                "tls-certificate: none.pem, tls-key: nor.pem, port: -1",
                "none.pem: cannot be read",
                "nor.pem: cannot be read",
                "server.port: -1");
    }

    @Test
    void namesFilesThatHoldSomethingElse() {
        String swapped = "tls-certificate: %s, tls-key: %s";
        assertFaults(swapped.formatted(one.key(), one.certificate()), "key.pem: holds no certificate");
        assertFaults(swapped.formatted(one.certificate(), one.certificate()), "certificate.pem: holds no private key");
        assertFaults(swapped.formatted(one.certificate(), other.key()), "key.pem: does not belong to the certificate");
    }
}
