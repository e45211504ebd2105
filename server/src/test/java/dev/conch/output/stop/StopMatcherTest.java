package dev.conch.output.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.arbitraries.StringArbitrary;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StopMatcherTest {

    @Test
    void withoutSequencesEverythingGoesThroughAtOnce() {
        StopMatcher matcher = matcher();
        assertThat(matcher.accept("any text")).isEqualTo("any text");
        assertThat(matcher.finish()).isEmpty();
        assertThat(matcher.matched()).isNull();
    }

    @Test
    void holdsBackWhatMayBeginASequenceAndNoMore() {
        StopMatcher matcher = matcher("\n\nUser:");
        assertThat(matcher.accept("Hello\n")).isEqualTo("Hello");
        assertThat(matcher.accept("\nUs")).isEmpty();
        assertThat(matcher.accept("ually\n")).isEqualTo("\n\nUsually");
        assertThat(matcher.accept("\nUser: hi")).isEmpty();
        assertThat(matcher.matched()).isEqualTo("\n\nUser:");
        assertThat(matcher.accept("more")).isEmpty();
        assertThat(matcher.finish()).isEmpty();
    }

    @Test
    void whatNeverBecameASequenceComesOutAtTheEnd() {
        StopMatcher matcher = matcher("STOP");
        assertThat(matcher.accept("do not STO")).isEqualTo("do not ");
        assertThat(matcher.finish()).isEqualTo("STO");
        assertThat(matcher.matched()).isNull();
    }

    @Test
    void aSequenceMayBeginInsideOneThatFailed() {
        StopMatcher matcher = matcher("aab");
        assertThat(matcher.accept("aaa")).isEqualTo("a");
        assertThat(matcher.accept("b")).isEmpty();
        assertThat(matcher.matched()).isEqualTo("aab");
    }

    @Test
    void theSequenceThatIsCompleteFirstWins() {
        StopMatcher matcher = matcher("abcd", "bc");
        assertThat(matcher.accept("xabcd")).isEqualTo("xa");
        assertThat(matcher.matched()).isEqualTo("bc");
    }

    @Test
    void ofSequencesThatAreCompleteTogetherTheLongestWins() {
        StopMatcher matcher = matcher("c", "bc", "abc");
        assertThat(matcher.accept("xabc")).isEqualTo("x");
        assertThat(matcher.matched()).isEqualTo("abc");
    }

    @Test
    void neverSplitsACharacter() {
        StopMatcher matcher = matcher("😀x");
        assertThat(matcher.accept("a😀")).isEqualTo("a");
        assertThat(matcher.accept("😁")).isEqualTo("😀😁");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\uDE00x", "x\uD83D"})
    void refusesWhatIsNotWholeCharacters(String sequence) {
        assertThatThrownBy(() -> StopSequences.compile(List.of(sequence))).isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 2000)
    void agreesWithASearchInTheWholeText(
            @ForAll("sequences") List<String> sequences, @ForAll("chunks") List<String> chunks) {
        StopMatcher matcher = StopSequences.compile(sequences).newMatcher();
        StringBuilder out = new StringBuilder();
        chunks.forEach(chunk -> out.append(matcher.accept(chunk)));
        out.append(matcher.finish());
        String text = String.join("", chunks);
        Match first = firstMatch(text, sequences);
        assertThat(out.toString()).isEqualTo(first == null ? text : text.substring(0, first.start()));
        assertThat(matcher.matched()).isEqualTo(first == null ? null : first.sequence());
    }

    private record Match(int start, String sequence) {
        int end() {
            return start + sequence.length();
        }
    }

    private static @Nullable Match firstMatch(String text, List<String> sequences) {
        return sequences.stream()
                .filter(text::contains)
                .map(sequence -> new Match(text.indexOf(sequence), sequence))
                .min(Comparator.comparingInt(Match::end).thenComparingInt(Match::start))
                .orElse(null);
    }

    @Provide
    Arbitrary<List<String>> sequences() {
        return fewLetters().ofMinLength(1).ofMaxLength(5).list().ofMaxSize(4);
    }

    @Provide
    Arbitrary<List<String>> chunks() {
        return fewLetters().ofMaxLength(4).list().ofMaxSize(10);
    }

    private static StringArbitrary fewLetters() {
        return Arbitraries.strings().withChars('a', 'b', 'c');
    }

    private static StopMatcher matcher(String... sequences) {
        return StopSequences.compile(List.of(sequences)).newMatcher();
    }
}
