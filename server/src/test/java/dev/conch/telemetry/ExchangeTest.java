package dev.conch.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.conch.generation.TraceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ExchangeTest {
    private static final String OF_TINY =
            "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"conch\",gen_ai_request_model=\"tiny\"";
    private static final String TINY = "{model=\"tiny\",operation=\"chat\"}";

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.conch.requests");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    private final AtomicLong nanos = new AtomicLong();
    private final Figures figures = new Figures(() -> Instant.EPOCH, nanos::get);
    private final Exchanges exchanges = new Exchanges(
            figures, new ServerMeters(figures), Set.of("tiny"), nanos::get, () -> Instant.ofEpochSecond(1));

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
        figures.close();
    }

    @Test
    void measuresAStream() {
        Exchange exchange = open();
        exchange.caller("cafe0123");
        RequestWatch watch = exchange.begin(facts("tiny", true));
        after(Duration.ofMillis(5));
        watch.started(14);
        watch.cached(4);
        after(Duration.ofMillis(15));
        watch.tokens(1);
        exchange.answered(200, null);
        after(Duration.ofMillis(30));
        watch.tokens(3);
        watch.tokens(0);
        after(Duration.ofMillis(10));
        watch.tokens(1);
        watch.ended("complete");
        after(Duration.ofMillis(1));
        exchange.end();
        exchange.end();
        assertFigures(
                "gen_ai_server_time_to_first_token_seconds_sum{" + OF_TINY + "} 0.02",
                "gen_ai_server_time_to_first_token_seconds_bucket{" + OF_TINY + ",le=\"0.01\"} 0",
                "gen_ai_server_time_to_first_token_seconds_bucket{" + OF_TINY + ",le=\"0.02\"} 1",
                "gen_ai_server_time_per_output_token_seconds_sum{" + OF_TINY + "} 0.01",
                "gen_ai_server_request_duration_seconds_sum{error_type=\"\"," + OF_TINY + "} 0.06",
                "gen_ai_client_token_usage_sum{" + OF_TINY + ",gen_ai_token_type=\"input\"} 14.0",
                "gen_ai_client_token_usage_sum{" + OF_TINY + ",gen_ai_token_type=\"output\"} 5.0",
                "inference_inter_token_seconds_count" + TINY + " 2",
                "inference_inter_token_seconds_sum" + TINY + " 0.02",
                "inference_prompt_tokens_total" + TINY + " 14.0",
                "inference_cached_tokens_total" + TINY + " 4.0",
                "inference_generated_tokens_total" + TINY + " 5.0",
                "inference_requests_total{model=\"tiny\",operation=\"chat\",outcome=\"complete\",stream=\"true\"} 1.0",
                "http_server_requests_seconds_count{method=\"POST\",route=\"/v1/chat/completions\",status=\"200\"} 1");
        assertThat(figures.scrape()).doesNotContain("inference_errors_total{", "inference_stream_aborts_total{");
        assertThat(onlyLine())
                .isEqualTo(
                        "{\"time\":\"1970-01-01T00:00:01Z\",\"request_id\":\"req_1\",\"trace_id\":\"t\",\"span_id\":\"s\","
                                + "\"key_id\":\"cafe0123\",\"method\":\"POST\",\"route\":\"/v1/chat/completions\",\"status\":200,"
                                + "\"outcome\":\"complete\",\"duration_ms\":61.0,\"answer_id\":\"chatcmpl-1\",\"operation\":\"chat\","
                                + "\"model\":\"tiny\",\"stream\":true,\"prompt_tokens\":14,\"cached_tokens\":4,"
                                + "\"generated_tokens\":5,\"ttft_ms\":20.0}");
    }

    @Test
    void anAnswerInOnePieceHasNoFirstToken() {
        Exchange exchange = open();
        RequestWatch watch = exchange.begin(facts("tiny", false));
        watch.started(3);
        watch.tokens(2);
        watch.tokens(2);
        watch.ended("complete");
        exchange.answered(200, null);
        exchange.end();
        assertFigures(
                "gen_ai_server_time_to_first_token_seconds_count{" + OF_TINY + "} 0",
                "inference_inter_token_seconds_count" + TINY + " 0",
                "inference_generated_tokens_total" + TINY + " 4.0");
        assertThat(onlyLine()).doesNotContain("ttft_ms").contains("\"stream\":false");
    }

    @Test
    void aStreamThatWasCutShortIsAnAbortAndItsStatusStays() {
        Exchange exchange = open();
        RequestWatch watch = exchange.begin(facts("tiny", true));
        watch.started(3);
        watch.tokens(1);
        exchange.answered(200, null);
        watch.ended("client_too_slow");
        exchange.end();
        assertFigures(
                "inference_stream_aborts_total{cause=\"client_too_slow\"} 1.0",
                "inference_errors_total{code=\"client_too_slow\"} 1.0",
                "gen_ai_server_request_duration_seconds_count{error_type=\"client_too_slow\"," + OF_TINY + "} 1");
        assertThat(onlyLine()).contains("\"status\":200,\"outcome\":\"client_too_slow\"");
    }

    @Test
    void whoLeavesBeforeThereIsAnAnswerIsCancelled() {
        Exchange exchange = open();
        RequestWatch watch = exchange.begin(facts("tiny", true));
        watch.started(3);
        exchange.end();
        assertFigures(
                "inference_requests_total{model=\"tiny\",operation=\"chat\",outcome=\"cancelled\",stream=\"true\"} 1.0",
                "http_server_requests_seconds_count{method=\"POST\",route=\"/v1/chat/completions\",status=\"499\"} 1");
        assertThat(figures.scrape()).doesNotContain("inference_errors_total{", "inference_stream_aborts_total{");
        assertThat(onlyLine()).contains("\"status\":499,\"outcome\":\"cancelled\"");
    }

    @Test
    void countsWhatNeverReachedTheEngine() {
        Exchange exchange = open();
        exchange.answered(400, "invalid_json");
        exchange.ignored(3);
        exchange.end();
        assertFigures(
                "inference_errors_total{code=\"invalid_json\"} 1.0",
                "inference_ignored_parameters_total 3.0",
                "http_server_requests_seconds_count{method=\"POST\",route=\"/v1/chat/completions\",status=\"400\"} 1");
        assertThat(onlyLine()).endsWith("\"status\":400,\"outcome\":\"invalid_json\",\"duration_ms\":0.0}");
    }

    @Test
    void aFailureAfterItWasLetInEndsTheRequestToo() {
        Exchange exchange = open();
        exchange.begin(facts("tiny", true));
        exchange.answered(400, "context_length_exceeded");
        exchange.end();
        assertFigures(
                "inference_requests_total{model=\"tiny\",operation=\"chat\",outcome=\"context_length_exceeded\",stream=\"true\"} 1.0",
                "gen_ai_client_token_usage_count{" + OF_TINY + ",gen_ai_token_type=\"input\"} 0");
    }

    @Test
    void aClientsTextIsNeverALabel() {
        Exchange exchange = exchanges.open("req\"\n\u2028", trace(), "SPLENDID");
        exchange.begin(facts("made-up", true)).ended("complete");
        exchange.end();
        assertThat(figures.scrape())
                .doesNotContain("made-up", "SPLENDID")
                .contains("method=\"_OTHER\",route=\"_OTHER\"");
        assertThat(onlyLine())
                .contains("\"request_id\":\"req\\\"\\n\\u2028\"", "\"model\":\"_OTHER\"")
                .doesNotContain("made-up", "SPLENDID", "\n");
    }

    private Exchange open() {
        Exchange exchange = exchanges.open("req_1", trace(), "POST");
        exchange.routed("/v1/chat/completions");
        return exchange;
    }

    private static TraceContext trace() {
        return new TraceContext("t", "s", 0, null);
    }

    private static Telemetry.Facts facts(String model, boolean stream) {
        return new Telemetry.Facts("req_1", "chatcmpl-1", "chat", model, stream);
    }

    private void after(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    private void assertFigures(String... expected) {
        assertThat(figures.scrape().lines()).contains(expected);
    }

    private String onlyLine() {
        assertThat(lines.list).hasSize(1);
        return List.copyOf(lines.list).getFirst().getFormattedMessage();
    }
}
