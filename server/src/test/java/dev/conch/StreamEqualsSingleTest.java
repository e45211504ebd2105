package dev.conch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.sim.SimulatedTriton;
import dev.conch.sim.script.Reply;
import dev.conch.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the engine says and the caller asks for: a stream, put together, is the single answer, byte for byte. */
class StreamEqualsSingleTest {
    private static final int CASES = 500;
    private static final List<String> PIECES = List.of(
            "the sea", " is", "\n", "é", "日本", "😀", "STOP", "ST", "OP", " 12", "\"\\", "<think>", "\uFFFD", " ", "a",
            "🇩🇪");

    /** Fixed, so that a failure comes again. */
    private final RandomGenerator random = new Random(20261121);

    @TempDir
    Path folder;

    @Test
    void inFiveHundredRandomCases() {
        try (SimulatedTriton triton = SimulatedTriton.builder().tcp(0).start();
                RunningHouse house =
                        RunningHouse.open(folder, "", "addresses: [\"127.0.0.1:" + triton.port() + "\"]", Map.of())) {
            for (int i = 0; i < CASES; i++) {
                Reply reply = reply(house.tokenizer());
                triton.enqueue(reply, reply);
                String request = request();
                Folded single = Folded.answer(house.chat("{" + request).body());
                String streamed = house.chat("{\"stream\":true,\"stream_options\":{\"include_usage\":true}," + request)
                        .body();
                assertThat(Folded.stream(streamed)).as(request).isEqualTo(single);
            }
        }
    }

    /** Text in whole characters, and now and then any ids at all, a few to a message. */
    private Reply reply(Tokenizer tokenizer) {
        int[] ids = random.nextInt(4) == 0
                ? random.ints(random.nextInt(1, 20), 3, tokenizer.vocabularySize())
                        .toArray()
                : tokenizer.encode(text(), List.of());
        return Reply.ofTokens(ids).withTokensPerResponse(random.nextInt(1, 4));
    }

    private String text() {
        return random.ints(random.nextInt(1, 12), 0, PIECES.size())
                .mapToObj(PIECES::get)
                .collect(Collectors.joining());
    }

    private String request() {
        String stop = random.nextBoolean() ? "\"stop\":[\"STOP\",\" is\"]," : "";
        String limit = random.nextBoolean() ? "\"max_tokens\":" + random.nextInt(1, 30) + "," : "";
        return stop + limit + "\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }
}
