package dev.conch.output.reasoning;

import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.AnyText;
import dev.conch.generation.OutputConstraint.OneOf;
import dev.conch.generation.OutputConstraint.Regex;
import dev.conch.generation.OutputConstraint.Sequence;
import dev.conch.generation.OutputConstraint.Tag;
import dev.conch.output.parser.AnswerParser;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reasoning between two markers, before the answer.
 *
 * @param block its markers
 * @param implied whether an answer without a begin marker is reasoning up to the end marker
 * @param response the markers that some models put around the answer, which are left out; null: there are none
 */
record MarkedReasoning(
        String name,
        BlockMarks block,
        boolean implied,
        @Nullable BlockMarks response) implements ReasoningFormat {
    /** What models write between the end marker and the answer. */
    private static final OutputConstraint LINE_BREAKS = new Regex("\\n{0,2}");

    /** One block, which begins the answer, or none. */
    static MarkedReasoning of(String name, String begin, String end) {
        return of(name, List.of(begin), List.of(end));
    }

    /** Likewise, with several markers that mean the same; the first ones are those that a constraint asks for. */
    static MarkedReasoning of(String name, List<String> begins, List<String> ends) {
        return new MarkedReasoning(name, new BlockMarks(begins, ends, List.of(), false), false, null);
    }

    /** The answer begins with reasoning even if its begin marker is missing. */
    MarkedReasoning impliedAtTheBeginning() {
        return new MarkedReasoning(name, block, true, response);
    }

    /** Blocks may also come behind text, because nobody writes the markers for another purpose: they are control tokens. */
    MarkedReasoning anywhere() {
        return withBlock(new BlockMarks(block.begins(), block.ends(), block.breaks(), true));
    }

    /** Text with which the model begins a call without having ended its reasoning. */
    MarkedReasoning brokenBy(String... breaks) {
        return withBlock(new BlockMarks(block.begins(), block.ends(), List.of(breaks), block.anywhere()));
    }

    private MarkedReasoning withBlock(BlockMarks changed) {
        return new MarkedReasoning(name, changed, implied, response);
    }

    /** The answer may be marked too. */
    MarkedReasoning thenBetween(List<String> begins, List<String> ends) {
        return new MarkedReasoning(name, block, implied, new BlockMarks(begins, ends, List.of(), false));
    }

    @Override
    public AnswerParser newParser(String prompt, AnswerParser answer) {
        AnswerParser unmarked = response == null
                ? answer
                : new MarkedBlockParser(response, BlockPlace.BEFORE, false, answer::accept, answer);
        return new MarkedBlockParser(
                block, BlockPlace.atTheEndOf(prompt, block), implied, (text, sink) -> sink.reasoning(text), unmarked);
    }

    @Override
    public OutputConstraint constraint(String prompt, OutputConstraint answer) {
        return switch (BlockPlace.atTheEndOf(prompt, block)) {
            case ENDED, AFTER -> marked(answer);
            case BEGUN, INSIDE -> reasoned("", answer);
            case BEFORE -> implied ? reasoned("", answer) : new OneOf(reasonedOrNot(answer));
        };
    }

    private List<OutputConstraint> reasonedOrNot(OutputConstraint answer) {
        List<OutputConstraint> ways = new ArrayList<>();
        block.begins().forEach(begin -> ways.add(reasoned(begin, answer)));
        ways.add(marked(answer));
        return ways;
    }

    private OutputConstraint reasoned(String begin, OutputConstraint answer) {
        var reasoning = new Tag(begin, new AnyText(), block.ends().getFirst());
        return new Sequence(List.of(reasoning, LINE_BREAKS, marked(answer)));
    }

    private OutputConstraint marked(OutputConstraint answer) {
        if (response == null) {
            return answer;
        }
        var marked =
                new Tag(response.begins().getFirst(), answer, response.ends().getFirst());
        return new OneOf(List.of(marked, answer));
    }

    @Override
    public List<String> markers() {
        List<String> markers = new ArrayList<>(block.begins());
        markers.addAll(block.ends());
        if (response != null) {
            markers.addAll(response.begins());
            markers.addAll(response.ends());
        }
        return List.copyOf(markers);
    }
}
