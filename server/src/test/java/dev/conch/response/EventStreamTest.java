package dev.conch.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.FinishReason;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.OutputEvent.ReasoningDelta;
import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.generation.OutputEvent.Tokens;
import dev.conch.generation.OutputEvent.ToolCallArguments;
import dev.conch.generation.OutputEvent.ToolCallStarted;
import dev.conch.generation.ReasoningField;
import dev.conch.generation.TextLogprob;
import dev.conch.generation.TokenText.Characters;
import dev.conch.openai.ErrorResponse;
import dev.conch.response.AnswerForm.Schema;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private static final AnswerHead HEAD =
            new AnswerHead("chatcmpl-1", 7, "m", "fp_1", List.of(new int[] {5, 6, 7}), 1);
    private static final String START =
            "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":7,\"model\":\"m\",\"system_fingerprint\":\"fp_1\",\"choices\":[";

    private static final AnswerForm PLAIN =
            new AnswerForm(Schema.CHAT, false, false, false, false, false, ReasoningField.REASONING_CONTENT, false);
    private static final AnswerForm WITH_USAGE =
            new AnswerForm(Schema.CHAT, false, true, false, false, false, ReasoningField.REASONING_CONTENT, false);
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
    private static final String COMMENT = ": keep-alive\n\n";

    /** Its event loop runs when told to, and so does its clock. */
    private final EmbeddedChannel channel = new EmbeddedChannel();

    private final Client client = new Client();

    @Test
    void streamsChunksInOneWriteForEachPassOfTheLoop() {
        EventStream stream = stream(PLAIN);
        var fold = new ChunkAssembler(HEAD, PLAIN, stream);
        stream.start(client);
        fold.accept(text("Hel"));
        fold.accept(text("lo"));
        channel.runPendingTasks();
        fold.accept(new Finished(0, FinishReason.STOP, 2, 0, Tokens.NONE));
        channel.runPendingTasks();
        assertThat(client.writes)
                .containsExactly(
                        COMMENT,
                        chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null")
                                + chunk("{\"content\":\"Hel\"}", "null")
                                + chunk("{\"content\":\"lo\"}", "null"),
                        chunk("{}", "\"stop\"") + "data: [DONE]\n\n");
        assertThat(client.ended).isTrue();
    }

    @Test
    void keepsASilentConnectionAlive() {
        EventStream stream = stream(PLAIN);
        var fold = new ChunkAssembler(HEAD, PLAIN, stream);
        stream.start(client);
        pass(KEEP_ALIVE);
        assertThat(client.writes).as("the first is for the head").containsExactly(COMMENT, COMMENT);
        fold.accept(text("x"));
        channel.runPendingTasks();
        pass(KEEP_ALIVE.dividedBy(2));
        assertThat(client.writes).as("what was said counts as a sign of life").hasSize(3);
        pass(KEEP_ALIVE.dividedBy(2));
        assertThat(client.writes).hasSize(4).last().isEqualTo(COMMENT);
        fold.accept(new Finished(0, FinishReason.STOP, 1, 0, Tokens.NONE));
        channel.runPendingTasks();
        pass(KEEP_ALIVE.multipliedBy(3));
        assertThat(client.all()).as("nothing follows the end").endsWith("data: [DONE]\n\n");
    }

    @Test
    void addsTheUsageWhenAskedFor() {
        EventStream stream = stream(WITH_USAGE);
        var fold = new ChunkAssembler(HEAD, WITH_USAGE, stream);
        fold.accept(text("x"));
        fold.accept(new Finished(0, FinishReason.LENGTH, 5, 0, Tokens.NONE));
        stream.start(client);
        assertThat(client.all())
                .contains("\"finish_reason\":null}],\"usage\":null}\n\n")
                .endsWith(
                        START
                                + "],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":5,\"total_tokens\":8,\"prompt_tokens_details\":{\"cached_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":0}}}\n\ndata: [DONE]\n\n");
    }

    @Test
    void endsWithOneErrorEventAndNoDone() {
        EventStream stream = stream(PLAIN);
        var fold = new ChunkAssembler(HEAD, PLAIN, stream);
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
        EventStream stream = stream(PLAIN);
        var fold = new ChunkAssembler(HEAD, PLAIN, stream);
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
        fold.accept(new Finished(0, FinishReason.STOP, 9, 0, Tokens.NONE));
        channel.runPendingTasks();
        assertThat(client.writes.getLast())
                .isEqualTo(chunk("{\"content\":\"abc\"}", "null") + chunk("{}", "\"stop\"") + "data: [DONE]\n\n");
    }

    @Test
    void mergesPiecesOfOneKindAlone() {
        EventStream stream = stream(PLAIN);
        var fold = new ChunkAssembler(HEAD, PLAIN, stream);
        stream.start(client);
        fold.accept(text("x".repeat(EventStream.HIGH_WATER_BYTES)));
        channel.runPendingTasks();
        fold.accept(new ReasoningDelta(0, "h", Tokens.NONE));
        fold.accept(new ReasoningDelta(0, "m", Tokens.NONE));
        fold.accept(text("a"));
        fold.accept(new ToolCallStarted(0, 0, "c", "f", Tokens.NONE));
        fold.accept(new ToolCallArguments(0, 0, "{", Tokens.NONE));
        fold.accept(new ToolCallArguments(0, 0, "}", Tokens.NONE));
        channel.runPendingTasks();
        stream.written(client.all().length());
        channel.runPendingTasks();
        assertThat(client.writes.getLast())
                .isEqualTo(chunk("{\"reasoning_content\":\"hm\"}", "null")
                        + chunk("{\"content\":\"a\"}", "null")
                        + chunk(
                                "{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}",
                                "null")
                        + chunk("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]}", "null"));
    }

    @Test
    void mergesTheTextOfEachChoice() {
        var head = new AnswerHead("chatcmpl-1", 7, "m", "fp_1", List.of(new int[3]), 2);
        var form =
                new AnswerForm(Schema.CHAT, true, false, false, false, true, ReasoningField.REASONING_CONTENT, false);
        EventStream stream = stream(head, form);
        var fold = new ChunkAssembler(head, form, stream);
        stream.start(client);
        fold.accept(new TextDelta(0, "x".repeat(EventStream.HIGH_WATER_BYTES), Tokens.NONE));
        channel.runPendingTasks();
        fold.accept(token(0, "a", 1));
        fold.accept(token(1, "b", 2));
        fold.accept(token(0, "c", 3));
        fold.accept(new Finished(0, FinishReason.STOP, 3, 0, Tokens.NONE));
        fold.accept(token(1, "d", 4));
        channel.runPendingTasks();
        stream.written(client.all().length());
        channel.runPendingTasks();
        assertThat(client.writes.getLast())
                .isEqualTo(START
                        + "{\"index\":1,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n"
                        + merged(0, "ac", "a", "c", "1,3")
                        + START
                        + "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}]}\n\n"
                        + merged(1, "bd", "b", "d", "2,4"));
    }

    private static TextDelta token(int choice, String text, int id) {
        var logprob = new TextLogprob(new Characters(text, false), -0.5f, List.of(), 0);
        return new TextDelta(choice, text, new Tokens(List.of(id), List.of(logprob)));
    }

    private static String merged(int choice, String text, String first, String second, String ids) {
        String logprob = "{\"token\":\"%s\",\"logprob\":-0.5,\"bytes\":[%d],\"top_logprobs\":[]}";
        return START
                + ("{\"index\":%d,\"delta\":{\"content\":\"%s\"},\"logprobs\":{\"content\":[" + logprob + "," + logprob
                                + "],\"refusal\":null},\"token_ids\":[%s],\"finish_reason\":null}]}\n\n")
                        .formatted(choice, text, first, (int) first.charAt(0), second, (int) second.charAt(0), ids);
    }

    @Test
    void paddedChunksAreOfOneSize() {
        var form =
                new AnswerForm(Schema.CHAT, false, false, false, true, false, ReasoningField.REASONING_CONTENT, false);
        EventStream stream = stream(form);
        var fold = new ChunkAssembler(HEAD, form, stream);
        fold.accept(text("a"));
        fold.accept(text("a longer one"));
        fold.accept(new Finished(0, FinishReason.STOP, 1, 0, Tokens.NONE));
        stream.start(client);
        List<String> chunks =
                client.all().lines().filter(line -> line.startsWith("data: {")).toList();
        assertThat(chunks).hasSize(4).allSatisfy(chunk -> {
            assertThat(chunk).matches(".*,\"obfuscation\":\"\\w*\"\\}");
            assertThat((chunk.length() + 2) % SseWriter.PADDED_TO_BYTES).isZero();
        });
        assertThat(chunks.get(1)).hasSameSizeAs(chunks.get(2));
    }

    @Test
    void tellsTheUsageSoFarIfAskedTo() {
        var form =
                new AnswerForm(Schema.CHAT, false, false, true, false, false, ReasoningField.REASONING_CONTENT, false);
        EventStream stream = stream(form);
        var fold = new ChunkAssembler(HEAD, form, stream);
        fold.promptRead(2);
        fold.accept(token(0, "a", 1));
        fold.accept(token(0, "b", 2));
        fold.accept(new Finished(0, FinishReason.STOP, 3, 0, Tokens.NONE));
        stream.start(client);
        assertThat(client.all().lines().filter(line -> line.startsWith("data: {")))
                .extracting(line -> line.replaceAll(".*\"completion_tokens\":(\\d+).*\"cached_tokens\":2.*", "$1"))
                .containsExactly("0", "1", "2", "3");
    }

    @Test
    void givesUpAClientWhoseBacklogGrowsTooLong() {
        EventStream stream = stream(PLAIN);
        var fold = new ChunkAssembler(HEAD, PLAIN, stream);
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
        EventStream stream = stream(PLAIN);
        var fold = new ChunkAssembler(HEAD, PLAIN, stream);
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
        EventStream stream = stream(PLAIN);
        var fold = new ChunkAssembler(HEAD, PLAIN, stream);
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
        EventStream stream = stream(PLAIN);
        var fold = new ChunkAssembler(HEAD, PLAIN, stream);
        stream.start(client);
        stream.discard();
        fold.accept(text("x"));
        fold.accept(new Finished(0, FinishReason.STOP, 1, 0, Tokens.NONE));
        channel.runPendingTasks();
        assertThat(client.writes).containsExactly(COMMENT);
        assertThat(client.ended).isFalse();
    }

    @Test
    void anIntervalTooShortToDivideIsAnInterval() {
        EventStream stream = stream(HEAD, PLAIN, Duration.ofMillis(1));
        stream.start(client);
        for (int tick = 0; tick < 4; tick++) {
            advance(Duration.ofMillis(1));
        }
        assertThat(client.all()).isEqualTo(COMMENT.repeat(2));
    }

    private EventStream stream(AnswerForm form) {
        return stream(HEAD, form);
    }

    private EventStream stream(AnswerHead head, AnswerForm form) {
        return stream(head, form, KEEP_ALIVE);
    }

    private EventStream stream(AnswerHead head, AnswerForm form, Duration keepAlive) {
        channel.freezeTime();
        return new EventStream(
                channel.eventLoop(),
                head,
                form,
                new StreamSettings(keepAlive, () -> new Random(1)),
                error -> new ErrorResponse(new ErrorResponse.ErrorObject(
                        error.clientMessage(), "t", error.param(), error.code().wireName())));
    }

    private void advance(Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    /** A leap of the clock runs a timer once, however often it would have run. */
    private void pass(Duration time) {
        for (long millis = 0; millis < time.toMillis(); millis += 250) {
            advance(Duration.ofMillis(250));
        }
    }

    private static TextDelta text(String text) {
        return new TextDelta(0, text, Tokens.NONE);
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
