package dev.conch.bench;

import dev.conch.output.parser.AnswerParser;
import dev.conch.output.parser.AnswerSink;
import dev.conch.output.reasoning.ReasoningFormats;
import dev.conch.output.toolcall.FunctionSignature;
import dev.conch.output.toolcall.registry.ToolFormats;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Taking an answer apart: half of it reasoning, half of it the arguments of one call, in pieces of four characters, as many as a token has.
 * Time per token. If a parser looked back at what it has read, it would grow with the length of the answer.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ParserBenchmark {
    static final int SHORT = 256;
    static final int MIDDLE = 4096;
    static final int LONG = 65_536;

    private static final int CHARS_OF_A_TOKEN = 4;
    private static final String JSON_CALL = "<tool_call>\n{\"name\": \"write\", \"arguments\": {\"text\": \"";
    private static final String TAGGED_CALL = "<tool_call>\n<function=write>\n<parameter=text>\n";
    private static final List<FunctionSignature> FUNCTIONS = List.of(new FunctionSignature("write", Map.of(), false));

    /** Answers of several lengths, in the pieces in which they come. */
    @State(Scope.Benchmark)
    public static class Answers {
        private List<String> shortOne = List.of();
        private List<String> middle = List.of();
        private List<String> longOne = List.of();
        private List<String> tagged = List.of();

        /** Writes them. */
        @Setup(Level.Trial)
        public void write() {
            shortOne = pieces(SHORT, JSON_CALL);
            middle = pieces(MIDDLE, JSON_CALL);
            longOne = pieces(LONG, JSON_CALL);
            tagged = pieces(LONG, TAGGED_CALL);
        }

        /** Exactly so many tokens; the last one ends inside of the call. */
        private static List<String> pieces(int tokens, String call) {
            String half = "The sea is salty, and that is a question of rain. ".repeat(tokens / 20);
            String text = "<think>\n" + half + "</think>\n\n" + call + half + half;
            return IntStream.range(0, tokens)
                    .mapToObj(i -> text.substring(CHARS_OF_A_TOKEN * i, CHARS_OF_A_TOKEN * (i + 1)))
                    .toList();
        }
    }

    @Benchmark
    @OperationsPerInvocation(SHORT)
    public int parseShort(Answers answers) {
        return parse(answers.shortOne, "hermes");
    }

    @Benchmark
    @OperationsPerInvocation(MIDDLE)
    public int parseMiddle(Answers answers) {
        return parse(answers.middle, "hermes");
    }

    @Benchmark
    @OperationsPerInvocation(LONG)
    public int parseLong(Answers answers) {
        return parse(answers.longOne, "hermes");
    }

    @Benchmark
    @OperationsPerInvocation(LONG)
    public int parseTagged(Answers answers) {
        return parse(answers.tagged, "qwen3_coder");
    }

    private static int parse(List<String> pieces, String dialect) {
        AnswerParser parser = ReasoningFormats.builtIn()
                .byName("qwen3")
                .newParser("", ToolFormats.byName(dialect).newParser(FUNCTIONS));
        var length = new Length();
        for (String piece : pieces) {
            parser.accept(piece, length);
        }
        parser.finish(length);
        return length.chars;
    }

    /** Counts what it is told. */
    private static final class Length implements AnswerSink {
        private int chars;

        @Override
        public void text(String text) {
            chars += text.length();
        }

        @Override
        public void reasoning(String text) {
            chars += text.length();
        }

        @Override
        public void callStarted(String name, @Nullable String id) {
            chars += name.length();
        }

        @Override
        public void callArguments(String fragment) {
            chars += fragment.length();
        }

        @Override
        public void callEnded(boolean wellFormed) {}
    }
}
