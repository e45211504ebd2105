package dev.conch.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a format is known by a chat template.
 *
 * @param format its name; null: one that no parser reads, and that must not be taken for another
 * @param marks texts that are all in the template's source
 */
record FormatRule(@Nullable String format, List<String> marks) {

    /** How the model writes calls. The first that fits is the one, so what is common to several comes after what is special. */
    static final List<FormatRule> TOOLS = List.of(
            rule("harmony", "<|channel|>", "<|message|>", "commentary"),
            rule("kimi_k2", "<|tool_calls_section_begin|>"),
            rule("deepseek_v4", "｜DSML｜", "tool_calls>"),
            rule("deepseek_v32", "｜DSML｜"),
            rule("deepseek_v3", "<｜tool▁call▁begin｜>", "```json"),
            rule("deepseek_v31", "<｜tool▁call▁begin｜>"),
            rule("step3", "<steptml:invoke"),
            new FormatRule(null, List.of("]<]minimax[>[")),
            rule("minimax_m2", "<minimax:tool_call>"),
            rule("minimax_m1", "<tool_calls>", "<beginning_of_sentence>"),
            rule("seed_oss", "<seed:tool_call>"),
            rule("longcat", "<longcat_tool_call>"),
            rule("glm47", "</arg_key><arg_value>"),
            rule("glm45", "<arg_key>"),
            rule("mistral_v11", "[TOOL_CALLS]", "[ARGS]"),
            rule("mistral_v3", "[TOOL_CALLS] ["),
            rule("mistral", "[TOOL_CALLS]"),
            rule("command_r7b", "<|START_ACTION|>"),
            rule("command_r", "Action: ```json"),
            rule("command_r", "Action:\n```json"),
            rule("nemotron", "<TOOLCALL>"),
            rule("phi4_mini_json", "functools["),
            rule("internlm2", "<|action_start|>"),
            rule("gigachat3", "<|function_call|>"),
            rule("apertus", "<|tools_prefix|>"),
            rule("lfm2", "<|tool_call_start|>"),
            rule("olmo3", "<function_calls>"),
            rule("functionary_v32", ">>>${recipient}"),
            rule("functionary_v31", "<function=", "<|python_tag|>"),
            rule("qwen3_coder", "<tool_call>", "<function="),
            rule("granite4", "<|start_of_role|>", "<tool_call>"),
            rule("granite", "<|start_of_role|>", "<|tool_call|>"),
            rule("granite_20b_fc", "<function_call>"),
            rule("jamba", "<tool_calls>", "<tool_definitions>"),
            rule("jamba", "<tool_calls>[\\n"),
            rule("hunyuan_a13b", "<tool_calls>"),
            rule("hermes", "<tool_call>"),
            rule("llama4_pythonic", "<|python_start|>", "[func_name1("),
            rule("llama4_json", "<|python_start|>"),
            rule("pythonic", "[func_name1("),
            rule("llama3_json", "<|python_tag|>"),
            rule("llama3_json", "\"parameters\": dictionary of argument name and its value"),
            rule("xlam", "[BEGIN OF AVAILABLE_TOOLS]"));

    /** Likewise for its reasoning. */
    static final List<FormatRule> REASONING = List.of(
            rule("harmony", "<|channel|>", "<|message|>", "analysis"),
            rule("functionary_v32", ">>>${recipient}"),
            rule("mistral", "[THINK]"),
            rule("seed_oss", "<seed:think>"),
            rule("minimax_m3", "<mm:think>"),
            rule("command_a", "<|START_THINKING|>"),
            rule("gemma4", "<|channel>"),
            rule("apertus", "<|inner_prefix|>"),
            rule("kimi", "◁think▷"),
            rule("granite", "Here is my thought process:"),
            rule("granite_thinking", "<think>", "<|start_of_role|>"),
            rule("hunyuan_a13b", "<think>", "<answer>"),
            rule("kimi_k2", "<think>", "<|im_middle|>"),
            rule("minimax_m2", "<think>", "<minimax:tool_call>"),
            rule("glm45", "<think>", "[gMASK]"),
            rule("step3", "<think>", "<steptml:invoke"),
            rule("olmo3", "<think>", "<function_calls>"),
            rule("nemotron", "<think>", "<TOOLCALL>"),
            rule("nemotron", "detailed thinking o"),
            rule("ernie45", "<think>", "<response>"),
            rule("deepseek_v3", "<think>", "<｜Assistant｜>", "thinking is defined"),
            rule("deepseek_r1", "</think>", "<｜Assistant｜>"),
            rule("qwen3", "<think>", "<|im_start|>", "<tool_call>"),
            rule("think_tags", "<think>"));

    private static FormatRule rule(String format, String... marks) {
        return new FormatRule(format, List.of(marks));
    }

    boolean fits(String source) {
        return marks.stream().allMatch(source::contains);
    }
}
