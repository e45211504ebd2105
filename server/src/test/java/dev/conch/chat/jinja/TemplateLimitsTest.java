package dev.conch.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

class TemplateLimitsTest {
    /** Stands still: only {@link TickingClock} is to run into the limit on time. */
    private static final Clock NOW = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

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

    private static RenderedText render(String template, Map<String, ?> variables) {
        return JinjaTemplate.compile(template).render(variables, RenderLimits.DEFAULT, NOW);
    }
}
