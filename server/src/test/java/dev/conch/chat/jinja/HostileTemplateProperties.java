package dev.conch.chat.jinja;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.Assertions;

/** Whatever a template is, compiling and rendering it ends soon, and fails in no other way than its own. */
class HostileTemplateProperties {
    private static final RenderLimits LIMITS =
            new RenderLimits(20_000, 100_000, 1_000_000, 5_000, 50, Duration.ofSeconds(10));
    private static final Map<String, Object> VARIABLES = Map.of(
            "text",
            new ClientText(" Hello, 🐚\n<b> 12"),
            "number",
            3,
            "real",
            -2.5,
            "yes",
            true,
            "list",
            List.of(3, "a", List.of(), 1.5),
            "dict",
            Map.of("a", 1, "b", List.of(true), "items", "x"));

    /** Pieces of templates; the end of a line is one too. */
    private static final List<String> TOKENS =
            Stream.concat(lines("tokens").stream(), Stream.of("\n")).toList();

    private static final Arbitrary<String> OPERAND = Arbitraries.of(lines("operands"));
    /** Names of filters, methods and tests. */
    private static final List<String> CALLEES = lines("callees");

    private static final List<String> KEYWORDS =
            List.of("", "", "", "attribute=", "reverse=", "indent=", "default=", "width=", "x=");
    private static final List<String> FORMS = List.of(
            "{{ (%s) | %s(%s) }}",
            "{{ (%s).%s(%s) }}", "{{ (%s) is %s(%s) }}", "{{ ((%s) | %s(%s)) | list | tojson }}");
    private static final List<String> OPERATORS =
            List.of("+", "-", "*", "/", "//", "%", "**", "~", "<", "==", "in", "and");

    @Property(tries = 3000)
    void anyMixOfTokensFailsInAnOrderlyWay(@ForAll("mixes") String template) {
        renderOrFail(template);
    }

    @Property(tries = 6000)
    void anyFilterMethodOrTestTakesAnyArguments(@ForAll("calls") String template) {
        renderOrFail(template);
    }

    private static void renderOrFail(String template) {
        try {
            JinjaTemplate.compile(template).render(VARIABLES, LIMITS, Clock.systemUTC());
        } catch (TemplateException | TemplateSyntaxException e) {
            Assertions.assertThat(e).hasMessageNotContaining("dev.conch");
        }
    }

    @Provide
    Arbitrary<String> mixes() {
        return Arbitraries.of(TOKENS).list().ofMaxSize(30).map(pieces -> String.join("", pieces));
    }

    @Provide
    Arbitrary<String> calls() {
        return Arbitraries.oneOf(called(), called(), operated(), indexed());
    }

    private static Arbitrary<String> called() {
        Arbitrary<String> argument =
                Combinators.combine(Arbitraries.of(KEYWORDS), OPERAND).as((name, value) -> name + value);
        return Combinators.combine(
                        Arbitraries.of(FORMS),
                        OPERAND,
                        Arbitraries.of(CALLEES),
                        argument.list().ofMaxSize(3))
                .as((shape, self, name, arguments) -> shape.formatted(self, name, String.join(", ", arguments)));
    }

    private static Arbitrary<String> operated() {
        return Combinators.combine(OPERAND, Arbitraries.of(OPERATORS), OPERAND)
                .as((left, sign, right) -> "{{ (%s) %s (%s) }}".formatted(left, sign, right));
    }

    private static Arbitrary<String> indexed() {
        return Combinators.combine(OPERAND, OPERAND, OPERAND)
                .as((self, start, stop) ->
                        "{{ (%1$s)[%2$s] }}{{ (%1$s)[%2$s:%3$s] }}{%% for a, b in (%1$s) %%}{%% endfor %%}{{ range(%2$s, %3$s) }}"
                                .formatted(self, start, stop));
    }

    /** One to a line; ␣ is a blank at an end of one. */
    private static List<String> lines(String name) {
        try (InputStream in = Objects.requireNonNull(
                HostileTemplateProperties.class.getResourceAsStream("/chat/jinja-hostile/" + name + ".txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace('␣', ' ')
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
