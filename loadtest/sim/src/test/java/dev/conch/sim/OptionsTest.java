package dev.conch.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.sim.Options.InvalidOptionException;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest extends WireTest {
    private SimulatedTriton start(String... args) throws InvalidOptionException {
        return start(Options.parse(args).builder());
    }

    @Test
    void defaultsGiveAServer() throws Exception {
        SimulatedTriton triton = start("--port", "0");
        assertThat(StreamClient.allIds(
                        open(triton).sendOnly(Requests.streaming("r", 500, 5)).rest()))
                .hasSize(128)
                .allMatch(id -> id >= 1_000 && id < 49_152);
    }

    @Test
    void everySettingIsObeyed() throws Exception {
        SimulatedTriton triton = start(
                "--port",
                "0",
                "--model",
                "m",
                "--variant",
                "tensorrt-llm-old-names",
                "--final-form",
                "separate",
                "--tokens",
                "9",
                "--tokens-per-response",
                "4",
                "--ttft-ms",
                "1",
                "--ttft-us-per-prompt-token",
                "1",
                "--itl-ms",
                "1",
                "--pace",
                "steps",
                "--max-seq-len",
                "8",
                "--vocab-size",
                "1002",
                "--slots",
                "1",
                "--queue",
                "0",
                "--host",
                "localhost");
        var responses = open(triton)
                .sendOnly(Requests.streaming("r", 500, 5).setModelName("m"))
                .rest();
        assertThat(responses).extracting(StreamClient::isFinal).containsExactly(false, false, true);
        assertThat(StreamClient.allIds(responses)).hasSize(7).allMatch(id -> id == 1_000 || id == 1_001);
    }

    @Test
    void batchesAndKvCacheAreObeyed() throws Exception {
        SimulatedTriton triton = start(
                "--port",
                "0",
                "--pace",
                "batches",
                "--itl-ms",
                "1",
                "--ttft-us-per-prompt-token",
                "1",
                "--us-per-sequence",
                "1",
                "--prompt-tokens-per-step",
                "3",
                "--slots",
                "4",
                "--kv-blocks",
                "6",
                "--kv-tokens-per-block",
                "2",
                "--kv-reuse",
                "true",
                "--metrics-port",
                "0");
        for (int i = 0; i < 2; i++) {
            open(triton).sendOnly(Requests.streaming("r", 500, 5, 6, 7, 8, 9)).rest();
        }
        // The longest sequence is what the cache holds, twelve tokens. The first prompt takes two steps, the second
        // one.
        assertThat(triton.statistics())
                .extracting("max", "kvBlocks", "tokensPerBlock", "kvReused", "iteration")
                .containsExactly(4, 6, 2, 2L, 15L);
        assertThat(metrics(triton))
                .contains("nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type=\"reused\",model=\"tensorrt_llm\"")
                .contains("nv_trt_llm_request_metrics{request_type=\"max\",model=\"tensorrt_llm\",version=\"1\"} 4\n");
    }

    private static String metrics(SimulatedTriton triton) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + triton.metricsPort() + "/metrics");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void aFaultMayStrikeNowAndThen() throws Exception {
        ManagedChannel channel = channel(start("--port", "0", "--fault", "unavailable:2", "--fault-every", "3"));
        for (int i = 1; i <= 6; i++) {
            StreamClient client = StreamClient.open(channel).sendOnly(Requests.streaming("r", 5, 5));
            assertThat(client.status().getCode()).isEqualTo(i % 3 == 0 ? Status.Code.UNAVAILABLE : Status.Code.OK);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "none,5",
        "queue-full,0",
        "error:1,1",
        "cut:2,2",
        "stall:1:1,5",
    })
    void faultsByName(String fault, int tokens) throws Exception {
        SimulatedTriton triton = start("--port", "0", "--fault", fault);
        StreamClient client = open(triton).sendOnly(Requests.streaming("r", 5, 5));
        assertThat(StreamClient.allIds(client.rest())).hasSize(tokens);
    }

    @Test
    void aHangByName() throws Exception {
        SimulatedTriton triton = start("--port", "0", "--fault", "hang:0");
        open(triton).sendOnly(Requests.streaming("r", 5, 5));
        assertThat(triton.awaitLive(1, StreamClient.TIMEOUT).completed()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--prot|18001|--prot: unknown (expected: one of those that --help lists)",
                "--port|x|--port: x (expected: a whole number)",
                "--port|-1|--port: -1 (expected: at least 0)",
                "--variant|new|--variant: new (expected: conch, tensorrt-llm or tensorrt-llm-old-names)",
                "--final-form|x|--final-form: x (expected: with-last-token, zero-tokens or separate)",
                "--pace|slow|--pace: slow (expected: each, steps or batches)",
                "--pace|batches|--itl-ms: 0 (expected: at least 1)",
                "--us-per-sequence|1|--us-per-sequence: 1 (expected: 0 unless --pace is batches)",
                "--prompt-tokens-per-step|9|--prompt-tokens-per-step: 9 (expected: unlimited unless --pace is batches)",
                "--kv-blocks|0|--kv-blocks: 0 (expected: at least 1)",
                "--kv-reuse|yes|--kv-reuse: yes (expected: true or false)",
                "--kv-reuse|true|--kv-blocks: unlimited (expected: a whole number)",
                "--metrics-port|x|--metrics-port: x (expected: a whole number)",
                "--pace|steps|--itl-ms: 0 (expected: at least 1)",
                "--slots|0|--slots: 0 (expected: at least 1)",
                "--fault-every|0|--fault-every: 0 (expected: at least 1)",
                "--fault|cut:x|--fault: cut:x (expected: a whole number)",
                "--vocab-size|5|--vocab-size: 5 (expected: at least 1002)",
            })
    void whatCannotBeObeyedIsRefused(String name, String value, String message) {
        assertThatThrownBy(() -> Options.parse(name, value).builder())
                .isInstanceOf(InvalidOptionException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"cut", "cut:1:2", "stall:1", "explode:1", "none:0"})
    void aMisspeltFaultIsRefused(String fault) {
        assertThatThrownBy(() -> Options.parse("--fault", fault).builder())
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageStartingWith("--fault: " + fault + " (expected: none, queue-full, error:K");
    }

    @Test
    void aValueIsNeeded() {
        assertThatThrownBy(() -> Options.parse("--port")).hasMessage("--port: nothing (expected: a value)");
    }

    @Test
    void helpListsEverySettingWithItsDefault() throws Exception {
        assertThat(Options.parse("--port", "1", "--help").isHelpWanted()).isTrue();
        assertThat(Options.parse("--port", "1").isHelpWanted()).isFalse();
        assertThat(Options.help()).contains("--port ", "(18001)", "--fault-every ");
    }
}
