package dev.conch.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.conch.chat.PlainJson;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Renders what the real Jinja2 rendered, and fails where it failed. */
class GoldenTest {
    private static final Set<String> NOT_COMPILED =
            Set.of("SyntaxError", "TemplateSyntaxError", "TemplateAssertionError");
    private static final JsonObject GOLDEN = golden();

    @TestFactory
    Stream<DynamicContainer> rendersLikeJinja() {
        return GOLDEN.getAsJsonArray("cases").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .collect(Collectors.groupingBy(testCase -> testCase.get("group").getAsString()))
                .entrySet()
                .stream()
                .map(group -> DynamicContainer.dynamicContainer(
                        group.getKey(),
                        group.getValue().stream()
                                .map(testCase -> DynamicTest.dynamicTest(
                                        PythonRepr.of(testCase.get("template").getAsString()),
                                        () -> check(testCase)))));
    }

    private static void check(JsonObject testCase) {
        String template = testCase.get("template").getAsString();
        if (testCase.has("expected")) {
            assertThat(render(template)).isEqualTo(testCase.get("expected").getAsString());
        } else if (testCase.has("refused")) {
            assertThat(catchThrowable(() -> render(template)))
                    .isInstanceOf(TemplateRefusedException.class)
                    .hasMessage(testCase.get("refused").getAsString());
        } else {
            Throwable failure = catchThrowable(() -> render(template));
            assertThat(failure).isNotInstanceOf(TemplateLimitException.class);
            assertThat(failure)
                    .isInstanceOf(
                            NOT_COMPILED.contains(testCase.get("fails").getAsString())
                                    ? TemplateSyntaxException.class
                                    : TemplateException.class);
        }
    }

    private static String render(String template) {
        Clock clock = Clock.fixed(
                LocalDateTime.parse(GOLDEN.get("now").getAsString()).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
        return JinjaTemplate.compile(template)
                .render(context(), RenderLimits.DEFAULT, clock)
                .text();
    }

    private static Map<String, Object> context() {
        Map<String, Object> context = new LinkedHashMap<>();
        Object json = PlainJson.read(GOLDEN.getAsJsonObject("context").toString());
        ((Map<?, ?>) Objects.requireNonNull(json)).forEach((name, value) -> context.put((String) name, value));
        return context;
    }

    private static JsonObject golden() {
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(GoldenTest.class.getResourceAsStream("/chat/golden.json")),
                StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
