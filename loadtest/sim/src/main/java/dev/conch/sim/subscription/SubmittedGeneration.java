package dev.conch.sim.subscription;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.conch.proto.inference.ModelInferResponse;
import dev.conch.proto.inference.ModelStreamInferResponse;
import dev.conch.sim.engine.Generation;
import dev.conch.sim.engine.ResponseSink;
import dev.conch.sim.script.Corruption;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.Reply;
import dev.conch.sim.tensor.Datatype;
import dev.conch.sim.tensor.Tensor;
import io.grpc.Status;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One generation of a subscription: makes news of the responses that the engine would send on a stream of its own. */
final class SubmittedGeneration implements ResponseSink {
    private final Submission submission;
    private final Subscription subscription;
    private final @Nullable Corruption corruption;
    private final Set<Integer> ended = new HashSet<>();
    private volatile @Nullable Generation generation;

    SubmittedGeneration(Submission submission, Reply reply, Subscription subscription) {
        this.submission = submission;
        this.subscription = subscription;
        this.corruption = reply.fault() instanceof Fault.Corrupt corrupt ? corrupt.corruption() : null;
    }

    long handle() {
        return submission.handle();
    }

    @Override
    public void started(Generation started) {
        generation = started;
    }

    @Override
    public void ended(Generation over) {
        // The news have said so, or nobody is there to hear them.
    }

    /** The client does not want it any more: what has not ended ends now. */
    void stop() {
        if (generation != null) {
            generation.cancel();
        }
        for (int sequence = 0; sequence < submission.sequences(); sequence++) {
            if (ended.add(sequence)) {
                subscription.add(new News(handle(), sequence).ended(News.CANCELLED), null);
            }
        }
        subscription.forget(this);
    }

    /** The client has gone. */
    void cancel() {
        if (generation != null) {
            generation.cancel();
        }
    }

    /** The call has broken down. */
    void breakOff() {
        if (generation != null) {
            generation.breakOff();
        }
    }

    @Override
    public void close(Status status) {
        subscription.closeCall(status);
    }

    @Override
    public void send(byte[] response) {
        try {
            receive(ModelStreamInferResponse.parseFrom(response));
        } catch (InvalidProtocolBufferException e) {
            tellCorrupt(0);
        }
    }

    private void receive(ModelStreamInferResponse message) {
        ModelInferResponse tensors = message.getInferResponse();
        if (!message.getErrorMessage().isEmpty()) {
            int end = generation == null ? News.REFUSED : News.FAILED;
            fail(end, message.getErrorMessage());
        } else if (tensors.getOutputsCount() > 0) {
            tell(tensors);
        }
    }

    /** Ends the whole request. */
    void fail(int end, String error) {
        subscription.forget(this);
        subscription.add(News.failure(handle(), end, error), null);
    }

    private void tell(ModelInferResponse response) {
        int sequence = find(response, "sequence_index").map(Tensor::asInt).orElse(0);
        if (isCorrupt(response)) {
            tellCorrupt(sequence);
            return;
        }
        News news = new News(handle(), sequence);
        int[] ids = find(response, "output_ids").orElseThrow().ints();
        news.tokens(
                ids,
                last(floats(response, "output_log_probs"), ids.length),
                find(response, "top_logprob_ids").map(Tensor::ints).orElse(new int[0]),
                floats(response, "top_logprobs"));
        find(response, "cached_tokens").ifPresent(tokens -> news.cached(tokens.asInt()));
        find(response, "finish_reason")
                .ifPresent(reason -> end(news, reason.strings().getFirst()));
        subscription.add(news, null);
    }

    /** What breaks the contract on a stream of its own breaks it here in the same way, for one token. */
    private void tellCorrupt(int sequence) {
        News news = new News(handle(), sequence);
        subscription.add(news.tokens(new int[1], new float[0], new int[0], new float[0]), corruption);
    }

    private void end(News news, String reason) {
        ended.add(news.sequence());
        news.ended(reason.equals("stop") ? 1 : reason.equals("length") ? 2 : News.CANCELLED);
        if (ended.size() == submission.sequences()) {
            subscription.forget(this);
        }
    }

    private boolean isCorrupt(ModelInferResponse response) {
        if (!response.getId().equals(submission.request().id())) {
            return true;
        }
        Optional<Tensor> ids = find(response, "output_ids");
        return ids.isEmpty()
                || ids.get().datatype() != Datatype.INT32
                || ids.get().shape().size() != 3
                || ids.get().data().size() != 4 * ids.get().shape().getLast();
    }

    private static float[] floats(ModelInferResponse response, String name) {
        return find(response, name).map(Tensor::floats).orElse(new float[0]);
    }

    /** Logprobs come of all tokens so far. */
    private static float[] last(float[] values, int count) {
        return Arrays.copyOfRange(values, Math.max(0, values.length - count), values.length);
    }

    private static Optional<Tensor> find(ModelInferResponse response, String name) {
        for (int i = 0; i < response.getOutputsCount(); i++) {
            var output = response.getOutputs(i);
            if (output.getName().equals(name)) {
                Datatype datatype = Datatype.valueOf(output.getDatatype());
                return Optional.of(new Tensor(name, datatype, output.getShapeList(), response.getRawOutputContents(i)));
            }
        }
        return Optional.empty();
    }
}
