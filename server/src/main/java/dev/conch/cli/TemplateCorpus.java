package dev.conch.cli;

import dev.conch.chat.ChatTemplate;
import dev.conch.chat.ContinuationException;
import dev.conch.chat.PlainJson;
import dev.conch.chat.TemplateInput;
import dev.conch.chat.jinja.RenderLimits;
import dev.conch.chat.jinja.TemplateException;
import dev.conch.chat.jinja.TemplateRefusedException;
import dev.conch.chat.jinja.TemplateSyntaxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A chat template with the conversations and the prompts that {@code transformers} makes of them: one JSON file with {@code template},
 * {@code bos_token}, {@code eos_token}, {@code now} and {@code cases}, each case with {@code id}, {@code messages}, {@code tools},
 * {@code documents}, {@code kwargs}, {@code add_generation_prompt}, {@code continue_final_message}, and {@code expected} or {@code error}.
 */
final class TemplateCorpus {
    private static final String INDEX = "INDEX.json";
    private static final String ENDING = ".json";

    private final String name;
    private final Map<?, ?> file;
    private final Clock clock;
    private final Function<Map<?, ?>, String> rendering;

    private TemplateCorpus(String fileName, Map<?, ?> file) {
        name = file.get("name") instanceof String text ? text : fileName;
        this.file = file;
        clock = clock(file.get("now") == null ? "1970-01-01T00:00:00" : Field.text(file, "now"));
        rendering = rendering(Field.text(file, "template"));
    }

    /**
     * What came of one case.
     *
     * @param name {@code template/case}
     * @param problem what is wrong; null if nothing is
     */
    record Result(String name, @Nullable String problem) {}

    /** The templates of a folder, in the order of their names. */
    static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(TemplateCorpus::isTemplate).sorted().toList();
        }
    }

    private static boolean isTemplate(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(ENDING) && !name.equals(INDEX);
    }

    /** Renders all cases of a file. One that cannot be read is one failure. */
    static List<Result> check(Path path) {
        String fileName = String.valueOf(path.getFileName());
        String name = fileName.substring(0, fileName.length() - ENDING.length());
        try {
            return new TemplateCorpus(name, Field.map(PlainJson.read(Files.readString(path)), "file")).check();
        } catch (IOException | RuntimeException e) {
            return List.of(new Result(name, "cannot be read: " + e.getMessage()));
        }
    }

    private static Clock clock(String now) {
        return Clock.fixed(LocalDateTime.parse(now.replace(' ', 'T')).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
    }

    private List<Result> check() {
        List<Result> results = new ArrayList<>();
        for (Object element : Field.list(file, "cases")) {
            results.add(check(element, results.size()));
        }
        return results;
    }

    /** A case without an id is known by its number. */
    private Result check(@Nullable Object element, int number) {
        Object id = element instanceof Map<?, ?> fields ? fields.get("id") : null;
        return new Result(name + "/" + (id == null ? number : id), problemOrFailure(element));
    }

    private @Nullable String problemOrFailure(@Nullable Object element) {
        try {
            return problem(Field.map(element, "case"));
        } catch (RuntimeException e) {
            return "cannot be checked: " + e.getMessage();
        }
    }

    private @Nullable String problem(Map<?, ?> testCase) {
        Map<?, ?> error = Field.optionalMap(testCase, "error");
        try {
            String text = rendering.apply(testCase);
            if (error != null) {
                return "rendered, but should have failed: " + error.get("message");
            }
            return Difference.between(Field.text(testCase, "expected"), text);
        } catch (TemplateException | TemplateSyntaxException | ContinuationException e) {
            return error == null ? "failed: " + e.getMessage() : wrongFailure(error, e);
        }
    }

    /** Any failure is a failure, but a refusal has to be in the template's words. */
    private static @Nullable String wrongFailure(Map<?, ?> error, RuntimeException failure) {
        boolean refusal = "raise_exception".equals(error.get("kind"));
        boolean inItsWords = failure instanceof TemplateRefusedException
                && Field.text(error, "message").equals(failure.getMessage());
        return refusal && !inItsWords
                ? "should have refused with: " + error.get("message") + ", but failed: " + failure.getMessage()
                : null;
    }

    /** A template that cannot be compiled fails in all of its cases. */
    private Function<Map<?, ?>, String> rendering(String source) {
        try {
            ChatTemplate template = ChatTemplate.compile(source, specialTokens());
            return testCase -> render(template, testCase);
        } catch (TemplateSyntaxException e) {
            return _ -> {
                throw e;
            };
        }
    }

    private String render(ChatTemplate template, Map<?, ?> testCase) {
        var input = new TemplateInput(
                Field.list(testCase, "messages").stream()
                        .map(message -> Field.named(Field.map(message, "message")))
                        .toList(),
                Field.optionalList(testCase, "tools"),
                Field.optionalList(testCase, "documents"),
                testCase.get("kwargs") == null ? Map.of() : Field.named(Field.map(testCase.get("kwargs"), "kwargs")),
                Boolean.TRUE.equals(testCase.get("add_generation_prompt")),
                Boolean.TRUE.equals(testCase.get("continue_final_message")));
        return template.apply(input, RenderLimits.DEFAULT, clock).text();
    }

    private Map<String, String> specialTokens() {
        var tokens = new LinkedHashMap<String, String>();
        for (String token : List.of("bos_token", "eos_token")) {
            if (file.get(token) instanceof String text) {
                tokens.put(token, text);
            }
        }
        return tokens;
    }
}
