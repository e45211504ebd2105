package dev.conch.http.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.conch.generation.ErrorCode.Category;
import dev.conch.generation.GenerationException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever a body is, it becomes a record or is refused as the client's mistake. */
class RequestReaderProperties {
    private static final List<Endpoint> ENDPOINTS = List.of(Endpoint.values());

    private static final List<String> WORDS = List.of(
            "role",
            "user",
            "assistant",
            "tool",
            "system",
            "content",
            "type",
            "text",
            "function",
            "name",
            "arguments",
            "image_url",
            "refusal",
            "tool_calls",
            "tool_call_id",
            "id",
            "json_schema",
            "schema",
            "include_usage",
            "allowed_tools",
            "mode",
            "tools",
            "auto",
            "",
            "x",
            "5",
            "-1",
            "\\u0000",
            "ö🐚");

    private static final List<String> NUMBERS = List.of(
            "0", "1", "-1", "2.5", "1e3", "-0.0", "128", "2147483648", "9223372036854775808", "1e308", "1E-400");

    @Property(tries = 4000)
    void anyObjectIsReadOrRefused(@ForAll long seed) {
        var random = new Random(seed);
        Endpoint endpoint = ENDPOINTS.get(random.nextInt(ENDPOINTS.size()));
        readOrRefuse(json(fields(endpoint, random)), endpoint, random.nextBoolean());
    }

    @Property(tries = 2000)
    void anyBytesAreReadOrRefused(@ForAll byte[] body, @ForAll boolean strict) {
        readOrRefuse(body, Endpoint.CHAT, strict);
    }

    private static void readOrRefuse(byte[] body, Endpoint endpoint, boolean strict) {
        try {
            RequestBodies.read(body, endpoint, new RequestLimits(strict, 16, 4));
        } catch (GenerationException e) {
            assertThat(e.code().category()).isEqualTo(Category.USER);
        } catch (RuntimeException e) {
            fail(new String(body, StandardCharsets.UTF_8), e);
        }
    }

    /** A valid request, with some of its parameters set to anything. */
    private static Map<String, String> fields(Endpoint endpoint, Random random) {
        Map<String, String> fields = new HashMap<>(RequestBodies.least(endpoint));
        List<Parameter> rows = ParameterTable.builtIn().of(endpoint);
        for (int i = random.nextInt(4); i >= 0; i--) {
            String known = rows.get(random.nextInt(rows.size())).name();
            fields.put(random.nextInt(8) == 0 ? word(random) : known, value(random, 4));
        }
        return fields;
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> NUMBERS.get(random.nextInt(NUMBERS.size()));
            case 1 -> List.of("true", "false", "null").get(random.nextInt(3));
            case 2, 3 -> "\"" + word(random) + "\"";
            case 4 -> {
                List<String> elements = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    elements.add(value(random, depth - 1));
                }
                yield "[" + String.join(",", elements) + "]";
            }
            default -> {
                Map<String, String> members = new HashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    members.put(word(random), value(random, depth - 1));
                }
                yield new String(json(members), StandardCharsets.UTF_8);
            }
        };
    }

    private static String word(Random random) {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    private static byte[] json(Map<String, String> fields) {
        List<String> members = fields.entrySet().stream()
                .map(field -> "\"" + field.getKey() + "\":" + field.getValue())
                .toList();
        return ("{" + String.join(",", members) + "}").getBytes(StandardCharsets.UTF_8);
    }
}
