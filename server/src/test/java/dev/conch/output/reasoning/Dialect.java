package dev.conch.output.reasoning;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A format as its model writes it, told apart from how the server knows it.
 *
 * @param implied whether the begin marker may be missing
 * @param anywhere whether blocks come anywhere
 * @param call what begins a call and ends the reasoning too; null: nothing does
 * @param answer what may begin the answer; null: nothing
 * @param answerEnd likewise what ends it
 */
record Dialect(
        String name,
        String begin,
        String end,
        boolean implied,
        boolean anywhere,
        @Nullable String call,
        @Nullable String answer,
        @Nullable String answerEnd) {

    static final List<Dialect> ALL = List.of(
            think("think_tags", false, null),
            think("deepseek_r1", true, null),
            think("deepseek_v3", false, null),
            think("qwen3", false, "<tool_call>\n<function=f>"),
            think("qwen3", false, "<tool_call>\n{\"name\": \"f\"}"),
            think("glm45", false, "<tool_call>f"),
            think("kimi_k2", true, "<|tool_calls_section_begin|><|tool_call_begin|>functions.f:0"),
            new Dialect("kimi", "◁think▷", "◁/think▷", false, false, null, null, null),
            think("minimax_m2", true, null),
            new Dialect("minimax_m3", "<mm:think>", "</mm:think>", false, false, null, null, null),
            think("nemotron", false, null),
            think("nemotron_v3", false, "<tool_call>\n<function=f>"),
            think("olmo3", true, null),
            think("step3", true, null),
            new Dialect("ernie45", "<think>", "</think>", true, false, null, "<response>", "</response>"),
            new Dialect("hunyuan_a13b", "<think>", "</think>", false, false, null, "<answer>", "</answer>"),
            new Dialect("granite_thinking", "<think>", "</think>", false, false, null, "<response>", "</response>"),
            granite("Here is"),
            granite("Here's"),
            new Dialect("mistral", "[THINK]", "[/THINK]", false, true, null, null, null),
            new Dialect("seed_oss", "<seed:think>", "</seed:think>", false, true, null, null, null),
            new Dialect("gemma4", "<|channel>thought", "<channel|>", false, true, "<|tool_call>call:f", null, null),
            new Dialect("apertus", "<|inner_prefix|>", "<|inner_suffix|>", false, true, null, null, null),
            command("<|START_RESPONSE|>", "<|END_RESPONSE|>"),
            command("<|START_TEXT|>", "<|END_TEXT|>"));

    private static Dialect think(String name, boolean implied, @Nullable String call) {
        return new Dialect(name, "<think>", "</think>", implied, false, call, null, null);
    }

    private static Dialect granite(String here) {
        return new Dialect(
                "granite", here + " my thought process:", here + " my response:", false, false, null, null, null);
    }

    private static Dialect command(String answer, String answerEnd) {
        return new Dialect(
                "command_a",
                "<|START_THINKING|>",
                "<|END_THINKING|>",
                false,
                true,
                "<|START_ACTION|>[",
                answer,
                answerEnd);
    }
}
