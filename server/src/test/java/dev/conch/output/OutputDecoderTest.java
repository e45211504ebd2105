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
import dev.conch.generation.TextLogprob;
import dev.conch.generation.TokenLogprob;
import dev.conch.generation.TokenText.Bytes;
import dev.conch.generation.TokenText.Characters;
import dev.conch.output.parser.PlainText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
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
    private static final Utf8Tokenizer TOKENIZER = new Utf8Tokenizer();
    private static final TextForm TRACKED = new TextForm(true, false, true);

    private final List<OutputEvent> events = new ArrayList<>();

    @Test
    void aControlTokenThatAParserNeedsIsShownToIt() {
        var format = new AnswerFormat(PlainText::new, () -> "", 0, Set.of(Utf8Tokenizer.CONTROL));
        OutputDecoder decoder = new OutputDecoder(0, 1, TOKENIZER, stop(), TextForm.PLAIN, format, events::add);
        decoder.accept(0, new int[] {'a', 0xC3, Utf8Tokenizer.CONTROL, 'b'}, List.of(), FinishReason.STOP);
        assertThat(joined(events)).isEqualTo("a\uFFFD<c>b");
    }

    @Test
    void otherControlTokensAreNot() {
        var format = new AnswerFormat(PlainText::new, () -> "", 0, Set.of(7));
        OutputDecoder decoder = new OutputDecoder(0, 1, TOKENIZER, stop(), TextForm.PLAIN, format, events::add);
        decoder.accept(0, new int[] {'a', 0xC3, Utf8Tokenizer.CONTROL, 'b'}, List.of(), FinishReason.STOP);
        assertThat(joined(events)).isEqualTo("a\uFFFDb");
    }

    @Test
    void emitsTextAsItComesAndOneEnd() {
        OutputDecoder decoder = decoder(1);
        accept(decoder, 0, "Hel", null);
        accept(decoder, 0, "lo", null);
        assertThat(decoder.finished()).isFalse();
        accept(decoder, 0, "!", FinishReason.LENGTH);
        assertThat(decoder.finished()).isTrue();
        assertThat(events).containsExactly(text(0, "Hel"), text(0, "lo"), text(0, "!"), end(0, FinishReason.LENGTH, 6));
    }

    @Test
    void saysNothingWhileThereIsNoWholeCharacter() {
        OutputDecoder decoder = decoder(1);
        int[] shell = Utf8Tokenizer.ids("🐚");
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
        decoder.accept(0, Arrays.copyOf(Utf8Tokenizer.ids("🐚"), 2), List.of(), FinishReason.LENGTH);
        assertThat(events).containsExactly(text(0, "\uFFFD"), end(0, FinishReason.LENGTH, 2));
    }

    @Test
    void endTokensEndTheChoiceUnseenAndUncounted() {
        OutputDecoder decoder = decoder(1);
        accept(decoder, 0, "ab$cd", FinishReason.LENGTH);
        assertThat(events).containsExactly(text(0, "ab"), end(0, FinishReason.STOP, 2));
        accept(decoder, 0, "ef", FinishReason.STOP);
        assertThat(events).hasSize(2);
    }

    @Test
    void aStopSequenceIsCutAndItsTokensAreCounted() {
        OutputDecoder decoder = decoder(1, "END");
        accept(decoder, 0, "text E", null);
        accept(decoder, 0, "NDless", null);
        assertThat(events).containsExactly(text(0, "text "), end(0, FinishReason.STOP, 8));
        assertThat(decoder.finished()).isTrue();
    }

    /** A caller that wants to see what ended its answer means its own sequences; how the model ends a turn is nobody's affair. */
    @Test
    void theModelsOwnEndIsNeverShown() {
        var stop = new StopConditions(
                100, 0, List.of(END), List.of(), List.of("STOP", "both"), List.of("END", "both"), true);
        for (String ending : List.of("STOP", "both")) {
            events.clear();
            accept(
                    new OutputDecoder(0, 1, TOKENIZER, stop, TextForm.PLAIN, AnswerFormat.TEXT, events::add),
                    0,
                    "text " + ending + "less",
                    null);
            assertThat(events)
                    .containsExactly(text(0, "text " + ending), end(0, FinishReason.STOP, 5 + ending.length()));
        }
        events.clear();
        accept(
                new OutputDecoder(0, 1, TOKENIZER, stop, TextForm.PLAIN, AnswerFormat.TEXT, events::add),
                0,
                "text ENDless",
                null);
        assertThat(events).containsExactly(text(0, "text "), end(0, FinishReason.STOP, 8));
    }

    @Test
    void whatOnlyBeganAStopSequenceIsFlushed() {
        OutputDecoder decoder = decoder(1, "END");
        accept(decoder, 0, "text EN", FinishReason.STOP);
        assertThat(events).containsExactly(text(0, "text EN"), end(0, FinishReason.STOP, 7));
    }

    @Test
    void theReplacementOfTheLastCharacterMayCompleteAStopSequence() {
        OutputDecoder decoder = decoder(1, "a\uFFFD");
        decoder.accept(0, new int[] {'a', 0xF0}, List.of(), FinishReason.LENGTH);
        assertThat(events).containsExactly(end(0, FinishReason.STOP, 2));
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
                        text(1, "b"), end(1, FinishReason.STOP, 2), text(0, "a"), end(0, FinishReason.STOP, 1));
    }

    @Test
    void anEndWithoutTokensStillEndsTheChoice() {
        accept(decoder(1), 0, "", FinishReason.STOP);
        assertThat(events).containsExactly(end(0, FinishReason.STOP, 0));
    }

    @Test
    void tokensTravelWithTheTextThatTheyComplete() {
        OutputDecoder decoder = tracking(stop("END"));
        accept(decoder, 'a', 'E', Utf8Tokenizer.CONTROL);
        accept(decoder, 0xC3, 0xA4);
        accept(decoder, 'E', 'N', 'D');
        assertThat(events)
                .containsExactly(
                        new TextDelta(0, "a", new Tokens(List.of((int) 'a'), List.of(logprob("a", 0)))),
                        new TextDelta(
                                0,
                                "Eä",
                                new Tokens(
                                        List.of((int) 'E', Utf8Tokenizer.CONTROL, 0xC3, 0xA4),
                                        List.of(logprob("E", 1), control(2), logprob(0xC3, 2), logprob(0xA4, 2)))),
                        end(0, FinishReason.STOP, 8));
    }

    @Test
    void tokensWithoutTextComeWithTheEnd() {
        OutputDecoder decoder = tracking(stop());
        accept(decoder, 'a');
        decoder.accept(0, new int[] {Utf8Tokenizer.CONTROL}, logprobs(Utf8Tokenizer.CONTROL), FinishReason.LENGTH);
        assertThat(events.getLast())
                .isEqualTo(new Finished(
                        0, FinishReason.LENGTH, 2, 0, new Tokens(List.of(Utf8Tokenizer.CONTROL), List.of(control(1)))));
    }

    @Test
    void aStopSequenceThatIsAskedForStaysAndNothingBehindIt() {
        OutputDecoder decoder = tracking(stop(0, List.of(), true, "END"));
        accept(decoder, 't', 'E', 'N', 'D', 's');
        assertThat(joined(events)).isEqualTo("tEND");
        assertThat(ids(events)).containsExactly((int) 't', (int) 'E', (int) 'N', (int) 'D');
        assertThat(events.getLast()).isEqualTo(end(0, FinishReason.STOP, 4));
    }

    @Test
    void aStopTokenIsCutAndCounted() {
        OutputDecoder decoder = tracking(stop(0, List.of((int) '!'), false));
        accept(decoder, 'a', '!', 'b');
        assertThat(joined(events)).isEqualTo("a");
        assertThat(ids(events)).containsExactly((int) 'a');
        assertThat(events.getLast()).isEqualTo(end(0, FinishReason.STOP, 2));
    }

    @Test
    void aStopTokenThatIsAskedForStays() {
        OutputDecoder decoder = tracking(stop(0, List.of((int) '!'), true));
        accept(decoder, 'a', '!', 'b');
        assertThat(joined(events)).isEqualTo("a!");
        assertThat(ids(events)).containsExactly((int) 'a', (int) '!');
    }

    @Test
    void nothingOfTheCallersEndsAnAnswerThatIsTooShort() {
        OutputDecoder decoder = tracking(stop(4, List.of((int) '!'), false, "ab"));
        accept(decoder, 'a', 'b', '!', 'a', 'b', 'c');
        assertThat(joined(events)).isEqualTo("ab!");
        assertThat(events.getLast()).isEqualTo(end(0, FinishReason.STOP, 5));
    }

    @Test
    void theModelsEndTokensEndAnyAnswer() {
        OutputDecoder decoder = tracking(stop(4, List.of(), false));
        accept(decoder, 'a', END);
        assertThat(events.getLast()).isEqualTo(end(0, FinishReason.STOP, 1));
    }

    @Test
    void controlTokensAreShownIfAskedFor() {
        var shown = new TextForm(false, false, false);
        OutputDecoder decoder = new OutputDecoder(0, 1, TOKENIZER, stop(), shown, AnswerFormat.TEXT, events::add);
        decoder.accept(0, new int[] {'a', Utf8Tokenizer.CONTROL, 'b'}, List.of(), FinishReason.STOP);
        assertThat(joined(events)).isEqualTo("a<c>b");
    }

    @Test
    void controlTokensStandApartIfAskedFor() {
        int control = Utf8Tokenizer.CONTROL;
        var spaced = new TextForm(false, true, false);
        OutputDecoder decoder = new OutputDecoder(0, 1, TOKENIZER, stop(), spaced, AnswerFormat.TEXT, events::add);
        decoder.accept(
                0, new int[] {control, 'a', 'b', 0xC3, control, control, 0xC3, 0xA4}, List.of(), FinishReason.STOP);
        assertThat(joined(events)).isEqualTo("<c> ab\uFFFD <c> <c> ä");
    }

    @Test
    void choicesAreNumberedFromWhereTheyAreTold() {
        OutputDecoder decoder =
                new OutputDecoder(6, 2, TOKENIZER, stop(), TextForm.PLAIN, AnswerFormat.TEXT, events::add);
        accept(decoder, 1, "x", FinishReason.STOP);
        assertThat(events).containsExactly(text(7, "x"), end(7, FinishReason.STOP, 1));
    }

    @Test
    void alternativesAreNamedLikeTokens() {
        OutputDecoder decoder = tracking(stop());
        var alternatives = List.of(
                new TokenLogprob.Alternative('b', -1),
                new TokenLogprob.Alternative(Utf8Tokenizer.CONTROL, -2),
                new TokenLogprob.Alternative(300, -3));
        decoder.accept(0, new int[] {'a'}, List.of(new TokenLogprob('a', -0.5f, alternatives)), null);
        assertThat(((TextDelta) events.getFirst())
                        .tokens()
                        .logprobs()
                        .getFirst()
                        .alternatives())
                .as("what the vocabulary does not have is left out")
                .containsExactly(
                        new TextLogprob.Alternative(new Characters("b", false), -1),
                        new TextLogprob.Alternative(new Characters("<c>", true), -2));
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

    private OutputDecoder decoder(int choices, String... stops) {
        return new OutputDecoder(0, choices, TOKENIZER, stop(stops), TextForm.PLAIN, AnswerFormat.TEXT, events::add);
    }

    private static OutputDecoder decoder(Consumer<OutputEvent> sink, List<String> stops) {
        return new OutputDecoder(
                0, 1, TOKENIZER, stop(stops.toArray(String[]::new)), TextForm.PLAIN, AnswerFormat.TEXT, sink);
    }

    private OutputDecoder tracking(StopConditions stop) {
        return new OutputDecoder(0, 1, TOKENIZER, stop, TRACKED, AnswerFormat.TEXT, events::add);
    }

    private static StopConditions stop(String... sequences) {
        return StopConditions.of(100, List.of(END), List.of(sequences));
    }

    private static StopConditions stop(
            int minTokens, List<Integer> stopTokenIds, boolean includeStop, String... sequences) {
        return new StopConditions(100, minTokens, List.of(END), stopTokenIds, List.of(sequences), includeStop);
    }

    private static void accept(OutputDecoder decoder, int... ids) {
        decoder.accept(0, ids, logprobs(ids), null);
    }

    private static Finished end(int choice, FinishReason reason, int tokens) {
        return new Finished(choice, reason, tokens, 0, Tokens.NONE);
    }

    private static TextLogprob logprob(String text, int offset) {
        return new TextLogprob(new Characters(text, false), -1f, List.of(), offset);
    }

    private static TextLogprob logprob(int singleByte, int offset) {
        return new TextLogprob(new Bytes(new byte[] {(byte) singleByte}), -1f, List.of(), offset);
    }

    private static TextLogprob control(int offset) {
        return new TextLogprob(new Characters("<c>", true), -1f, List.of(), offset);
    }

    private static void accept(OutputDecoder decoder, int choice, String text, @Nullable FinishReason end) {
        decoder.accept(choice, Utf8Tokenizer.ids(text), List.of(), end);
    }

    private static TextDelta text(int choice, String text) {
        return new TextDelta(choice, text, Tokens.NONE);
    }

    private static List<TokenLogprob> logprobs(int... ids) {
        return IntStream.of(ids)
                .mapToObj(id -> new TokenLogprob(id, -1f, List.of()))
                .toList();
    }

    private static List<Integer> ids(List<OutputEvent> events) {
        return events.stream().flatMap(event -> tokens(event).ids().stream()).toList();
    }

    private static Tokens tokens(OutputEvent event) {
        return switch (event) {
            case TextDelta text -> text.tokens();
            case Finished finished -> finished.tokens();
            default -> Tokens.NONE;
        };
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
