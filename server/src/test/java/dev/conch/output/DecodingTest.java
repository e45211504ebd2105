package dev.conch.output;

import dev.conch.generation.FinishReason;
import dev.conch.generation.OutputEvent;
import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.generation.OutputEvent.Tokens;
import dev.conch.generation.StopConditions;
import dev.conch.generation.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Decoders over bytes as tokens, and the events that come out. */
abstract class DecodingTest {
    static final int END = '$';
    static final Utf8Tokenizer TOKENIZER = new Utf8Tokenizer();
    static final TextForm TRACKED = new TextForm(true, false, true);

    final List<OutputEvent> events = new ArrayList<>();

    final OutputDecoder decoder(int choices, String... stops) {
        return new OutputDecoder(0, choices, TOKENIZER, stop(stops), TextForm.PLAIN, AnswerFormat.TEXT, events::add);
    }

    final OutputDecoder tracking(StopConditions stop) {
        return new OutputDecoder(0, 1, TOKENIZER, stop, TRACKED, AnswerFormat.TEXT, events::add);
    }

    static StopConditions stop(String... sequences) {
        return StopConditions.of(100, List.of(END), List.of(sequences));
    }

    static StopConditions stop(int minTokens, List<Integer> stopTokenIds, boolean includeStop, String... sequences) {
        return new StopConditions(100, minTokens, List.of(END), stopTokenIds, List.of(sequences), includeStop);
    }

    static void accept(OutputDecoder decoder, int... ids) {
        decoder.accept(0, ids, logprobs(ids), null);
    }

    static void accept(OutputDecoder decoder, int choice, String text, @Nullable FinishReason end) {
        decoder.accept(choice, Utf8Tokenizer.ids(text), List.of(), end);
    }

    static Finished end(int choice, FinishReason reason, int tokens) {
        return new Finished(choice, reason, tokens, 0, Tokens.NONE);
    }

    static TextDelta text(int choice, String text) {
        return new TextDelta(choice, text, Tokens.NONE);
    }

    static List<TokenLogprob> logprobs(int... ids) {
        return IntStream.of(ids)
                .mapToObj(id -> new TokenLogprob(id, -1f, List.of()))
                .toList();
    }

    static List<Integer> ids(List<OutputEvent> events) {
        return events.stream().flatMap(event -> tokens(event).ids().stream()).toList();
    }

    static Tokens tokens(OutputEvent event) {
        return switch (event) {
            case TextDelta text -> text.tokens();
            case Finished finished -> finished.tokens();
            default -> Tokens.NONE;
        };
    }

    static String joined(List<OutputEvent> events) {
        StringBuilder text = new StringBuilder();
        for (OutputEvent event : events) {
            if (event instanceof TextDelta delta) {
                text.append(delta.text());
            }
        }
        return text.toString();
    }
}
