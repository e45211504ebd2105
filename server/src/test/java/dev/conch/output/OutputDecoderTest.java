package dev.conch.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.FinishReason;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputEvent;
import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.generation.OutputEvent.Tokens;
import dev.conch.generation.StopConditions;
import dev.conch.generation.TokenLogprob;
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
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutputDecoderTest {
    private static final int END = '$';

    private final List<OutputEvent> events = new ArrayList<>();

    @Test
    void emitsTextAsItComesAndOneEnd() {
        OutputDecoder decoder = decoder(1);
        accept(decoder, 0, "Hel", null);
        accept(decoder, 0, "lo", null);
        assertThat(decoder.finished()).isFalse();
        accept(decoder, 0, "!", FinishReason.LENGTH);
        assertThat(decoder.finished()).isTrue();
        assertThat(events)
                .containsExactly(text(0, "Hel"), text(0, "lo"), text(0, "!"), new Finished(0, FinishReason.LENGTH, 6));
    }

    @Test
    void saysNothingWhileThereIsNoWholeCharacter() {
        OutputDecoder decoder = decoder(1);
        int[] shell = Utf8Stream.ids("🐚");
        for (int i = 0; i < 3; i++) {
            decoder.accept(0, new int[] {shell[i]}, List.of(), null);
        }
        assertThat(events).isEmpty();
        decoder.accept(0, new int[] {shell[3]}, List.of(), null);
        assertThat(events).containsExactly(text(0, "🐚"));
    }

    @Test
    void aCharacterThatStaysIncompleteIsReplacedAtTheEnd() {
        OutputDecoder decoder = decoder(1);
        decoder.accept(0, Arrays.copyOf(Utf8Stream.ids("🐚"), 2), List.of(), FinishReason.LENGTH);
        assertThat(events).containsExactly(text(0, "\uFFFD"), new Finished(0, FinishReason.LENGTH, 2));
    }

    @Test
    void endTokensEndTheChoiceUnseenAndUncounted() {
        OutputDecoder decoder = decoder(1);
        accept(decoder, 0, "ab$cd", FinishReason.LENGTH);
        assertThat(events).containsExactly(text(0, "ab"), new Finished(0, FinishReason.STOP, 2));
        accept(decoder, 0, "ef", FinishReason.STOP);
        assertThat(events).hasSize(2);
    }

    @Test
    void aStopSequenceIsCutAndItsTokensAreCounted() {
        OutputDecoder decoder = decoder(1, "END");
        accept(decoder, 0, "text E", null);
        accept(decoder, 0, "NDless", null);
        assertThat(events).containsExactly(text(0, "text "), new Finished(0, FinishReason.STOP, 8));
        assertThat(decoder.finished()).isTrue();
    }

    @Test
    void whatOnlyBeganAStopSequenceIsFlushed() {
        OutputDecoder decoder = decoder(1, "END");
        accept(decoder, 0, "text EN", FinishReason.STOP);
        assertThat(events).containsExactly(text(0, "text EN"), new Finished(0, FinishReason.STOP, 7));
    }

    @Test
    void theReplacementOfTheLastCharacterMayCompleteAStopSequence() {
        OutputDecoder decoder = decoder(1, "a\uFFFD");
        decoder.accept(0, new int[] {'a', 0xF0}, List.of(), FinishReason.LENGTH);
        assertThat(events).containsExactly(new Finished(0, FinishReason.STOP, 2));
    }

    @Test
    void choicesAreIndependent() {
        OutputDecoder decoder = decoder(2, "x");
        accept(decoder, 1, "bx", null);
        assertThat(decoder.finished()).isFalse();
        accept(decoder, 0, "a", FinishReason.STOP);
        assertThat(decoder.finished()).isTrue();
        assertThat(events)
                .containsExactly(
                        text(1, "b"),
                        new Finished(1, FinishReason.STOP, 2),
                        text(0, "a"),
                        new Finished(0, FinishReason.STOP, 1));
    }

    @Test
    void anEndWithoutTokensStillEndsTheChoice() {
        accept(decoder(1), 0, "", FinishReason.STOP);
        assertThat(events).containsExactly(new Finished(0, FinishReason.STOP, 0));
    }

    @Test
    void tokensTravelWithTheTextThatTheyComplete() {
        OutputDecoder decoder = new OutputDecoder(1, Utf8Stream::new, stop("END"), true, events::add);
        decoder.accept(0, new int[] {'a', 'E', Utf8Stream.CONTROL}, logprobs('a', 'E', Utf8Stream.CONTROL), null);
        decoder.accept(0, new int[] {0xC3, 0xA4}, logprobs(0xC3, 0xA4), null);
        decoder.accept(0, new int[] {'E', 'N', 'D'}, logprobs('E', 'N', 'D'), null);
        assertThat(events)
                .containsExactly(
                        new TextDelta(0, "a", new Tokens(List.of((int) 'a'), logprobs('a'))),
                        new TextDelta(
                                0,
                                "Eä",
                                new Tokens(
                                        List.of((int) 'E', Utf8Stream.CONTROL, 0xC3, 0xA4),
                                        logprobs('E', Utf8Stream.CONTROL, 0xC3, 0xA4))),
                        new Finished(0, FinishReason.STOP, 8));
    }

    @Test
    void refusesTokensAndChoicesThatDoNotExist() {
        OutputDecoder decoder = decoder(1);
        for (int choice : new int[] {-1, 1}) {
            assertBadUpstreamResponse(() -> decoder.accept(choice, new int[0], List.of(), null));
        }
        assertBadUpstreamResponse(() -> decoder.accept(0, new int[] {257}, List.of(), null));
    }

    @Property(tries = 1000)
    void chunkingChangesNothing(
            @ForAll("answers") String answer,
            @ForAll("stops") List<String> stops,
            @ForAll @Size(max = 12) List<@IntRange(max = 5) Integer> lengths) {
        int[] ids = Utf8Stream.ids(answer);
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

    @Provide
    Arbitrary<String> answers() {
        return Arbitraries.of("a", "b", "ä", "🐚", "$").list().ofMaxSize(15).map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<List<String>> stops() {
        return Arbitraries.of("ab", "aab", "🐚ä", "bb").list().ofMaxSize(2);
    }

    private OutputDecoder decoder(int choices, String... stops) {
        return new OutputDecoder(choices, Utf8Stream::new, stop(stops), false, events::add);
    }

    private static OutputDecoder decoder(Consumer<OutputEvent> sink, List<String> stops) {
        return new OutputDecoder(1, Utf8Stream::new, stop(stops.toArray(String[]::new)), false, sink);
    }

    private static StopConditions stop(String... sequences) {
        return StopConditions.of(100, List.of(END), List.of(sequences));
    }

    private static void accept(OutputDecoder decoder, int choice, String text, @Nullable FinishReason end) {
        decoder.accept(choice, Utf8Stream.ids(text), List.of(), end);
    }

    private static TextDelta text(int choice, String text) {
        return new TextDelta(choice, text, Tokens.NOT_TRACKED);
    }

    private static List<TokenLogprob> logprobs(int... ids) {
        return IntStream.of(ids)
                .mapToObj(id -> new TokenLogprob(id, -1f, List.of()))
                .toList();
    }

    private static String joined(List<OutputEvent> events) {
        StringBuilder text = new StringBuilder();
        for (OutputEvent event : events) {
            if (event instanceof TextDelta delta) {
                text.append(delta.text());
            }
        }
        return text.toString();
    }

    private static void assertBadUpstreamResponse(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        GenerationException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.BAD_UPSTREAM_RESPONSE));
    }
}
