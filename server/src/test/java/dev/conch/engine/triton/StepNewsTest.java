package dev.conch.engine.triton;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.engine.EngineOutput;
import dev.conch.engine.EngineRequests;
import dev.conch.engine.triton.StepMessages.Row;
import dev.conch.generation.GenerationRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** News are read as the generated parser would, however they are spread over steps, and nothing that does not fit is believed. */
class StepNewsTest {
    private static final String NAME = "a-subscription";
    private static final long PLAIN = Handle.of(3, null, 1);

    private static Row row(long handle, int... ids) {
        return new Row(handle, 0, Arrays.stream(ids).boxed().toList(), List.of(), List.of(), 0, -1, null);
    }

    private static Row failed(long handle, int end, String error) {
        return new Row(handle, 0, List.of(), List.of(), List.of(), end, -1, error);
    }

    private static StepNews read(StepMessages message) throws IOException {
        var parser = new StepParser(NAME);
        assertThat(parser.parse(message.stream())).isEqualTo(StepParser.Kind.NEWS);
        return parser.news();
    }

    private static void assertBroken(StepMessages message) {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> new StepParser(NAME).parse(message.stream()));
    }

    /** A generation of random length whose events may be told by either way. */
    private static final class Told {
        private final GenerationRequest request;
        private final long handle;
        private final List<Row> events = new ArrayList<>();
        private final List<EngineOutput> perRequest = new ArrayList<>();
        private final List<EngineOutput> bySteps = new ArrayList<>();
        private final GenerationProgress progress;

        Told(int number, Random random) throws IOException {
            @Nullable Integer alternatives = random.nextBoolean() ? random.nextInt(4) : null;
            GenerationRequest plain = EngineRequests.choices(EngineRequests.request(1_000), 1 + random.nextInt(3));
            request = alternatives == null ? plain : EngineRequests.logprobs(plain, alternatives);
            handle = Handle.of(number, alternatives, random.nextInt(1_000));
            progress = progress();
            invent(random, alternatives);
            GenerationProgress other = progress();
            for (Row event : events) {
                other.accept(response(event), perRequest::add);
            }
        }

        private GenerationProgress progress() throws IOException {
            return new GenerationProgress(request, 0, new ModelDescriptions().read());
        }

        private void invent(Random random, @Nullable Integer alternatives) {
            List<Integer> running = new ArrayList<>(
                    IntStream.range(0, request.choices()).boxed().toList());
            while (!running.isEmpty()) {
                Integer sequence = running.get(random.nextInt(running.size()));
                int count = random.nextInt(4);
                boolean ends = random.nextInt(5) == 0;
                int end = ends ? 1 + random.nextInt(2) : 0;
                int top = alternatives == null ? 0 : count * alternatives;
                events.add(new Row(
                        handle,
                        sequence,
                        random.ints(count, 10, 1_000).boxed().toList(),
                        IntStream.range(0, alternatives == null ? 0 : count)
                                .mapToObj(i -> -random.nextFloat())
                                .toList(),
                        random.ints(top, 1, 1_000).boxed().toList(),
                        end,
                        -1,
                        null));
                if (ends) {
                    running.remove(sequence);
                }
            }
        }

        private StreamResponse response(Row event) {
            boolean plain = request.topLogprobs() == null || event.ids().isEmpty();
            int[] ids = event.ids().stream().mapToInt(id -> id).toArray();
            ResponseLogprobs logprobs = plain
                    ? null
                    : new ResponseLogprobs(
                            ids.length,
                            floats(event.logprobs()),
                            event.top().stream().mapToInt(id -> id).toArray(),
                            floats(event.top().stream().map(id -> (float) -id).toList()));
            String reason = event.end() == 0 ? null : event.end() == 1 ? "stop" : "length";
            return new StreamResponse("", false, false, event.sequence(), ids, logprobs, StreamResponse.UNTOLD, reason);
        }

        private static float[] floats(List<Float> values) {
            float[] floats = new float[values.size()];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = values.get(i);
            }
            return floats;
        }
    }

    /** Whatever the order between generations and wherever a step ends, each gets what a stream of its own would have told it. */
    @Property(tries = 300)
    void anySplitIntoStepsTellsTheSame(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 8) int generations,
            @ForAll @IntRange(min = 1, max = 20) int most)
            throws IOException {
        var random = new Random(seed);
        Map<Long, Told> byHandle = new HashMap<>();
        List<Told> all = new ArrayList<>();
        for (int i = 0; i < generations; i++) {
            var told = new Told(i, random);
            all.add(told);
            byHandle.put(told.handle, told);
        }
        var parser = new StepParser(NAME);
        long step = 0;
        for (List<Row> rows = shuffled(all, random); !rows.isEmpty(); ) {
            int size = Math.min(rows.size(), 1 + random.nextInt(most));
            parser.parse(StepMessages.of(NAME, ++step, rows.subList(0, size)).stream());
            assertThat(parser.news().step()).isEqualTo(step);
            dispatch(parser.news(), byHandle);
            rows = rows.subList(size, rows.size());
        }
        assertThat(all).allSatisfy(told -> assertThat(told.bySteps).isEqualTo(told.perRequest));
    }

    /** Each generation's events in their order, otherwise in any. */
    private static List<Row> shuffled(List<Told> all, Random random) {
        List<List<Row>> left = new ArrayList<>();
        all.forEach(told -> left.add(new ArrayList<>(told.events)));
        List<Row> rows = new ArrayList<>();
        for (left.removeIf(List::isEmpty); !left.isEmpty(); left.removeIf(List::isEmpty)) {
            rows.add(left.get(random.nextInt(left.size())).removeFirst());
        }
        return rows;
    }

    private static void dispatch(StepNews news, Map<Long, Told> byHandle) throws IOException {
        while (news.next()) {
            Told told = requireNonNull(byHandle.get(news.handle()));
            told.progress.accept(
                    news.sequence(),
                    news.tokenIds(),
                    news.logprobs(),
                    news.end().finishReason(),
                    told.bySteps::add);
        }
    }

    @Test
    void whatMayBeLeftOutIsNothing() throws IOException {
        StepNews news = read(StepMessages.of(NAME, 1, List.of(row(PLAIN, 11, 12)))
                .without(StepTensor.STEP_SEQUENCES)
                .without(StepTensor.STEP_ENDS)
                .without(StepTensor.STEP_ERRORS)
                .without(StepTensor.STEP_CACHED_TOKENS)
                .without(StepTensor.STEP_LOG_PROBS)
                .without(StepTensor.STEP_TOP_IDS)
                .without(StepTensor.STEP_TOP_LOG_PROBS));
        assertThat(news.next()).isTrue();
        assertThat(news.handle()).isEqualTo(PLAIN);
        assertThat(news.sequence()).isZero();
        assertThat(news.end()).isEqualTo(StepEnd.GOES_ON);
        assertThat(news.cachedTokens()).isEqualTo(StreamResponse.UNTOLD);
        assertThat(news.tokenIds()).containsExactly(11, 12);
        assertThat(news.logprobs()).isNull();
        assertThat(news.next()).isFalse();
    }

    @Test
    void tellsEachErrorToItsOwn() throws IOException {
        StepNews news = read(StepMessages.of(
                NAME, 1, List.of(failed(1, 4, "ä"), row(2, 11), failed(3, 5, ""), failed(4, 5, "out of luck"))));
        List<String> errors = new ArrayList<>();
        while (news.next()) {
            errors.add(news.end().hasText() ? news.error() : "-");
        }
        assertThat(errors).containsExactly("ä", "-", "", "out of luck");
    }

    /** What a handle asked for is in the handle, so news that nobody wants any more do not shift those behind them. */
    @Test
    void passesOverLogprobsOfWhoeverIsGone() throws IOException {
        long gone = Handle.of(1, 2, 7);
        long there = Handle.of(2, 0, 8);
        StepNews news = read(StepMessages.of(
                NAME,
                1,
                List.of(
                        new Row(gone, 0, List.of(11), List.of(-0.5f), List.of(1, 2), 0, -1, null),
                        new Row(there, 0, List.of(12), List.of(-0.25f), List.of(), 0, -1, null))));
        news.next();
        news.next();
        ResponseLogprobs logprobs = requireNonNull(news.logprobs());
        assertThat(logprobs.latest()).containsExactly(-0.25f);
        assertThat(logprobs.topIds()).isEmpty();
    }

    @Test
    void doesNotBelieveTensorsThatDoNotFit() {
        List<Row> rows = List.of(row(PLAIN, 11, 12), row(PLAIN, 13));
        assertBroken(StepMessages.of(NAME, 1, rows).without(StepTensor.STEP_HANDLES));
        assertBroken(StepMessages.of(NAME, 1, rows).without(StepTensor.STEP_COUNTS));
        assertBroken(StepMessages.of(NAME, 1, rows).without(StepTensor.STEP_IDS));
        assertBroken(StepMessages.of(NAME, 1, rows).with(StepTensor.STEP_COUNTS, 2));
        assertBroken(StepMessages.of(NAME, 1, rows).with(StepTensor.STEP_COUNTS, 2, 2));
        assertBroken(StepMessages.of(NAME, 1, rows).with(StepTensor.STEP_COUNTS, 4, -1));
        assertBroken(StepMessages.of(NAME, 1, rows).with(StepTensor.STEP_COUNTS, Integer.MAX_VALUE, Integer.MAX_VALUE));
        assertBroken(StepMessages.of(NAME, 1, rows).with(StepTensor.STEP_ENDS, 0));
        assertBroken(StepMessages.of(NAME, 1, rows).with(StepTensor.STEP_ENDS, 0, 6));
        assertBroken(StepMessages.of(NAME, 1, rows).with(StepTensor.STEP_ENDS, 0, 5));
        assertBroken(StepMessages.of(NAME, 1, rows).with(StepTensor.STEP_SEQUENCES, 0));
        assertBroken(StepMessages.of(NAME, 1, rows).with(StepTensor.STEP_TOP_IDS, 1));
    }

    /** A message of which some bytes are others is refused, or read as something else; it never breaks the reader. */
    @Property(tries = 2000)
    void survivesDamage(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int spoilt) {
        var random = new Random(seed);
        byte[] bytes = StepMessages.of(NAME, 1, List.of(row(PLAIN, 11, 12), failed(9, 5, "out of luck"), row(7, 1)))
                .bytes();
        for (int i = 0; i < spoilt; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        var parser = new StepParser(NAME);
        try {
            if (parser.parse(new ByteArrayInputStream(bytes)) == StepParser.Kind.NEWS) {
                StepNews news = parser.news();
                while (news.next()) {
                    assertThat(news.tokenIds()).hasSizeLessThan(bytes.length);
                    assertThat(String.valueOf(news.logprobs())).isNotEmpty();
                    assertThat(!news.end().hasText() || news.error().length() < bytes.length)
                            .isTrue();
                }
            }
        } catch (IOException refused) {
            assertThat(refused).hasMessageNotContaining("IndexOutOfBounds");
        }
    }

    @Test
    void tellsItsOwnMessagesFromOthers() throws IOException {
        var parser = new StepParser(NAME);
        assertThat(parser.parse(StepMessages.of("another", 1, List.of(row(PLAIN, 11))).stream()))
                .isEqualTo(StepParser.Kind.REPLY);
        assertThat(parser.id()).isEqualTo("another");
        var copied = new StepParser(NAME);
        copied.parse(StepMessages.of(NAME, 1, List.of(row(PLAIN, 11))).stream());
        assertThat(parser.parse(copied.copy())).isEqualTo(StepParser.Kind.NEWS);
    }
}
