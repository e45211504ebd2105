package dev.conch.output;

import dev.conch.generation.FinishReason;
import dev.conch.generation.OutputEvent;
import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.OutputEvent.ReasoningDelta;
import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.generation.OutputEvent.Tokens;
import dev.conch.generation.OutputEvent.ToolCallArguments;
import dev.conch.generation.OutputEvent.ToolCallStarted;
import dev.conch.generation.TextLogprob;
import dev.conch.output.parser.AnswerParser;
import dev.conch.output.parser.AnswerSink;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of the text of one choice: has its parser take it apart, joins pieces of one kind that come together, counts what was
 * reasoning, and knows how a choice with calls ends. Not thread-safe.
 */
final class ChoiceEvents implements AnswerSink {
    private final int choice;
    private final AnswerFormat format;
    private final AnswerParser parser;
    private final Consumer<OutputEvent> sink;
    /** Ids that the model gave to its calls. */
    private final Set<String> ids = new HashSet<>();

    private final List<OutputEvent> ready = new ArrayList<>();
    /** The piece that is being joined, of the kind {@link #kind}. */
    private final StringBuilder piece = new StringBuilder();

    private Kind kind = Kind.TEXT;
    /** Tokens that no event was told with yet: the parser holds back their text. */
    private final List<Integer> waitingIds = new ArrayList<>();

    private final List<TextLogprob> waitingLogprobs = new ArrayList<>();
    /** How many tokens came since the parser last said something. */
    private int tokensHeldBack;

    private int reasoningTokens;
    private int calls;
    private boolean allWellFormed = true;

    private enum Kind {
        TEXT,
        REASONING,
        ARGUMENTS
    }

    ChoiceEvents(int choice, AnswerFormat format, Consumer<OutputEvent> sink) {
        this.choice = choice;
        this.format = format;
        this.parser = format.parser().get();
        this.sink = sink;
    }

    /** There is one token more, and this is the text that became certain with it; possibly none. */
    void token(String text) {
        tokensHeldBack++;
        if (!text.isEmpty()) {
            parser.accept(text, this);
        }
    }

    /**
     * Tells what was said so far.
     *
     * @param tokens those whose text is complete since the last time
     */
    void flush(Tokens tokens) {
        endPiece();
        waitingIds.addAll(tokens.ids());
        waitingLogprobs.addAll(tokens.logprobs());
        for (OutputEvent event : ready) {
            sink.accept(waitingIds.isEmpty() ? event : event.with(choice, takeWaiting()));
        }
        ready.clear();
    }

    private Tokens takeWaiting() {
        if (waitingIds.isEmpty()) {
            return Tokens.NONE;
        }
        var tokens = new Tokens(waitingIds, waitingLogprobs);
        waitingIds.clear();
        waitingLogprobs.clear();
        return tokens;
    }

    /**
     * Tells the rest and that it is all.
     *
     * @param rest the last text, possibly none
     * @param last the tokens that are left
     * @param completionTokens all that were generated
     */
    void finish(String rest, Tokens last, FinishReason reason, int completionTokens) {
        if (!rest.isEmpty()) {
            parser.accept(rest, this);
        }
        parser.finish(this);
        flush(last);
        boolean told = Math.min(calls, format.maxCalls()) > 0;
        boolean called = reason == FinishReason.STOP && told && allWellFormed;
        sink.accept(new Finished(
                choice, called ? FinishReason.TOOL_CALLS : reason, completionTokens, reasoningTokens, takeWaiting()));
    }

    @Override
    public void text(String text) {
        append(Kind.TEXT, text);
    }

    @Override
    public void reasoning(String text) {
        reasoningTokens += tokensHeldBack;
        append(Kind.REASONING, text);
    }

    @Override
    public void callStarted(String name, @Nullable String id) {
        tokensHeldBack = 0;
        calls++;
        if (wanted()) {
            endPiece();
            String known = id == null || id.isBlank() || !ids.add(id)
                    ? format.callIds().get()
                    : id;
            ready.add(new ToolCallStarted(choice, calls - 1, known, name, Tokens.NONE));
        }
    }

    @Override
    public void callArguments(String fragment) {
        tokensHeldBack = 0;
        if (wanted()) {
            append(Kind.ARGUMENTS, fragment);
        }
    }

    @Override
    public void callEnded(boolean wellFormed) {
        tokensHeldBack = 0;
        if (wanted()) {
            endPiece();
            allWellFormed &= wellFormed;
        }
    }

    private boolean wanted() {
        return calls <= format.maxCalls();
    }

    private void append(Kind of, String text) {
        tokensHeldBack = 0;
        if (kind != of) {
            endPiece();
            kind = of;
        }
        piece.append(text);
    }

    private void endPiece() {
        if (!piece.isEmpty()) {
            ready.add(
                    switch (kind) {
                        case TEXT -> new TextDelta(choice, piece.toString(), Tokens.NONE);
                        case REASONING -> new ReasoningDelta(choice, piece.toString(), Tokens.NONE);
                        case ARGUMENTS -> new ToolCallArguments(choice, calls - 1, piece.toString(), Tokens.NONE);
                    });
            piece.setLength(0);
        }
    }
}
