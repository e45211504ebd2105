package dev.conch;

import static dev.conch.Eventually.eventually;
import static dev.conch.engine.ScriptedEngine.end;
import static dev.conch.engine.ScriptedEngine.fail;
import static dev.conch.engine.ScriptedEngine.pause;
import static dev.conch.engine.ScriptedEngine.say;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Each request leaves one line that says what it cost and how it ended, and nothing of what was said. */
class RequestLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.conch.requests");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @TempDir
    Path folder;

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofAnAnswerThatIsComplete(boolean stream) {
        try (RunningHouse house = open(new ScriptedEngine(say(300, 301), end(End.STOP, 302)))) {
            house.chat(body(stream));
            assertLine("model=tiny user=ann_x prompt_tokens=14 generated_tokens=3 outcome=complete");
        }
    }

    @Test
    void ofOneThatFailed() {
        var error = new GenerationException(ErrorCode.UPSTREAM_INTERRUPTED, "gone");
        try (RunningHouse house = open(new ScriptedEngine(say(300), fail(error)))) {
            house.chat(body(true));
            assertLine("model=tiny user=ann_x prompt_tokens=14 generated_tokens=1 outcome=upstream_interrupted");
        }
    }

    @Test
    void ofOneThatNobodyWaitedFor() throws IOException {
        try (RunningHouse house = open(new ScriptedEngine(say(300, 301, 302), pause(), end(End.STOP)))) {
            HttpResponse<InputStream> answer = house.stream(body(true));
            assertThat(answer.body().read()).isPositive();
            answer.body().close();
            assertLine("model=tiny user=ann_x prompt_tokens=14 generated_tokens=3 outcome=cancelled");
        }
    }

    private RunningHouse open(ScriptedEngine engine) {
        return RunningHouse.open(folder, "", "", Map.of(), engine);
    }

    private static String body(boolean stream) {
        return "{\"model\":\"tiny\",\"stream\":%s,\"user\":\"ann\\nx\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                .formatted(stream);
    }

    private void assertLine(String rest) {
        eventually(() -> assertThat(lines.list).hasSize(1));
        assertThat(lines.list.getFirst().getFormattedMessage())
                .matches("req_\\w{22} chatcmpl-\\w{22} \\Q" + rest + "\\E");
    }
}
