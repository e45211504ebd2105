package dev.conch.output.toolcall.xml;

import dev.conch.output.toolcall.ToolFormat;
import java.util.List;

/** The dialects that write each argument between tags of its own. */
public final class XmlDialects {
    private static final String QWEN_ARGUMENT = "<parameter={key}>\n{value}\n</parameter>\n";

    public static final List<ToolFormat> ALL = List.of(
            new XmlDialect(
                    "qwen3_coder",
                    XmlLayout.of("<tool_call>\n", "<function={name}>\n", QWEN_ARGUMENT, "</function>\n", "</tool_call>")
                            .withBareCalls(),
                    "<tool_call>",
                    "</tool_call>"),
            new XmlDialect(
                    "seed_oss",
                    XmlLayout.of(
                                    "<seed:tool_call>\n",
                                    "<function={name}>\n",
                                    QWEN_ARGUMENT,
                                    "</function>\n",
                                    "</seed:tool_call>")
                            .withBareCalls(),
                    "<seed:tool_call>",
                    "</seed:tool_call>"),
            glm("glm45", "\n"),
            glm("glm47", ""),
            new XmlDialect(
                    "minimax_m2",
                    XmlLayout.of(
                                    "<minimax:tool_call>\n",
                                    "<invoke name=\"{name}\">\n",
                                    "<parameter name=\"{key}\">{value}</parameter>\n",
                                    "</invoke>\n",
                                    "</minimax:tool_call>")
                            .withManyCalls(),
                    "<minimax:tool_call>",
                    "</minimax:tool_call>"),
            deepseek("deepseek_v32", "function_calls"),
            deepseek("deepseek_v4", "tool_calls"),
            new XmlDialect(
                    "step3",
                    XmlLayout.of(
                                    "<｜tool_calls_begin｜>\n",
                                    "<｜tool_call_begin｜>function<｜tool_sep｜><steptml:invoke name=\"{name}\">\n",
                                    "<steptml:parameter name=\"{key}\">{value}</steptml:parameter>\n",
                                    "</steptml:invoke><｜tool_call_end｜>\n",
                                    "<｜tool_calls_end｜>")
                            .withManyCalls(),
                    "<｜tool_calls_begin｜>",
                    "<｜tool_calls_end｜>",
                    "<｜tool_call_begin｜>",
                    "<｜tool_call_end｜>",
                    "<｜tool_sep｜>"));

    private XmlDialects() {}

    private static XmlDialect glm(String name, String lineBreak) {
        return new XmlDialect(
                name,
                XmlLayout.of(
                        "",
                        "<tool_call>{name}" + lineBreak,
                        "<arg_key>{key}</arg_key>" + lineBreak + "<arg_value>{value}</arg_value>" + lineBreak,
                        "</tool_call>",
                        ""),
                "<tool_call>",
                "</tool_call>",
                "<arg_key>",
                "</arg_key>",
                "<arg_value>",
                "</arg_value>");
    }

    private static XmlDialect deepseek(String name, String block) {
        return new XmlDialect(
                name,
                XmlLayout.of(
                                "<｜DSML｜" + block + ">\n",
                                "<｜DSML｜invoke name=\"{name}\">\n",
                                "<｜DSML｜parameter name=\"{key}\"" + XmlLayout.STRING + ">{value}</｜DSML｜parameter>\n",
                                "</｜DSML｜invoke>\n",
                                "</｜DSML｜" + block + ">")
                        .withManyCalls(),
                "｜DSML｜");
    }
}
