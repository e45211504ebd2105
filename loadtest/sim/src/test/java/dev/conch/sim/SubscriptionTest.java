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
}
