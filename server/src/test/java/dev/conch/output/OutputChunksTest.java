package dev.conch.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.FinishReason;
import dev.conch.generation.OutputEvent;
import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.StopConditions;
import dev.conch.generation.TextLogprob;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** However an answer comes in chunks, its text, its end and its tokens are the same. */
class OutputChunksTest extends DecodingTest {
    @Property(tries = 1000)
    void chunkingChangesNothing(
            @ForAll("answers") String answer,
            @ForAll("stops") List<String> stops,
            @ForAll @Size(max = 12) List<@IntRange(max = 5) Integer> lengths) {
        int[] ids = Utf8Tokenizer.ids(answer);
        List<OutputEvent> whole = new ArrayList<>();
        decoder(whole::add, stops).accept(0, ids, List.of(), FinishReason.LENGTH);
        List<OutputEvent> chunked = new ArrayList<>();
        OutputDecoder decoder = decoder(chunked::add, stops);
        int start = 0;
        for (int length : lengths) {
            int end = Math.min(ids.length, start + length);
            decoder.accept(0, Arrays.copyOfRange(ids, start, end), List.of(), null);
            start = end;
        }
        decoder.accept(0, Arrays.copyOfRange(ids, start, ids.length), List.of(), FinishReason.LENGTH);
        assertThat(joined(chunked)).isEqualTo(joined(whole));
        assertThat(chunked.getLast()).isEqualTo(whole.getLast());
        assertThat(chunked).filteredOn(Finished.class::isInstance).hasSize(1);
        assertThat(stops).noneMatch(joined(chunked)::contains);
        assertThat(answer.split("\\$", 2)[0]).startsWith(joined(chunked));
    }

    @Property(tries = 1000)
    void logprobsCoverTheTextThatIsShown(
            @ForAll("answers") String answer,
            @ForAll("stops") List<String> stops,
            @ForAll boolean includeStop,
            @ForAll @IntRange(max = 6) int minTokens,
            @ForAll @Size(max = 12) List<@IntRange(max = 5) Integer> lengths) {
        var chunked = new ArrayList<OutputEvent>();
        StopConditions stop = stop(minTokens, List.of(), includeStop, stops.toArray(String[]::new));
        OutputDecoder decoder = new OutputDecoder(0, 1, TOKENIZER, stop, TRACKED, AnswerFormat.TEXT, chunked::add);
        int[] ids = Utf8Tokenizer.ids(answer);
        int start = 0;
        for (int length : lengths) {
            int end = Math.min(ids.length, start + length);
            int[] part = Arrays.copyOfRange(ids, start, end);
            decoder.accept(0, part, logprobs(part), null);
            start = end;
        }
        int[] rest = Arrays.copyOfRange(ids, start, ids.length);
        decoder.accept(0, rest, logprobs(rest), FinishReason.LENGTH);
        byte[] shown = joined(chunked).getBytes(StandardCharsets.UTF_8);
        assertThat(ids(chunked)).as("one token for each byte that is shown").containsExactly(ids(shown));
        List<TextLogprob> logprobs = chunked.stream()
                .flatMap(event -> tokens(event).logprobs().stream())
                .toList();
        assertThat(logprobs).hasSize(shown.length);
        for (int i = 0; i < shown.length; i++) {
            assertThat(logprobs.get(i).offset()).isEqualTo(characterAt(shown, i));
        }
    }

    private static Integer[] ids(byte[] utf8) {
        return IntStream.range(0, utf8.length).mapToObj(i -> utf8[i] & 0xFF).toArray(Integer[]::new);
    }

    /** The number of the character that a byte belongs to. */
    private static int characterAt(byte[] utf8, int index) {
        return (int) IntStream.rangeClosed(0, index)
                        .filter(i -> (utf8[i] & 0xC0) != 0x80)
                        .count()
                - 1;
    }

    @Provide
    Arbitrary<String> answers() {
        return Arbitraries.of("a", "b", "ä", "🐚", "$").list().ofMaxSize(15).map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<List<String>> stops() {
        return Arbitraries.of("ab", "aab", "🐚ä", "bb").list().ofMaxSize(2);
    }

    private static OutputDecoder decoder(Consumer<OutputEvent> sink, List<String> stops) {
        return new OutputDecoder(
                0, 1, TOKENIZER, stop(stops.toArray(String[]::new)), TextForm.PLAIN, AnswerFormat.TEXT, sink);
    }
}
