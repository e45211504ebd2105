package dev.conch.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.FinishReason;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.generation.OutputEvent.Tokens;
import dev.conch.openai.ErrorResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private static final AnswerHead HEAD = new AnswerHead("chatcmpl-1", 7, "m", 3, 1);
    private static final String START =
            "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":7,\"model\":\"m\",\"choices\":[";

    /** Its event loop runs when told to, and so does its clock. */
    private final EmbeddedChannel channel = new EmbeddedChannel();

    private final Client client = new Client();

    @Test
    void streamsChunksInOneWriteForEachPassOfTheLoop() {
        EventStream stream = stream(false);
        var fold = new ChunkAssembler(HEAD, false, stream);
        stream.start(client);
        fold.accept(text("Hel"));
        fold.accept(text("lo"));
        channel.runPendingTasks();
        fold.accept(new Finished(0, FinishReason.STOP, 2));
        channel.runPendingTasks();
        assertThat(client.writes)
                .containsExactly(
                        chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null")
                                + chunk("{\"content\":\"Hel\"}", "null")
                                + chunk("{\"content\":\"lo\"}", "null"),
                        chunk("{}", "\"stop\"") + "data: [DONE]\n\n");
        assertThat(client.ended).isTrue();
    }

    @Test
    void addsTheUsageWhenAskedFor() {
        EventStream stream = stream(true);
        var fold = new ChunkAssembler(HEAD, true, stream);
        fold.accept(text("x"));
        fold.accept(new Finished(0, FinishReason.LENGTH, 5));
        stream.start(client);
        assertThat(client.all())
                .contains("\"finish_reason\":null}],\"usage\":null}\n\n")
                .endsWith(
                        START
                                + "],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":5,\"total_tokens\":8,\"prompt_tokens_details\":{\"cached_tokens\":0}}}\n\ndata: [DONE]\n\n");
    }

    @Test
    void endsWithOneErrorEventAndNoDone() {
        EventStream stream = stream(false);
        var fold = new ChunkAssembler(HEAD, false, stream);
        stream.start(client);
        fold.accept(text("x"));
        fold.fail(new GenerationException(ErrorCode.UPSTREAM_INTERRUPTED, "gone \"now\""));
        fold.accept(text("late"));
        channel.runPendingTasks();
        assertThat(client.all())
                .endsWith(
                        "data: {\"error\":{\"message\":\"gone \\\"now\\\"\",\"type\":\"t\",\"param\":null,\"code\":\"upstream_interrupted\"}}\n\n")
                .doesNotContain("late")
                .doesNotContain("[DONE]");
        assertThat(client.ended).isTrue();
    }

    @Test
    void mergesTheTextThatWaitedForASlowClient() {
        EventStream stream = stream(false);
        var fold = new ChunkAssembler(HEAD, false, stream);
        stream.start(client);
        fold.accept(text("x".repeat(EventStream.HIGH_WATER_BYTES)));
        channel.runPendingTasks();
        int before = client.writes.size();
        fold.accept(text("a"));
        fold.accept(text("b"));
        channel.runPendingTasks();
        assertThat(client.writes)
                .as("nothing is written while the client does not read")
                .hasSize(before);
        stream.written(client.all().length());
        fold.accept(text("c"));
        fold.accept(new Finished(0, FinishReason.STOP, 9));
        channel.runPendingTasks();
        assertThat(client.writes.getLast())
                .isEqualTo(chunk("{\"content\":\"abc\"}", "null") + chunk("{}", "\"stop\"") + "data: [DONE]\n\n");
    }

    @Test
    void givesUpAClientWhoseBacklogGrowsTooLong() {
        EventStream stream = stream(false);
        var fold = new ChunkAssembler(HEAD, false, stream);
        stream.start(client);
        fold.accept(text("x".repeat(EventStream.HIGH_WATER_BYTES)));
        channel.runPendingTasks();
        fold.accept(text("y".repeat(EventStream.MAX_BACKLOG_CHARS)));
        assertThat(client.aborted).isNull();
        assertThat(fold.cut()).isNull();
        fold.accept(text("z"));
        assertThat(client.aborted)
                .isInstanceOfSatisfying(
                        GenerationException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.CLIENT_TOO_SLOW));
        assertThat(fold.cut()).isEqualTo(ErrorCode.CLIENT_TOO_SLOW);
    }

    @Test
    void givesUpAClientThatReadsNothingForTooLong() {
        EventStream stream = stream(false);
        var fold = new ChunkAssembler(HEAD, false, stream);
        stream.start(client);
        fold.accept(text("x".repeat(EventStream.HIGH_WATER_BYTES)));
        channel.runPendingTasks();
        advance(EventStream.MAX_STALL.minusMillis(1));
        assertThat(client.aborted).isNull();
        advance(Duration.ofMillis(1));
        assertThat(client.aborted).isNotNull();
    }

    @Test
    void everyByteThatTheClientTakesBuysItTime() {
        EventStream stream = stream(false);
        var fold = new ChunkAssembler(HEAD, false, stream);
        stream.start(client);
        fold.accept(text("x".repeat(2 * EventStream.HIGH_WATER_BYTES)));
        channel.runPendingTasks();
        advance(EventStream.MAX_STALL.minusMillis(1));
        stream.written(1);
        advance(EventStream.MAX_STALL.minusMillis(1));
        assertThat(client.aborted).isNull();
    }

    @Test
    void saysNothingToAClientThatIsGone() {
        EventStream stream = stream(false);
        var fold = new ChunkAssembler(HEAD, false, stream);
        stream.start(client);
        stream.discard();
        fold.accept(text("x"));
        fold.accept(new Finished(0, FinishReason.STOP, 1));
        channel.runPendingTasks();
        assertThat(client.writes).isEmpty();
        assertThat(client.ended).isFalse();
    }

    private EventStream stream(boolean includeUsage) {
        channel.freezeTime();
        return new EventStream(
                channel.eventLoop(),
                HEAD,
                includeUsage,
                error -> new ErrorResponse(new ErrorResponse.ErrorObject(
                        error.clientMessage(), "t", error.param(), error.code().wireName())));
    }

    private void advance(Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    private static TextDelta text(String text) {
        return new TextDelta(0, text, Tokens.NOT_TRACKED);
    }

    private static String chunk(String delta, String finishReason) {
        return START + "{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finishReason + "}]}\n\n";
    }

    /** A connection that keeps what it is given and takes nothing off the stream's hands by itself. */
    private static final class Client implements EventStream.Connection {
        final List<String> writes = new ArrayList<>();
        boolean ended;

        @Nullable Throwable aborted;

        @Override
        public ByteBufAllocator allocator() {
            return UnpooledByteBufAllocator.DEFAULT;
        }

        @Override
        public void write(ByteBuf bytes) {
            writes.add(bytes.toString(StandardCharsets.UTF_8));
            bytes.release();
        }

        @Override
        public void end() {
            ended = true;
        }

        @Override
        public void abort(Throwable cause) {
            aborted = cause;
        }

        String all() {
            return String.join("", writes);
        }
    }
}
