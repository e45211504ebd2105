package dev.conch.output.toolcall.pythonic;

import dev.conch.output.toolcall.ToolFormat;
import java.util.List;

/** The dialects that write calls as Python does. */
public final class PythonicDialects {
    public static final List<ToolFormat> ALL = List.of(
            new PythonicDialect("pythonic", PythonicLayout.list()),
            new PythonicDialect("llama4_pythonic", PythonicLayout.list().between("<|python_start|>", "<|python_end|>")),
            new PythonicDialect("lfm2", PythonicLayout.list().between("<|tool_call_start|>", "<|tool_call_end|>")),
            new PythonicDialect("olmo3", PythonicLayout.lines("<function_calls>", "</function_calls>")));

    private PythonicDialects() {}
}
