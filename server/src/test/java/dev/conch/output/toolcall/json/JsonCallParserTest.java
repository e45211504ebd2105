package dev.conch.output.toolcall.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.output.parser.AnswerParser;
import dev.conch.output.parser.AnswerSink;
import dev.conch.output.toolcall.registry.ToolFormats;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is told when: the scenarios of ToolDialectsTest only see what it adds up to. */
class JsonCallParserTest {
    private static final int MORE_THAN_IS_HELD = 70_000;

    private final List<String> told = new ArrayList<>();

    @Test
    void tellsWhatIsCertainAtOnce() {
        AnswerParser parser = parser("hermes");
        accept(parser, "Well. <tool", "Well. ");
        accept(parser, "_call>\n{\"name\": \"f\"");
        accept(parser, ", \"arguments\": {\"a\"", "call f", "{\"a\"");
        accept(parser, ": 1", ": 1");
        accept(parser, "}", "}");
        accept(parser, "}", "end");
        accept(parser, "\n</tool_call>");
        accept(parser, "\nSo", "\nSo");
    }

    @Test
    void argumentsThatComeFirstWaitForTheName() {
        AnswerParser parser = parser("hermes");
        accept(parser, "<tool_call>{\"arguments\": {\"a\": 1}, \"name\": ");
        accept(parser, "\"f\"", "call f", "{\"a\": 1}");
        accept(parser, "}", "end");
    }

    @Test
    void jsonThatCannotBeACallIsHeldNoLonger() {
        AnswerParser parser = parser("llama3_json");
        accept(parser, "{\"answ");
        accept(parser, "er\"", "{\"answer", "\"");
        accept(parser, ": 42}", ": 42}");
    }

    @Test
    void whatHasNotBecomeACallForLongIsText() {
        String arguments = "{\"arguments\": {\"a\": \"" + "x".repeat(MORE_THAN_IS_HELD) + "\"}, \"name\": \"f\"}";
        for (String text :
                List.of("<tool_call>" + arguments, "<tool_call>" + " ".repeat(MORE_THAN_IS_HELD) + arguments)) {
            for (int chunk : new int[] {1, 1000, text.length()}) {
                told.clear();
                AnswerParser parser = parser("hermes");
                for (int i = 0; i < text.length(); i += chunk) {
                    parser.accept(text.substring(i, Math.min(text.length(), i + chunk)), sink());
                }
                parser.finish(sink());
                assertThat(String.join("", told)).isEqualTo(text);
            }
        }
    }

    private static AnswerParser parser(String dialect) {
        return ToolFormats.byName(dialect).newParser(List.of());
    }

    private void accept(AnswerParser parser, String text, String... news) {
        told.clear();
        parser.accept(text, sink());
        assertThat(told).as("behind " + text).containsExactly(news);
    }

    private AnswerSink sink() {
        return new AnswerSink() {
            @Override
            public void text(String text) {
                told.add(text);
            }

            @Override
            public void reasoning(String text) {
                told.add("reasoning " + text);
            }

            @Override
            public void callStarted(String name, @Nullable String id) {
                told.add("call " + name);
            }

            @Override
            public void callArguments(String fragment) {
                told.add(fragment);
            }

            @Override
            public void callEnded(boolean wellFormed) {
                told.add(wellFormed ? "end" : "broken");
            }
        };
    }
}
