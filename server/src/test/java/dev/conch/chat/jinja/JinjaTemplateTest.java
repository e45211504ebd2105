package dev.conch.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.generation.TextSpan;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JinjaTemplateTest {
    /** Stands still: only {@link TickingClock} is to run into the limit on time. */
    private static final Clock NOW = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "{% do x %}                   => line 1: the statement 'do' is not supported",
                "{% block a %}{% endblock %}{% block a %}{% endblock %} => line 1: block 'a' defined twice",
                "{{ x|nope }}                 => line 1: no filter named 'nope'",
                "{{ x is nope }}              => line 1: no test named 'nope'",
                "{% for i in x %}{% extends 'a' %}{% endfor %} => line 1: cannot use 'extends' in an inner scope",
                "{% macro f(a=1, b) %}        => line 1: non-default argument follows default argument",
                "{% nonsense %}               => line 1: the statement 'nonsense' is unknown or out of place",
                "{% for a in b %}             => line 1: unexpected end of the template (expected: '{% endfor %}')",
                "{{ a b }}                    => line 1: unexpected 'b' (expected: '}}')",
                "{{ (a }}                     => line 1: unexpected '}'",
                "{{ 'a }}                     => line 1: this string has no end: expected '",
                "{{ ? }}                      => line 1: unexpected character '?'",
                "{% set x %}{% for i in y %}{% endset %}{% endfor %} => line 1: the statement 'endset' is unknown or out of place",
            })
    void namesWhatItCannotCompile(String template, String message) {
        assertThatThrownBy(() -> JinjaTemplate.compile(template.strip()))
                .isInstanceOf(TemplateSyntaxException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void namesTheLine() {
        assertThatThrownBy(() -> JinjaTemplate.compile("a\n{# b\nc #}\r\n  {{ 'x\ny' }}\n{% nope %}"))
                .isInstanceOfSatisfying(
                        TemplateSyntaxException.class,
                        error -> assertThat(error.line()).isEqualTo(6));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((((",
                "[[[[",
                "{{{{",
                "not not ",
                "- - ",
                "a if ",
                "a[",
                "f(",
                "x or ",
                "1 + ",
                "x.y",
                "x|e",
                "2 ** "
            })
    void refusesBottomlessNesting(String piece) {
        assertThatThrownBy(() -> JinjaTemplate.compile("{{ " + piece.repeat(100_000)))
                .isInstanceOf(TemplateSyntaxException.class);
        assertThatThrownBy(() -> JinjaTemplate.compile("{% if x %}".repeat(100_000)))
                .isInstanceOf(TemplateSyntaxException.class)
                .hasMessageContaining("levels deep");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "{% for i in range(90000) %}{% for j in range(90000) %}{% endfor %}{% endfor %}        => loop iterations",
                "{% for i in range(90000) %}{{ i }}{{ i }}{{ i }}{{ i }}{{ i }}{{ i }}{{ i }}{{ i }}{{ i }}{{ i }}{{ i }}{{ i }}{% endfor %} => steps",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}                                        => depth",
                "{% set n = namespace(v=[]) %}{% for i in range(200) %}{% set n.v = [n.v] %}{% endfor %} => depth",
                "{% for i in [[]] recursive %}{{ loop([[]]) }}{% endfor %}                               => depth",
                "{% set n = namespace(v='x') %}{% for i in range(99) %}{% set n.v = n.v ~ n.v %}{% endfor %} => characters of built text",
                "{{ 'x' * 100000000000 }}                                                               => characters of built text",
                "{{ [1] * 100000000000 }}                                                               => steps",
                "{% for i in range(60) %}{{ 'x' * 500000 }}{% endfor %}                                  => characters of output",
                "{{ range(1000000) }}                                                                   => numbers in a range",
                "{{ '%99999999d' % 1 }}                                                                 => characters of built text",
                "{{ '{:99999999}'.format(1) }}                                                          => characters of built text",
                "{{ '{:.99999999f}'.format(1) }}                                                        => characters of built text",
                "{{ [1] | batch(99999999, 0) | list }}                                                  => steps",
                "{{ [1] | slice(99999999) | list }}                                                     => steps",
                "{{ 'a'.center(999999999) }}                                                            => characters of built text",
                "{{ '\t'.expandtabs(999999999) }}                                                       => characters of built text",
                "{{ strftime_now('%D' * 5000) }}                                                        => characters of a date format",
                "{{ 9 ** 99999999999 }}                                                                 => bits of an integer",
                "{{ 'a b' | center(99999999999) }}                                                      => characters of built text",
            })
    void stopsWhatRunsAway(String template, String limit) {
        assertThatThrownBy(() -> render(template.strip(), Map.of()))
                .isInstanceOf(TemplateLimitException.class)
                .hasMessageStartingWith(limit + ": more than");
    }

    @ParameterizedTest
    @Timeout(60)
    @ValueSource(
            strings = {
                "{{ needle in hay }}",
                "{{ hay.find(needle) }}",
                "{{ hay.rfind(needle) }}",
                "{{ hay.count(needle) }}",
                "{{ hay.replace(needle, '') }}",
                "{{ hay | replace(needle, '') }}",
                "{{ hay.split(needle) }}",
                "{{ hay.rsplit(needle) }}",
                "{{ hay.partition(needle) }}",
                "{{ hay.rpartition(needle) }}",
                "{{ hay.startswith((needle,) * 90000) }}",
                "{{ hay.endswith((needle,) * 90000) }}",
            })
    void stopsSearchesThatTakeTheProductOfTwoLengths(String template) {
        Map<String, Object> variables =
                Map.of("hay", new ClientText("a".repeat(320_000)), "needle", "a".repeat(150_000) + "b");
        assertThatThrownBy(() -> render(template, variables))
                .isInstanceOf(TemplateLimitException.class)
                .hasMessageStartingWith("steps: more than");
    }

    @ParameterizedTest
    @Timeout(60)
    @CsvSource(
            delimiterString = "=>",
            value = {
                "{{ ns.x == ns.y }}                          => steps",
                "{{ ns.x != ns.y }}                          => steps",
                "{{ ns.x < ns.y }}                           => steps",
                "{{ ns.x in [ns.y] }}                        => steps",
                "{{ [ns.x].count(ns.y) }}                    => steps",
                "{{ [ns.x].index(ns.y) }}                    => steps",
                "{{ [ns.x] | select('eq', ns.y) | list }}    => steps",
                "{{ [ns.x, ns.y] | sort }}                   => steps",
                "{{ [ns.x, ns.y] | max }}                    => steps",
                "{{ {'a': ns.x} == {'a': ns.y} }}            => steps",
                "{{ {ns.x: 1} }}                             => steps",
                "{{ ns.x in {} }}                            => steps",
                "{{ [ns.x, ns.y] | unique | list }}          => steps",
                "{{ dict([(ns.x, 1)]) }}                     => values compared at once",
                "{{ {}.get(ns.x) }}{{ {1: 1}.get(ns.x) }}    => values compared at once",
                "{{ ns.x }}                                  => characters of built text",
                "{{ ns.z | tojson }}                         => characters of built text",
            })
    void stopsWhatWalksIntoSharedValuesAgainAndAgain(String template, String limit) {
        String doubled = "{% set ns = namespace(x=(), y=(), z=[]) %}{% for i in range(40) %}"
                + "{% set ns.x = (ns.x, ns.x) %}{% set ns.y = (ns.y, ns.y) %}{% set ns.z = [ns.z, ns.z] %}{% endfor %}";
        assertThatThrownBy(() -> render(doubled + template.strip(), Map.of()))
                .isInstanceOf(TemplateLimitException.class)
                .hasMessageStartingWith(limit + ": more than");
    }

    @Test
    @Timeout(60)
    void cutsAnyNumberOfCharactersOffInOnePass() {
        assertThat(render("{{ ('a' * 3000000).strip('b' * 3000000 ~ 'a') }}", Map.of())
                        .text())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ 'x' in content }}",
                "{{ '</think>' in content }}",
                "{{ (content.split('</think>')) | length }}",
                "{{ (content.strip()) | length }}",
                "{{ content.startswith(content) }}",
                "{{ content.count('\n') }}",
                "{{ content.rfind('\n\n\n') }}",
                "{{ content.replace('e', '') | length }}",
                "{{ content == content ~ '' }}",
                "{{ ('A few words that no line of it has. ' * 20) in content }}",
            })
    void longPromptsTakeOneStepFor64Characters(String template) {
        String content = "  A line as it stands in a prompt.\n".repeat(30_000);
        RenderLimits few =
                new RenderLimits(content.length() / 64 + 60, 1 << 20, 64 << 20, 1, 100, RenderLimits.DEFAULT.maxTime());
        JinjaTemplate compiled = JinjaTemplate.compile(template);
        assertThatCode(() -> compiled.render(Map.of("content", new ClientText(content)), few, NOW))
                .doesNotThrowAnyException();
    }

    @Test
    void capsTheDigitsOfAnInteger() {
        String most = "9".repeat(4300);
        assertThat(JinjaTemplate.compile("{{ " + "9_".repeat(4299) + "9 == " + most + " }}")
                        .render(Map.of(), RenderLimits.DEFAULT, NOW)
                        .text())
                .isEqualTo("True");
        for (String literal : List.of(most + "9", "9_".repeat(100_000) + "9", "0x" + "f_".repeat(100_000) + "f")) {
            assertThatThrownBy(() -> JinjaTemplate.compile("\n{{ " + literal + " }}"))
                    .isInstanceOf(TemplateSyntaxException.class)
                    .hasMessageMatching("line 2: integer of \\d+ digits \\(expected: at most 4300\\)");
        }
        assertThatCode(() -> JinjaTemplate.compile("{{ " + "9_".repeat(100_000) + "9.5 }}"))
                .doesNotThrowAnyException();
    }

    @Test
    void ordersTextsByCodePoints() {
        assertThat(render("{{ ['\uffee', '🐚', 'ab', 'a', '🐚a', '🐙'] | sort | join(' ') }}", Map.of())
                        .text())
                .isEqualTo("a ab \uffee 🐙 🐚 🐚a");
    }

    @Test
    void splitsAtSpaceFromEitherEnd() {
        assertThat(render("{{ ' a  b c '.split() }}{{ ' a  b c '.split(none, 1) }}", Map.of())
                        .text())
                .isEqualTo("['a', 'b', 'c']['a', 'b c ']");
        assertThat(render("{{ ' a  b c '.rsplit() }}{{ ' a  b c '.rsplit(none, 1) }}{{ ' '.split() }}", Map.of())
                        .text())
                .isEqualTo("['a', 'b', 'c'][' a  b', 'c'][]");
    }

    @Test
    void stopsWhatTakesTooLong() {
        Clock hasty = new TickingClock();
        JinjaTemplate template =
                JinjaTemplate.compile("{% for i in range(80000) %}{% set x = 'a' in text %}{% endfor %}");
        assertThatThrownBy(() -> template.render(Map.of("text", "b"), RenderLimits.DEFAULT, hasty))
                .isInstanceOf(TemplateLimitException.class)
                .hasMessageStartingWith("milliseconds: more than 1000");
    }

    /** Every look at it costs a millisecond. */
    private static final class TickingClock extends Clock {
        private long millis;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis++);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{ [1] | map('nope') | list }}", "{{ [1] | select('nope') | list }}"})
    void filtersAndTestsThatAreNamedByValuesFailWhenTheyAreUsed(String template) {
        assertThatThrownBy(() -> render(template, Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("named");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "{% autoescape true %}{% endautoescape %} => the statement 'autoescape' is not supported",
                "{{ range(50) | list | pprint }}          => the filter 'pprint' is not supported",
                "{{ lipsum() }}                           => the function 'lipsum' is not supported",
                "{{ 'a b' | wordwrap(1) }}                => the filter 'wordwrap' is not supported",
            })
    void namesWhatItDoesNotSupportWhenItIsReached(String template, String message) {
        assertThatThrownBy(() -> render(template, Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith(message);
        assertThat(render("{% if no %}" + template + "{% endif %}ok", Map.of()).text())
                .isEqualTo("ok");
    }

    @Test
    void knowsWhatAClientWrote() {
        Map<String, Object> variables = Map.of("own", "<s>", "client", new ClientText("abc"));
        RenderedText rendered = render("{{ own }}[{{ client }}]{{ own + client ~ own }}{{ client }}", variables);
        assertThat(rendered.text()).isEqualTo("<s>[abc]<s>abc<s>abc");
        assertThat(rendered.clientSpans())
                .containsExactly(new TextSpan(4, 7), new TextSpan(11, 14), new TextSpan(17, 20));
    }

    /** Upper-case letters are the template's, lower-case ones the client's; what filters and methods do must not mix them up. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ client | trim }}A{{ client.strip() }}",
                "{{ ('A ' + client) | trim }}",
                "{{ ('AB' + client)[1:-1] }}B{{ ('AB' + client + 'C')[::-1] }}",
                "{{ (client + '|A') .split('|') | join('B') }}",
                "{{ client.split(',') | join('A') }}{{ client.split()[0] }}",
                "{{ ('A' + client).replace('b', 'Z') }}{{ client | replace(',', 'X') }}",
                "{{ {'A': client, 'B': [client]} | tojson(separators=('C', 'D')) }}",
                "{{ [client, 'A'] }}{{ {client: 1} }}",
                "{{ client | safe }}{{ ('A' | safe) + client }}",
                "{{ '%s-A' % client }}{{ '{}A'.format(client) }}{{ '%5s' | format(client) }}",
                "{% set x %}A{{ client }}{% endset %}{{ x }}{{ x | lower | length }}",
                "{% macro f(x) %}A{{ x }}{% if x == 'C' %}{{ caller() }}{% endif %}{% endmacro %}{{ f(client) }}{% call f('C') %}{{ client }}{% endcall %}",
                "{% filter indent(2) %}A\n{{ client }}{% endfilter %}",
                "{% for c in client %}{{ c }}A{% endfor %}{{ client | list }}{{ client | first }}",
                "{{ client * 2 }}A{{ client | reverse }}{{ client | e }}{{ messages | map(attribute='content') | join('A') }}",
                "{% set n = namespace(x='A') %}{% set n.x = n.x ~ client %}{{ n.x }}{{ client | string }}{{ client or 'A' }}",
                "{{ client | truncate(8, true, 'A', 0) }}{{ client | center(20) }}{{ client | batch(3) | list }}{{ client | slice(2) | list }}",
                "{{ messages | groupby('content') | map('first') | join('A') }}{{ client.center(20, 'A') }}{{ client.ljust(20, 'A') }}{{ client.rjust(20, 'A') }}{{ client.expandtabs() }}",
                "{{ '{:A>20}'.format(client) }}{{ '{0[content]}A'.format(messages[0]) }}{{ '%(a)-20s' % {'a': client} }}{{ '%.4s' % client }}",
                "{{ messages[0].items() | map('last') | join('A') }}{{ messages[0].values() | list }}{{ {client: 'A'}.keys() | first }}{{ namespace(a=client).a }}",
                "{{ 'A' + client + 'B' + 'C' + client.rsplit(none, 1)[0] + client.rpartition('b')[2] }}{{ {'A': client} | urlencode | length }}{{ client }}",
                "{{ client.partition(',')[2] }}{{ client.splitlines() | join('A') }}{{ client.title() | lower }}A{{ client | default('A') }}",
                "{% macro f() %}{% for k in kwargs %}{{ k }}A{% endfor %}{{ kwargs }}{% endmacro %}{{ f(**named) }}",
                "{% macro f() %}{{ caller() }}{{ kwargs | list }}{% endmacro %}{% call f(**named) %}A{% endcall %}",
                "{{ dict(**named) | join('A') }}{{ dict(named) }}{{ dict(named, A=1).keys() | first }}{{ dict(**named) | tojson }}",
                "{{ (namespace(named) | string)[11:] }}{{ (namespace(**named) | string)[11:] }}",
                "{{ strftime_now(client) }}A{{ strftime_now('A') }}",
                "{{ ('{:' ~ client[1] ~ '>5}A').format('A') }}{{ ('{:' ~ client[1] ~ '=5}A').format(1) }}{{ ('{:' ~ client[1] ~ '^5}').format('A') }}",
                "{{ '{:{}>5}A'.format('A', client[1]) }}{{ ('{:' ~ client[1] ~ '^5}').format(1.5) }}",
                "{% set j = joiner(client) %}{{ j() }}A{{ j() }}B{{ j() }}{% set c = cycler('A', client) %}{{ c.next() }}{{ c.next() }}",
                "{{ client | pprint }}{{ {'A': client} | pprint }}{{ ('A' | safe).join([client, client]) }}{% print 'A', client %}",
                "{% autoescape false %}{{ client }}A{% endautoescape %}{% block b scoped %}{{ client }}A{% endblock %}",
                "{{ ('A%(' ~ client ~ ')s') | format(**named) }}{{ client }}",
            })
    void followsClientTextThroughEverything(String template) {
        String written = " ab,bc\nde ";
        RenderedText rendered = render(
                template,
                Map.of(
                        "client",
                        new ClientText(written),
                        "messages",
                        List.of(Map.of("content", new ClientText(written))),
                        "named",
                        Map.of(new ClientText(written), new ClientText(written))));
        String plain = render(
                        template,
                        Map.of(
                                "client",
                                written,
                                "messages",
                                List.of(Map.of("content", written)),
                                "named",
                                Map.of(written, written)))
                .text();
        assertThat(rendered.text()).isEqualTo(plain);
        assertThat(lettersIn(rendered, true)).isNotEmpty().matches("[a-z]*");
        assertThat(lettersIn(rendered, false)).matches("[A-Z]*");
    }

    private static String lettersIn(RenderedText rendered, boolean client) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < rendered.text().length(); i++) {
            int at = i;
            boolean written = rendered.clientSpans().stream().anyMatch(span -> span.start() <= at && at < span.end());
            boolean escape = i > 0 && rendered.text().charAt(i - 1) == '\\';
            if (written == client && Character.isLetter(rendered.text().charAt(i)) && !escape) {
                letters.append(rendered.text().charAt(i));
            }
        }
        return letters.toString();
    }

    /** {@code transformers} keeps names of that kind to Python; Jinja itself would allow them. */
    @Test
    void refusesHiddenAttributesOfNamespaces() {
        assertThatThrownBy(() -> render("{{ namespace(_x=1) }}", Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("'_x'");
        assertThatThrownBy(() -> render("{% set n = namespace() %}{% set n._x = 1 %}", Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("'_x'");
    }

    @Test
    void findsKeysThatAClientWrote() {
        Map<String, Object> variables = Map.of("args", Map.of(new ClientText("city"), new ClientText("Rome")));
        assertThat(render("{{ args.city }}{{ args['town'] }}{{ 'city' in args }}", variables)
                        .text())
                .isEqualTo("RomeTrue");
    }

    @Test
    void aMegabyteOfTemplateIsCompiledAndRendered() {
        String source = "{% if x %}a{% else %}{{ 'b' }}{% endif %}{# c #}\n".repeat(25_000);
        assertThat(render(source, Map.of()).text()).hasSize(25_000);
    }

    @Test
    void knowsTheStringsInItsCode() {
        JinjaTemplate template = JinjaTemplate.compile("developer {# 'tool' #}{% if role == \"system\" %}{% endif %}");
        assertThat(template.containsString("system")).isTrue();
        assertThat(template.containsString("developer")).isFalse();
        assertThat(template.containsString("tool")).isFalse();
    }

    @Test
    void refusesVariablesThatAreNotPlain() {
        assertThatThrownBy(() -> render("{{ x }}", Map.of("x", new Object())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Object");
    }

    private static RenderedText render(String template, Map<String, ?> variables) {
        return JinjaTemplate.compile(template).render(variables, RenderLimits.DEFAULT, NOW);
    }
}
