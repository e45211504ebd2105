package dev.conch.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.loadtest.Answer.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static final long MILLI = 1_000_000;

    private static LoadSettings settings(Map<String, String> properties) {
        return LoadSettings.of(name -> Optional.ofNullable(properties.get(name)));
    }

    private static final LoadSettings RAMP = settings(Map.of(
            "profile",
            "ramp",
            "rate",
            "6",
            "seconds",
            "2",
            "levels",
            "3",
            "slo-ttft-ms",
            "100",
            "slo-itl-ms",
            "10",
            "slo-goodput",
            "0.5"));

    /** A complete answer of four tokens in as many events. */
    private static Answer answer(int level, long ttftMillis, long gapMillis) {
        return new Answer(
                level,
                Outcome.COMPLETE,
                ttftMillis * MILLI,
                new long[] {gapMillis * MILLI, gapMillis * MILLI, gapMillis * MILLI},
                10,
                4,
                3);
    }

    private static Answer failed(int level) {
        return new Answer(level, Outcome.NOT_BEGUN, 0, new long[0], 0, 0, 0);
    }

    @Test
    void percentilesAreTheNearestRank() {
        long[] hundred = LongStream.rangeClosed(1, 100).toArray();
        assertThat(Summary.percentile(hundred, 50)).isEqualTo(50);
        assertThat(Summary.percentile(hundred, 99)).isEqualTo(99);
        assertThat(Summary.percentile(new long[] {7}, 1)).isEqualTo(7);
        assertThat(Summary.percentile(new long[0], 99)).isZero();
    }

    @Test
    void goodIsWhatKeepsBothLimits() {
        Summary summary =
                new Summary(RAMP, List.of(answer(0, 100, 10), answer(0, 101, 10), answer(0, 100, 11), failed(0)), 2);
        assertThat(summary.goodShare()).isEqualTo(0.25);
        assertThat(summary.complete()).isEqualTo(3);
        assertThat(summary.ttftNanos(99)).isEqualTo(101 * MILLI);
        assertThat(summary.itlNanos(99)).isEqualTo(11 * MILLI);
        assertThat(summary.text())
                .contains("4 sent, 3 complete")
                .containsPattern("not begun.*: +1\n")
                .containsPattern("prompt tokens: +30, of which cached 9")
                .containsPattern("output tokens: +12 in 12 events")
                .containsPattern("throughput: +6.0 tokens/s, 1.50 requests/s")
                .containsPattern("goodput: +0.50 requests/s, 25.0 % of all requests");
    }

    @Test
    void answersThatComeLateCountInTheTimeThatTheyTook() {
        List<Answer> answers = List.of(answer(0, 100, 10), answer(0, 100, 10));
        assertThat(new Summary(RAMP, answers, 2, 8).text())
                .contains("1.0 tokens/s, 0.25 requests/s in 8.0 s")
                .containsPattern("goodput: +1.00 requests/s");
        assertThat(new Summary(RAMP, answers, 2, 1.5).servedSeconds()).isEqualTo(2);
    }

    @Test
    void saturationIsWhereTheSloBreaks() {
        List<Answer> answers = List.of(
                answer(0, 10, 1), answer(1, 10, 1), answer(1, 900, 1), answer(2, 900, 1), answer(2, 900, 1), failed(2));
        assertThat(new Summary(RAMP, answers, 6).text()).contains("the SLO is kept up to 4.00 arrivals/s, not at 6.00");
        assertThat(new Summary(RAMP, List.of(answer(0, 10, 1), answer(1, 10, 1), answer(2, 10, 1)), 6).text())
                .contains("not reached at 6.00 arrivals/s");
    }

    @Test
    void lengthsAreLogNormal() {
        LogNormal lengths = new LogNormal(100, 0.8, 10, 400);
        Random random = new Random(1);
        int[] sample = IntStream.range(0, 20_000)
                .map(_ -> lengths.sample(random))
                .sorted()
                .toArray();
        assertThat(sample[0]).isEqualTo(10);
        assertThat(sample[10_000]).isBetween(97, 103);
        // One standard deviation up is e^0.8 times the median.
        assertThat(sample[(int) (20_000 * 0.8413)]).isBetween(215, 230);
        assertThat(sample[19_999]).isEqualTo(400);
    }

    @Test
    void equalSettingsSendEqualRequests() {
        assertThat(ChatRequest.sequence(RAMP).next())
                .isEqualTo(ChatRequest.sequence(RAMP).next());
        var requests = ChatRequest.sequence(RAMP);
        assertThat(requests.next()).isNotEqualTo(requests.next());
        assertThat(new ChatRequest("a b", 5).body("m"))
                .contains("\"max_tokens\": 5")
                .contains("\"content\": \"a b\"");
    }

    @Test
    void settingsAreChecked() {
        assertThat(settings(Map.of("url", "http://h:1/v1/")).url()).isEqualTo("http://h:1");
        assertThat(settings(Map.of("prompt-tokens", "5,0,1,9")).promptTokens()).isEqualTo(new LogNormal(5, 0, 1, 9));
        assertThat(RAMP.rate(0)).isEqualTo(2);
        assertThatThrownBy(() -> settings(Map.of("url", "h:1"))).hasMessageContaining("expected: http://host:port");
        assertThatThrownBy(() -> settings(Map.of("profile", "x")))
                .hasMessage("profile: x (expected: smoke, steady or ramp)");
        assertThatThrownBy(() -> settings(Map.of("rate", "x"))).hasMessage("rate: x (expected: a number)");
        assertThatThrownBy(() -> settings(Map.of("prompt-tokens", "5")))
                .hasMessageContaining("median,sigma,least,most");
        assertThatThrownBy(() -> settings(Map.of("rate", "100000"))).hasMessageContaining("not more than 200000");
        assertThatThrownBy(() -> new LogNormal(0, 1, 1, 2)).hasMessageContaining("a positive median");
    }
}
