package dev.conch.chat.jinja;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
        return Arbitraries.of(
                        "{{",
                        "}}",
                        "{%",
                        "%}",
                        "{#",
                        "#}",
                        "-",
                        "+",
                        "{%- if ",
                        "{% for i in ",
                        "{% endfor %}",
                        "{% endif %}",
                        "{% set x = ",
                        "{% macro f(a) %}",
                        "{% endmacro %}",
                        "f(",
                        "{% raw %}",
                        "{% endraw %}",
                        "x",
                        "text",
                        "number",
                        "list",
                        "dict",
                        "loop.index",
                        "loop(",
                        "'a'",
                        "\"",
                        "1",
                        "2.5",
                        "[",
                        "]",
                        "(",
                        ")",
                        "{",
                        "}",
                        ",",
                        ":",
                        ".",
                        "|",
                        "|tojson",
                        "|upper",
                        " is ",
                        "not ",
                        "in ",
                        " if ",
                        " else ",
                        "and ",
                        "==",
                        "<",
                        "*",
                        "**",
                        "//",
                        "%",
                        "~",
                        "\n",
                        " ",
                        "\\",
                        "recursive",
                        "namespace(",
                        "range(",
                        "caller()",
                        "{% call f() %}",
                        "{% endcall %}",
                        "{% break %}")
                .list()
                .ofMaxSize(30)
                .map(pieces -> String.join("", pieces));
    }

    @Provide
    Arbitrary<String> calls() {
        Arbitrary<String> operand = Arbitraries.of(
                "text",
                "number",
                "real",
                "yes",
                "none",
                "list",
                "dict",
                "nothing",
                "'abc'",
                "''",
                "'%s %d'",
                "'{} {x}'",
                "[]",
                "{}",
                "0",
                "2",
                "-1",
                "99999999999",
                "1e308",
                "'12'",
                "'a.b'",
                "'upper'",
                "(1, 2)",
                "namespace(a=1)",
                "range",
                "list | map('string')",
                "text | safe",
                "dict.items()");
        Arbitrary<String> callee = Arbitraries.of(
                "abs",
                "attr",
                "capitalize",
                "center",
                "count",
                "default",
                "dictsort",
                "e",
                "first",
                "float",
                "forceescape",
                "format",
                "indent",
                "int",
                "items",
                "join",
                "last",
                "length",
                "list",
                "lower",
                "map",
                "max",
                "min",
                "reject",
                "rejectattr",
                "replace",
                "reverse",
                "round",
                "safe",
                "select",
                "selectattr",
                "sort",
                "string",
                "sum",
                "title",
                "tojson",
                "trim",
                "unique",
                "upper",
                "wordcount",
                "batch",
                "slice",
                "groupby",
                "truncate",
                "urlencode",
                "xmlattr",
                "filesizeformat",
                "format_map",
                "ljust",
                "swapcase",
                "expandtabs",
                "isdecimal",
                "istitle",
                "fromkeys",
                "strip",
                "lstrip",
                "rstrip",
                "split",
                "rsplit",
                "splitlines",
                "partition",
                "rpartition",
                "startswith",
                "endswith",
                "removeprefix",
                "removesuffix",
                "find",
                "rfind",
                "index",
                "zfill",
                "isdigit",
                "get",
                "keys",
                "values",
                "copy",
                "casefold",
                "isupper",
                "divisibleby",
                "even",
                "odd",
                "sameas",
                "in",
                "lt",
                "sequence",
                "iterable",
                "callable",
                "filter",
                "mapping");
        Arbitrary<String> keyword =
                Arbitraries.of("", "", "", "attribute=", "reverse=", "indent=", "default=", "width=", "x=");
        Arbitrary<String> argument = Combinators.combine(keyword, operand).as((name, value) -> name + value);
        Arbitrary<String> form = Arbitraries.of(
                "{{ (%s) | %s(%s) }}",
                "{{ (%s).%s(%s) }}", "{{ (%s) is %s(%s) }}", "{{ ((%s) | %s(%s)) | list | tojson }}");
        Arbitrary<String> called = Combinators.combine(
                        form, operand, callee, argument.list().ofMaxSize(3))
                .as((shape, self, name, arguments) -> shape.formatted(self, name, String.join(", ", arguments)));
        Arbitrary<String> operator = Arbitraries.of("+", "-", "*", "/", "//", "%", "**", "~", "<", "==", "in", "and");
        Arbitrary<String> operated = Combinators.combine(operand, operator, operand)
                .as((left, sign, right) -> "{{ (%s) %s (%s) }}".formatted(left, sign, right));
        Arbitrary<String> indexed = Combinators.combine(operand, operand, operand)
                .as((self, start, stop) ->
                        "{{ (%1$s)[%2$s] }}{{ (%1$s)[%2$s:%3$s] }}{%% for a, b in (%1$s) %%}{%% endfor %%}{{ range(%2$s, %3$s) }}"
                                .formatted(self, start, stop));
        return Arbitraries.oneOf(called, called, operated, indexed);
    }
}
