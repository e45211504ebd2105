package dev.conch.engine.triton;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineRequests;
import dev.conch.engine.RecordingListener;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.proto.inference.ModelInferRequest;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class SubscribedExchangeTest {
    private final RecordingListener heard = new RecordingListener();

    private SubscribedExchange withoutSubscription() throws IOException {
        var request = EngineRequests.request();
        var attempt = new EngineRoute.Attempt(
                request,
                ModelInferRequest.getDefaultInstance(),
                new GenerationProgress(request, 0, new ModelDescriptions().read()),
                heard,
                new RequestLoop(Runnable::run),
                InProcessChannelBuilder.forName("nobody").build());
        return new SubscribedExchange(
                attempt,
                _ -> {
                    throw new IllegalStateException("no room");
                },
                TritonTimeouts.DEFAULT);
    }

    /** Whoever waits for it hears that at once, and not by its silence. */
    @Test
    void failsWhenItCannotMoveOn() throws IOException {
        SubscribedExchange exchange = withoutSubscription();
        exchange.moveOn();
        assertThat(heard.errors()).extracting(GenerationException::code).containsExactly(ErrorCode.INTERNAL_ERROR);
        assertThat(exchange.isOver()).isTrue();
    }
}
