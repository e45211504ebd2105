package dev.conch.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.Folded;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The unchanged front end before NVIDIA's C++ backend of TensorRT-LLM before 1.1: a stand-in with its tensors and habits, in the real
 * tritonserver, configured by the filler. One sequence runs at a time and one waits; 512 tokens are the context, 448 of them the prompt.
 */
class NvidiaBackendIT {
    private static final int CONTEXT = 512;
    private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"Say hello.\"}]";
    private static final String STORY =
            "\"messages\":[{\"role\":\"user\",\"content\":\"Count from one to two hundred.\"}]";

    /** Of seven tokens. */
    private static final String SENTENCE = "The sea is wide and deep. ";

    private static Path code;
    private static RealTriton triton;
    private static RealConch conch;

    @SuppressWarnings("NullAway.Init")
    NvidiaBackendIT() {}

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        Program.run(
                Map.of(),
                List.of(
                        "triton-models/bin/fill-config",
                        folder.toString(),
                        "backend=python",
                        "tensor_names=old",
                        "engine_dir=/nowhere",
                        "triton_max_batch_size=8",
                        "max_seq_len=" + CONTEXT,
                        "vocab_size=49152",
                        "max_queue_size=1",
                        "enable_chunked_context=false"));
        code = Files.createSymbolicLink(
                folder.resolve("tensorrt_llm/1/model.py"),
                Program.ROOT.resolve("triton-models/tests/nvidia_stand_in/model.py"));
        triton = RealTriton.serving(folder);
        conch = new RealConch(triton);
    }

    @AfterAll
    static void stop() throws IOException {
        conch.close();
        triton.close();
        Files.delete(code);
    }

    private static String body(String rest) {
        return "{\"model\":\"" + RealConch.MODEL + "\"," + rest + "}";
    }

    private static String saying(String text) {
        return "\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]";
    }

    private static Folded single(String rest) {
        HttpResponse<String> answer = conch.chat(body(rest));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Folded.answer(answer.body());
    }

    private static Folded streamed(String rest) {
        String options = ",\"stream\":true,\"stream_options\":{\"include_usage\":true}";
        return Folded.stream(conch.chat(body(rest + options)).body());
    }

    private static CompletableFuture<HttpResponse<InputStream>> begin(String rest) {
        return conch.http().sendAsync(conch.request(body(rest)), BodyHandlers.ofInputStream());
    }

    /** The end token comes as a final response without tokens, and nobody says why it ended. */
    @Test
    void anAnswerThatTheModelEndsHasStopped() {
        Folded answer = single("\"temperature\":0," + HELLO);
        assertThat(answer.finishReason()).isEqualTo("stop");
        assertThat(answer.content()).isNotBlank();
        assertThat(answer.usage().get(1)).isBetween(1, CONTEXT - answer.usage().getFirst() - 1);
        assertThat(streamed("\"temperature\":0," + HELLO)).isEqualTo(answer);
    }

    @Test
    void anAnswerThatIsAsLongAsAskedForHasItsLength() {
        Folded answer = single("\"temperature\":0,\"max_tokens\":5," + STORY);
        assertThat(answer.finishReason()).isEqualTo("length");
        assertThat(answer.usage().get(1)).isEqualTo(5);
        assertThat(streamed("\"temperature\":0,\"max_tokens\":5," + STORY)).isEqualTo(answer);
    }

    /** The backend cuts the length without a word; the front end has the limit from the parameters. */
    @Test
    void anAnswerThatTheContextCutsHasItsLength() {
        String request = "\"temperature\":0,\"max_tokens\":3000,\"ignore_eos\":true,";
        Folded answer = streamed(request + saying(SENTENCE.repeat(55)));
        assertThat(answer.finishReason()).isEqualTo("length");
        assertThat(answer.usage().getLast()).isEqualTo(CONTEXT);
    }

    @Test
    void aStopSequenceIsCutOff() {
        String whole = single("\"temperature\":0,\"max_tokens\":12," + STORY).content();
        String stop = whole.substring(whole.length() / 2, whole.length() / 2 + 3);
        String request =
                "\"temperature\":0,\"max_tokens\":12,\"stop\":[\"" + stop.replace("\n", "\\n") + "\"]," + STORY;
        Folded answer = single(request);
        assertThat(answer.content()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(answer.finishReason()).isEqualTo("stop");
        assertThat(streamed(request).content()).isEqualTo(answer.content());
    }

    /** Each response has all that came so far, and one more for the end token. */
    @Test
    void eachTokenHasItsOwnLogprob() {
        String request = "\"temperature\":0,\"logprobs\":true,\"return_token_ids\":true," + HELLO;
        FoldedChoices answer = FoldedChoices.answer(conch.chat(body(request)).body());
        FoldedChoices stream = FoldedChoices.stream(
                conch.chat(body(request + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}"))
                        .body());
        assertThat(answer.choices().getFirst().logprobs())
                .hasSameSizeAs(answer.choices().getFirst().tokenIds())
                .isNotEmpty();
        assertThat(stream.choices()).isEqualTo(answer.choices());
    }

    /** {@code random_seed} and {@code min_length}: were they not found, the model would refuse or ignore them. */
    @Test
    void formerNamesAreFound() {
        String request = "\"temperature\":1.5,\"max_tokens\":12,\"seed\":%d," + STORY;
        String first = single(request.formatted(1)).content();
        assertThat(single(request.formatted(1)).content()).isEqualTo(first);
        assertThat(single(request.formatted(2)).content()).isNotEqualTo(first);
        Folded longer = single("\"temperature\":0,\"max_tokens\":40,\"min_tokens\":40," + HELLO);
        assertThat(longer.usage().get(1)).isEqualTo(40);
    }

    @Test
    void whatTheBackendLacksIsRefusedByName() {
        for (String parameter : List.of("\"min_p\":0.1", "\"logprobs\":true,\"top_logprobs\":2")) {
            HttpResponse<String> answer = conch.chat(body(parameter + "," + HELLO));
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("\"code\":\"unsupported_parameter\"");
        }
    }

    @Test
    void aPromptThatTheEngineRefusesIsTheClientsFault() {
        HttpResponse<String> answer = conch.chat(body(saying(SENTENCE.repeat(80))));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .contains("\"code\":\"context_length_exceeded\"", "(expected: at most 448)")
                .doesNotContain("requestId", "TRTGptModel");
    }

    @Test
    void aFullQueueIsAnOverloadAndAClientThatLeavesFreesItsPlace() throws IOException {
        String endless = "\"stream\":true,\"max_tokens\":3000,\"ignore_eos\":true," + STORY;
        try (InputStream running = begin(endless).join().body()) {
            assertThat(running.read()).isPositive();
            CompletableFuture<HttpResponse<InputStream>> waiting = begin(endless);
            Waiting.until("one runs and one waits", () -> triton.activeRequests() == 2);
            HttpResponse<String> third = conch.chat(body(HELLO));
            assertThat(third.statusCode()).as(third.body()).isEqualTo(503);
            assertThat(third.headers().firstValue("Retry-After")).isPresent();
            assertThat(third.body()).contains("\"code\":\"overloaded\"");
            waiting.cancel(true);
        }
        Waiting.until("the engine has dropped both", () -> triton.activeRequests() == 0);
        assertThat(single("\"temperature\":0,\"max_tokens\":2," + HELLO).finishReason())
                .isEqualTo("length");
    }
}
