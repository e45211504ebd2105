package dev.conch.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.generation.TextSpan;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JinjaTemplateTest {
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
