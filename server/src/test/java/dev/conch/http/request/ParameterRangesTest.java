package dev.conch.http.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every row of the table: what is inside its range is taken, what is outside is refused by name, with the right code. */
class ParameterRangesTest {
    /** As large as the rows allow, so that it is they that refuse. */
    private static final RequestLimits LIMITS = new RequestLimits(false, 128, 128);

    /** What is taken only together with another. */
    private static final Map<String, String> COMPANIONS = Map.of(
            "top_logprobs", ",\"logprobs\":true",
            "stream_options", ",\"stream\":true",
            "min_tokens", ",\"max_tokens\":2147483647",
            "echo", ",\"stream\":false");

    /** Parameters of tokenize that go with a text. */
    private static final Set<String> OF_A_TEXT = Set.of("prompt", "add_special_tokens", "return_token_strs");

    private static final Set<String> EITHER_OR = Set.of("prompt", "messages");
    private static final int SHOWN_CHARS = 80;

    private static final Set<String> INSIDE_ANOTHER = Set.of("messages[].", "stream_options.");

    @TestFactory
    Stream<DynamicTest> takesTheBoundsOfItsRange() {
        return rows((endpoint, row) -> bounds(row)
                .forEach(bound -> assertThatCode(() -> read(endpoint, row.name(), plain(bound)))
                        .as("%s: %s", row.name(), bound)
                        .doesNotThrowAnyException()));
    }

    @TestFactory
    Stream<DynamicTest> refusesWhatIsOutsideOfItsRange() {
        return rows((endpoint, row) -> {
            ValueSchema schema = row.schema();
            BigDecimal step = isInteger(row) ? BigDecimal.ONE : new BigDecimal("0.001");
            if (!read(row) || !schema.keywords().containsKey("maximum")) {
                return;
            }
            String minimum = schema.minimumExcluded() ? "exclusiveMinimum" : "minimum";
            BigDecimal least = new BigDecimal(String.valueOf(schema.keywords().get(minimum)));
            BigDecimal below = schema.minimumExcluded() ? least : least.subtract(step);
            BigDecimal above = new BigDecimal(String.valueOf(schema.keywords().get("maximum"))).add(step);
            assertRefused(endpoint, row.name(), plain(below), ErrorCode.INVALID_VALUE, row.name());
            boolean counted = isInteger(row) && !row.name().equals("seed");
            assertRefused(
                    endpoint,
                    row.name(),
                    plain(above),
                    counted ? ErrorCode.INTEGER_ABOVE_MAX_VALUE : ErrorCode.INVALID_VALUE,
                    row.name());
        });
    }

    @TestFactory
    Stream<DynamicTest> refusesAnotherType() {
        return rows((endpoint, row) -> {
            if (read(row)) {
                String other = "boolean".equals(row.schema().keywords().get("type")) ? "7" : "true";
                assertRefused(endpoint, row.name(), other, ErrorCode.INVALID_TYPE, row.name());
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> refusesTextsAndListsThatAreTooLong() {
        return rows((endpoint, row) -> {
            ValueSchema schema = row.schema();
            if (read(row) && schema.maxLength() < Integer.MAX_VALUE) {
                String text = "\"" + "a".repeat(schema.maxLength() + 1) + "\"";
                assertRefused(endpoint, row.name(), text, ErrorCode.STRING_ABOVE_MAX_LENGTH, row.name());
            }
            if (read(row) && schema.maxItems() < 100_000) {
                String list = "[" + "{},".repeat(schema.maxItems()) + "{}]";
                assertRefused(endpoint, row.name(), list, ErrorCode.ARRAY_ABOVE_MAX_LENGTH, row.name());
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> takesNullForAbsent() {
        return rows((endpoint, row) -> {
            if (!row.required() && !EITHER_OR.contains(row.name())) {
                assertThatCode(() -> read(endpoint, row.name(), "null")).doesNotThrowAnyException();
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> takesWhatAsksForNothingAndRefusesTheRest() {
        return rows((endpoint, row) -> {
            if (row.decision() == Decision.REFUSED) {
                assertRefused(endpoint, row.name(), "\"something\"", ErrorCode.UNSUPPORTED_PARAMETER, row.name());
            }
            for (Object neutral : row.neutral().values()) {
                String value = neutral.equals("*") ? "true" : PlainJson.of(neutral);
                assertThatCode(() -> read(endpoint, row.name(), value)).doesNotThrowAnyException();
            }
        });
    }

    private static Stream<DynamicTest> rows(BiConsumer<Endpoint, Parameter> check) {
        return Stream.of(Endpoint.values())
                .flatMap(endpoint -> ParameterTable.builtIn().of(endpoint).stream()
                        .filter(row -> INSIDE_ANOTHER.stream().noneMatch(row.name()::startsWith))
                        .map(row -> DynamicTest.dynamicTest(
                                endpoint + " " + row.name(), () -> check.accept(endpoint, row))));
    }

    private static boolean read(Parameter row) {
        return row.decision().honoured() || row.decision() == Decision.ACCEPTED;
    }

    private static boolean isInteger(Parameter row) {
        return "integer".equals(row.schema().keywords().get("type"));
    }

    private static List<?> bounds(Parameter row) {
        ValueSchema schema = row.schema();
        return read(row)
                ? Stream.of("minimum", "maximum")
                        .flatMap(keyword -> Stream.ofNullable(schema.keywords().get(keyword)))
                        .toList()
                : List.of();
    }

    private static String plain(Object number) {
        return new BigDecimal(number.toString()).toPlainString();
    }

    private static void assertRefused(Endpoint endpoint, String name, String value, ErrorCode code, String param) {
        assertThatExceptionOfType(GenerationException.class)
                .as("%s: %s", name, value.substring(0, Math.min(SHOWN_CHARS, value.length())))
                .isThrownBy(() -> read(endpoint, name, value))
                .satisfies(error -> {
                    assertThat(error.code()).isEqualTo(code);
                    assertThat(error.param()).isEqualTo(param);
                    assertThat(error.clientMessage()).contains("'" + param);
                });
    }

    private static Object read(Endpoint endpoint, String name, String value) {
        boolean text = endpoint == Endpoint.TOKENIZE && OF_A_TEXT.contains(name);
        String rest =
                RequestBodies.least(endpoint == Endpoint.TOKENIZE && !text ? Endpoint.CHAT : endpoint)
                        .entrySet()
                        .stream()
                        .filter(field -> !field.getKey().equals(name))
                        .map(field -> "\"" + field.getKey() + "\":" + field.getValue() + ",")
                        .reduce("", String::concat);
        String companion = endpoint.generates() ? COMPANIONS.getOrDefault(name, "") : "";
        String body = "{" + rest + "\"" + name + "\":" + value + companion + "}";
        return RequestBodies.read(body.getBytes(StandardCharsets.UTF_8), endpoint, LIMITS);
    }
}
