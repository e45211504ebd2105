package dev.conch;

import static dev.conch.Eventually.eventually;
import static dev.conch.engine.ScriptedEngine.end;
import static dev.conch.engine.ScriptedEngine.pause;
import static dev.conch.engine.ScriptedEngine.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.admission.AdmissionController;
import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine;
import dev.conch.engine.ScriptedEngine.Step;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that asks for much and reads nothing, over a real socket. */
class SlowReaderTest {
    private static final String STREAM = "{\"model\":\"tiny\",\"stream\":true,\"prompt\":[301],\"max_tokens\":4000000}";
    /** More in all than the kernel keeps for a connection, and each of them more than a stream may hold back. */
    private static final List<Step> FLOOD = Collections.nCopies(
            13, say(IntStream.generate(() -> 300).limit(300_000).toArray()));

    private final ScriptedEngine engine = new ScriptedEngine(_ ->
            Stream.concat(FLOOD.stream(), Stream.of(pause(), end(End.STOP))).toList());

    @TempDir
    Path folder;

    @Test
    void isCutAndTheEngineIsToldToStop() throws IOException {
        try (RunningHouse house = RunningHouse.open(folder, "", "", "max-model-len: 20_000_000", Map.of(), engine);
                var client = new Socket()) {
            client.setReceiveBufferSize(4096);
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), house.port()));
            String head =
                    "POST /v1/completions HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                            .formatted(STREAM.length());
            client.getOutputStream().write((head + STREAM).getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().read()).isEqualTo('H');
            eventually(() -> assertThat(engine.cancels()).isEqualTo(1));
            eventually(() ->
                    assertThat(house.bean(AdmissionController.class).inside()).isZero());
            assertThat(rest(client.getInputStream())).doesNotContain("[DONE]");
        }
    }

    /** What is left of it; a reset is an end too. */
    private static String rest(InputStream in) {
        var all = new StringBuilder();
        var piece = new byte[1 << 16];
        try {
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                all.append(new String(piece, 0, read, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            all.append("(reset)");
        }
        return all.toString();
    }
}
