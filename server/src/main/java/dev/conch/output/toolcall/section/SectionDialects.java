package dev.conch.output.toolcall.section;

import dev.conch.output.toolcall.ToolFormat;
import dev.conch.output.toolcall.section.SectionLayout.Header;
import java.util.List;

/** The dialects that write calls in a section of their own. */
public final class SectionDialects {
    private static final List<String> DEEPSEEK_TOKENS = List.of(
            "<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", "<｜tool▁call▁begin｜>", "<｜tool▁call▁end｜>", "<｜tool▁sep｜>");

    public static final List<ToolFormat> ALL = List.of(
            deepseek("deepseek_v3", "function<｜tool▁sep｜>", "\n```json\n", "```", "\n"),
            deepseek("deepseek_v31", "", "<｜tool▁sep｜>", "", ""),
            new SectionDialect(
                    "functionary_v31",
                    new SectionLayout("", "", "<function=", "", Header.NAME, ">", "", "</function>", "", "", ""),
                    List.of()),
            new SectionDialect(
                    "kimi_k2",
                    new SectionLayout(
                            "<|tool_calls_section_begin|>",
                            "<|tool_call_section_begin|>",
                            "<|tool_call_begin|>",
                            "",
                            Header.NUMBERED_ID,
                            "<|tool_call_argument_begin|>",
                            "",
                            "<|tool_call_end|>",
                            "",
                            "<|tool_calls_section_end|>",
                            "<|tool_call_section_end|>"),
                    List.of(
                            "<|tool_calls_section_begin|>",
                            "<|tool_calls_section_end|>",
                            "<|tool_call_section_begin|>",
                            "<|tool_call_section_end|>",
                            "<|tool_call_begin|>",
                            "<|tool_call_argument_begin|>",
                            "<|tool_call_end|>")));

    private SectionDialects() {}

    private static ToolFormat deepseek(
            String name, String beforeName, String argumentsBegin, String fence, String separator) {
        return new SectionDialect(
                name,
                new SectionLayout(
                        "<｜tool▁calls▁begin｜>",
                        "",
                        "<｜tool▁call▁begin｜>",
                        beforeName,
                        Header.NAME,
                        argumentsBegin,
                        fence,
                        "<｜tool▁call▁end｜>",
                        separator,
                        "<｜tool▁calls▁end｜>",
                        ""),
                DEEPSEEK_TOKENS);
    }
}
