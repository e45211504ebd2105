package dev.conch.sim;

import static dev.conch.sim.StreamClient.TIMEOUT;
import static dev.conch.sim.StreamClient.isFinal;
import static dev.conch.sim.StreamClient.output;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelStreamInferResponse;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import dev.conch.sim.tensor.Datatype;
import dev.conch.sim.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Step-batched streaming on the wire, as docs/adr/0008-step-batched-streaming.md has it. */
class SubscriptionTest extends WireTest {
    private static final String NAME = "4f0c2f5e";

    private static ModelInferRequest.Builder command(String id) {
        return Requests.with(
                Requests.empty(id), Tensor.int32("input_lengths", 0), Tensor.int32("request_output_len", 0));
    }

    private static ModelInferRequest.Builder subscribe(int window) {
        return Requests.with(command(NAME), Tensor.bool("subscribe", true), Tensor.int32("window", window));
    }

    private static ModelInferRequest.Builder to(String id, Tensor tensor) {
        return Requests.with(command(id), Tensor.bytes("subscription", NAME), tensor);
    }

    private static ModelInferRequest.Builder submit(String id, ByteString... submissions) {
        ByteString all = ByteString.EMPTY;
        for (ByteString submission : submissions) {
            all = all.concat(length(submission.size())).concat(submission);
        }
        return to(id, new Tensor("submissions", Datatype.BYTES, List.of(1L, (long) submissions.length), all));
    }

    private static ModelInferRequest.Builder stop(String id, long handle) {
        return Requests.with(to(id, longs("handles", Datatype.UINT64, handle)), Tensor.bool("stop", true));
    }

    private static Tensor longs(String name, Datatype datatype, long value) {
        return new Tensor(
                name, datatype, List.of(1L, 1L), Tensor.uint64(name, value).data());
    }

    private static ByteString length(int bytes) {
        return ByteString.copyFrom(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes)
                .flip());
    }

    private static ByteString submission(long handle, int maxTokens, int... prompt) {
        ModelInferRequest request =
                Requests.streaming("unused", maxTokens, prompt).build();
        StringBuilder header = new StringBuilder("{\"handle\": " + handle + ", \"inputs\": [");
        ByteString contents = ByteString.EMPTY;
        for (int i = 0; i < request.getInputsCount(); i++) {
            var input = request.getInputs(i);
            header.append(i == 0 ? "" : ", ")
                    .append("[\"%s\", \"%s\", %s]"
                            .formatted(input.getName(), input.getDatatype(), input.getShapeList()));
            contents = contents.concat(request.getRawInputContents(i));
        }
        ByteString text = ByteString.copyFrom(header.append("]}").toString(), StandardCharsets.UTF_8);
        return length(text.size()).concat(text).concat(contents);
    }

    private static ByteString submission(String header, int... contents) {
        ByteString text = ByteString.copyFrom(header, StandardCharsets.UTF_8);
        return length(text.size())
                .concat(text)
                .concat(Tensor.int32Row("contents", contents).data());
    }

    private static String id(ModelStreamInferResponse response) {
        return response.getInferResponse().getId();
    }

    private static long[] handles(ModelStreamInferResponse step) {
        return output(step, "step_handles").longs();
    }

    private static byte[] ends(ModelStreamInferResponse step) {
        return output(step, "step_ends").data().toByteArray();
    }

    /** Opens the subscription and reads that it is there. */
    private StreamClient subscribed(SimulatedTriton triton, int window) throws Exception {
        StreamClient client = open(triton).send(subscribe(window));
        ModelStreamInferResponse confirmation = client.next();
        assertThat(id(confirmation)).isEqualTo(NAME);
        assertThat(isFinal(confirmation)).isFalse();
        assertThat(confirmation.getInferResponse().getOutputsCount()).isZero();
        return client;
    }

    private static void expectAcceptance(StreamClient client, String id) throws InterruptedException {
        ModelStreamInferResponse accepted = client.next();
        assertThat(id(accepted)).isEqualTo(id);
        assertThat(isFinal(accepted)).isTrue();
        assertThat(accepted.getErrorMessage()).isEmpty();
    }

    @Test
    void aStepTellsTheNewsOfAll() throws Exception {
        SimulatedTriton triton =
                start(SimulatedTriton.builder().pace(Pace.manual()).reply(Reply.ofTokens(11, 12)));
        StreamClient client = subscribed(triton, 0);
        client.send(submit("a", submission(7, 9, 5), submission(8, 9, 6)));
        expectAcceptance(client, "a");
        triton.awaitLive(2, TIMEOUT);
        for (int step = 1; step <= 3; step++) {
            triton.step();
            ModelStreamInferResponse news = client.next();
            assertThat(output(news, "step").longs()).containsExactly(step);
            assertThat(handles(news)).containsExactly(7, 8);
            assertThat(ends(news)).containsOnly(step == 3 ? 1 : 0);
            int[] ids = step == 3 ? new int[0] : new int[] {10 + step, 10 + step};
            assertThat(output(news, "step_ids").ints()).containsExactly(ids);
        }
        assertThat(triton.counts().completed()).isEqualTo(2);
    }

    @Test
    void whatIsWrongWithOneRequestIsItsOwnNews() throws Exception {
        SimulatedTriton triton =
                start(SimulatedTriton.builder().pace(Pace.manual()).reply(Reply.ofTokens(11)));
        triton.enqueue(Reply.ofTokens(11).with(Fault.errorAfter(0, "out of luck")));
        StreamClient client = subscribed(triton, 0);
        client.send(submit("a", submission(7, 9, 5), submission(8, 0, 6), submission(9, 9, 6)));
        expectAcceptance(client, "a");
        ModelStreamInferResponse refused = client.next();
        assertThat(handles(refused)).containsExactly(8);
        assertThat(ends(refused)).containsExactly(4);
        assertThat(output(refused, "step_errors").strings()).first().asString().contains("request_output_len");
        triton.awaitLive(2, TIMEOUT);
        triton.step();
        ModelStreamInferResponse failed = client.next();
        assertThat(handles(failed)).containsExactly(7, 9);
        assertThat(ends(failed)).containsExactly(5, 0);
        assertThat(output(failed, "step_errors").strings()).containsExactly("out of luck");
    }

    @Test
    void aStoppedGenerationEndsAsCancelled() throws Exception {
        SimulatedTriton triton =
                start(SimulatedTriton.builder().pace(Pace.manual()).reply(Reply.generated()));
        StreamClient client = subscribed(triton, 0);
        client.send(submit("a", submission(7, 9, 5)));
        expectAcceptance(client, "a");
        triton.awaitLive(1, TIMEOUT);
        client.send(stop("b", 7)).send(stop("c", 99));
        expectAcceptance(client, "b");
        ModelStreamInferResponse next = client.next();
        ModelStreamInferResponse other = client.next();
        List<ModelStreamInferResponse> both = Arrays.asList(next, other);
        assertThat(both).extracting(SubscriptionTest::id).containsExactlyInAnyOrder(NAME, "c");
        assertThat(both)
                .filteredOn(each -> id(each).equals(NAME))
                .allSatisfy(news -> assertThat(ends(news)).containsExactly(3));
        triton.awaitCancelled(1, TIMEOUT);
    }

    @Test
    void nothingIsSentBeyondTheWindowAndNothingIsLost() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(Reply.ofTokens(11, 12, 13, 14, 15)));
        StreamClient client = subscribed(triton, 2);
        client.send(submit("a", submission(7, 9, 5)));
        expectAcceptance(client, "a");
        assertThat(output(client.next(), "step_ids").ints()).containsExactly(11);
        assertThat(output(client.next(), "step_ids").ints()).containsExactly(12);
        triton.awaitLive(0, TIMEOUT);
        assertThat(client.isDrained()).isTrue();
        client.send(to("b", longs("acknowledged", Datatype.INT64, 2)));
        expectAcceptance(client, "b");
        ModelStreamInferResponse rest = client.next();
        assertThat(output(rest, "step_ids").ints()).containsExactly(13, 14, 15);
        assertThat(ends(rest)).containsExactly(1);
    }

    @Test
    void aSubscriptionGoesOnOverANewRequest() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(Reply.ofTokens(11)));
        StreamClient client = subscribed(triton, 0);
        client.send(subscribe(0));
        expectAcceptance(client, NAME);
        assertThat(isFinal(client.next())).isFalse();
        client.send(submit("a", submission(7, 9, 5)));
        expectAcceptance(client, "a");
        assertThat(output(client.next(), "step").longs()).containsExactly(1);
        assertThat(triton.subscriptions().counts().renewals()).isEqualTo(1);
        assertThat(triton.subscriptions().counts().opened()).isEqualTo(1);
    }

    /** The instance before tells everything, whatever its window, and ends when it has. */
    @Test
    void aModelThatIsLoadedAnewTellsAllAndEnds() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(Reply.ofTokens(11, 12)));
        StreamClient client = subscribed(triton, 1);
        client.send(submit("a", submission(7, 9, 5)));
        expectAcceptance(client, "a");
        assertThat(output(client.next(), "step_ids").ints()).containsExactly(11);
        triton.awaitLive(0, TIMEOUT);
        triton.subscriptions().reload();
        ModelStreamInferResponse rest = client.next();
        assertThat(output(rest, "step_ids").ints()).containsExactly(12);
        assertThat(ends(rest)).containsExactly(1);
        ModelStreamInferResponse last = client.next();
        assertThat(id(last)).isEqualTo(NAME);
        assertThat(last.getErrorMessage()).isEqualTo("The model is being unloaded");
        client.send(to("b", longs("acknowledged", Datatype.INT64, 1)));
        assertThat(client.next().getErrorMessage()).startsWith("unknown subscription: ");
        assertThat(triton.subscriptions().counts().open()).isZero();
    }

    /** A sequence is in a step once: what comes of it in one pass of the engine are several steps, and the last word is behind all of them. */
    @Test
    void theLastWordIsTheLast() throws Exception {
        SimulatedTriton triton =
                start(SimulatedTriton.builder().pace(Pace.manual()).reply(Reply.ofTokens(11, 12)));
        StreamClient client = subscribed(triton, 0);
        client.send(submit("a", submission(7, 9, 5)));
        expectAcceptance(client, "a");
        triton.awaitLive(1, TIMEOUT);
        triton.subscriptions().reload();
        for (int step = 1; step <= 3; step++) {
            triton.step();
        }
        byte[] ends = {0};
        while (ends[0] == 0) {
            ModelStreamInferResponse news = client.next();
            assertThat(news.getErrorMessage()).isEmpty();
            ends = ends(news);
        }
        assertThat(client.next().getErrorMessage()).isEqualTo("The model is being unloaded");
    }

    @Test
    void aModelThatDoesNotSeeItsSuccessorKeepsToTheWindow() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(Reply.ofTokens(11, 12)));
        StreamClient client = subscribed(triton, 1);
        client.send(submit("a", submission(7, 9, 5)));
        expectAcceptance(client, "a");
        assertThat(output(client.next(), "step_ids").ints()).containsExactly(11);
        triton.subscriptions().reloadUnseen();
        client.send(to("b", longs("acknowledged", Datatype.INT64, 1)));
        assertThat(client.next().getErrorMessage()).startsWith("unknown subscription: ");
        triton.awaitLive(0, TIMEOUT);
        assertThat(client.isDrained()).isTrue();
        triton.subscriptions().failReplaced("out of luck");
        assertThat(client.next().getErrorMessage()).isEqualTo("out of luck");
    }

    @Test
    void onlyWhatWasReplacedBreaksDown() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(Reply.ofTokens(11)));
        StreamClient client = subscribed(triton, 0);
        triton.subscriptions().reloadUnseen();
        client.send(subscribe(0));
        assertThat(isFinal(client.next())).isFalse();
        triton.subscriptions().failReplaced("out of luck");
        assertThat(client.next().getErrorMessage()).isEqualTo("out of luck");
        client.send(submit("a", submission(7, 9, 5)));
        expectAcceptance(client, "a");
        assertThat(triton.subscriptions().counts().open()).isEqualTo(1);
    }

    @Test
    void nobodySubmitsToASubscriptionThatIsNotThere() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder());
        StreamClient client = open(triton).send(submit("a", submission(7, 9, 5)));
        assertThat(client.next().getErrorMessage()).startsWith("unknown subscription: ");
        assertThat(triton.counts().requests()).isZero();
    }

    @Test
    void aLostCallCancelsAll() throws Exception {
        SimulatedTriton triton =
                start(SimulatedTriton.builder().pace(Pace.manual()).reply(Reply.generated()));
        StreamClient client = subscribed(triton, 0);
        client.send(submit("a", submission(7, 9, 5), submission(8, 9, 6)));
        expectAcceptance(client, "a");
        triton.awaitLive(2, TIMEOUT);
        client.cancel();
        triton.awaitCancelled(2, TIMEOUT);
        triton.subscriptions().await("none open", counts -> counts.open() == 0, TIMEOUT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"colour\", \"INT32\", [1, 1]]|unexpected inference input 'colour'",
                "[\"subscribe\", \"BOOL\", [1, 1]]|unexpected inference input 'subscribe'",
                "[\"end_id\", \"INT64\", [1, 1]]|inference input 'end_id' data-type is 'INT64', but the model expects 'INT32'",
                "[\"end_id\", \"INT32\", [2, 1]]|inference request batch-size must be <= 1",
                "[\"end_id\", \"INT32\", [1, 2]]|unexpected shape for input 'end_id'. Expected [-1,1], got [1,2]",
                "[\"input_ids\", \"INT32\", [1, 9]]|input byte size mismatch for input 'input_ids'. Expected 36, got 8",
                "[\"end_id\"]|submissions: a tensor of the header (expected: [name, type, shape])",
                "[\"end_id\", \"INT32\", [1, 1]], [\"end_id\", \"INT32\", [1, 1]]|input 'end_id' already exists in request",
                "[\"end_id\", \"INT32\", [1, 1]]|submissions: 8 bytes of tensors (expected: 4, as the header says)"
            })
    void tensorsThatAreNoneOfARequestAreRefusedWithIt(String refused) throws Exception {
        StreamClient client = subscribed(start(SimulatedTriton.builder()), 0);
        String inputs = refused.substring(0, refused.indexOf('|'));
        client.send(submit("s", submission("{\"handle\": 9, \"inputs\": [" + inputs + "]}", 1, 2)));
        expectAcceptance(client, "s");
        ModelStreamInferResponse step = client.next();
        assertThat(handles(step)).containsExactly(9);
        assertThat(ends(step)).containsExactly(4);
        assertThat(output(step, "step_errors").strings()).containsExactly(refused.substring(inputs.length() + 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}|submissions[1]: its header (expected: a JSON object {\"handle\": ..., \"inputs\": [...]})",
                "{\"handle\": -1, \"inputs\": []}|submissions[1]: its handle (expected: 0 to 9223372036854775807)",
                "{\"handle\": 9223372036854775808, \"inputs\": []}"
                        + "|submissions[1]: its handle (expected: 0 to 9223372036854775807)"
            })
    void oneThatIsNobodysIsAnErrorOfAll(String refused) throws Exception {
        StreamClient client = subscribed(start(SimulatedTriton.builder()), 0);
        String header = refused.substring(0, refused.indexOf('|'));
        client.send(submit("s", submission(1, 2, 5), submission(header)));
        ModelStreamInferResponse answer = client.next();
        assertThat(answer.getErrorMessage()).isEqualTo(refused.substring(header.length() + 1));
        assertThat(answer.getInferResponse().getId()).isEqualTo("s");
    }
}
