package dev.conch.bench;

import com.google.gson.JsonParser;
import dev.conch.chat.jinja.ClientText;
import dev.conch.chat.jinja.JinjaTemplate;
import dev.conch.chat.jinja.RenderLimits;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Renders of a conversation of ten messages by one thread: with ChatML, and with the tool template of Llama 3.1, which is not part of this
 * project: {@code CONCH_SHARED} names the folder that has it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class RenderBenchmark {
    private static final String CHATML = """
            {% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}\
            {% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}""";
    private static final String LLAMA = "chat-templates/public/llama3.1-8b-instruct.json";

    /** What is rendered by a short template. */
    @State(Scope.Thread)
    public static class ChatMl {
        private final JinjaTemplate template = JinjaTemplate.compile(CHATML);
        private final Map<String, Object> variables = variables();
    }

    /** What is rendered by a long one. */
    @State(Scope.Thread)
    public static class LlamaTools {
        private final JinjaTemplate template = JinjaTemplate.compile(llama());
        private final Map<String, Object> variables = variables();

        public LlamaTools() {
            variables.put("tools", List.of(tool()));
        }
    }

    @Benchmark
    public String renderChatMl(ChatMl state) {
        return render(state.template, state.variables);
    }

    @Benchmark
    public String renderLlamaTools(LlamaTools state) {
        return render(state.template, state.variables);
    }

    private static String render(JinjaTemplate template, Map<String, Object> variables) {
        return template.render(variables, RenderLimits.DEFAULT, Clock.systemUTC())
                .text();
    }

    private static String llama() {
        String shared =
                Objects.requireNonNull(System.getenv("CONCH_SHARED"), "CONCH_SHARED is not set (expected: a folder)");
        try (Reader reader = Files.newBufferedReader(Path.of(shared, LLAMA))) {
            return JsonParser.parseReader(reader)
                    .getAsJsonObject()
                    .get("template")
                    .getAsString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> variables() {
        List<Map<String, Object>> messages = new ArrayList<>();
        messages.add(message("system", "You are a helpful assistant that answers briefly and to the point."));
        for (int turn = 0; turn < 4; turn++) {
            messages.add(message("user", turn + ". How do I read a file line by line in Java, and what does it cost?"));
            messages.add(
                    message("assistant", "With Files.lines or a BufferedReader; both read as they go. Close them."));
        }
        messages.add(message("user", "Thanks. And now in Python, please, with an example."));
        Map<String, Object> variables = new HashMap<>();
        variables.put("messages", messages);
        variables.put("bos_token", "<|begin_of_text|>");
        variables.put("add_generation_prompt", true);
        return variables;
    }

    private static Map<String, Object> message(String role, String content) {
        return Map.of("role", role, "content", new ClientText(content));
    }

    private static Map<String, Object> tool() {
        Map<String, Object> city = Map.of("type", "string", "description", "The city");
        Map<String, Object> parameters =
                Map.of("type", "object", "properties", Map.of("city", city), "required", List.of("city"));
        return Map.of(
                "type",
                "function",
                "function",
                Map.of("name", "get_weather", "description", "Get the weather", "parameters", parameters));
    }
}
