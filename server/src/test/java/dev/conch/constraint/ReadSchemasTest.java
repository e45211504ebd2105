package dev.conch.constraint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.chat.PlainJson;
import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.AnyJson;
import dev.conch.generation.OutputConstraint.Literal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadSchemasTest {
    private static final OutputConstraint READ = new AnyJson();

    private final ReadSchemas schemas = new ReadSchemas(2);

    @Test
    void knowsWhatSaysTheSame() {
        schemas.keep(key("{\"a\":[1,{\"b\":null}]}", Enforcement.STRICT), READ);
        assertThat(schemas.find(key("{\"a\":[1,{\"b\":null}]}", Enforcement.STRICT)))
                .isSameAs(READ);
        assertThat(schemas.find(key("{\"a\":[1,{\"b\":null}]}", Enforcement.RELAXED)))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":1,"b":2} | {"b":2,"a":1}
            {"a":{"b":1,"c":2}} | {"a":{"c":2,"b":1}}
            {"a":[1,2]} | {"a":[2,1]}
            {"a":[1,2]} | {"a":[1,2,3]}
            {"a":"1"} | {"a":1}
            {"a":"b, c=d"} | {"a":"b","c":"d"}
            {"a":[]} | {"a":{}}
            {} | {"a":1}
            """)
    void tellsWhatSaysAnotherThingOrTheSameInAnotherOrder(String one, String other) {
        schemas.keep(key(one, Enforcement.FULL), READ);
        assertThat(schemas.find(key(other, Enforcement.FULL))).isNull();
    }

    @Test
    void forgetsWhatWasNotAskedForTheLongest() {
        ReadSchemas.Key first = key("{\"a\":1}", Enforcement.FULL);
        ReadSchemas.Key second = key("{\"a\":2}", Enforcement.FULL);
        schemas.keep(first, READ);
        schemas.keep(second, READ);
        schemas.find(first);
        schemas.keep(key("{\"a\":3}", Enforcement.FULL), new Literal("x"));
        assertThat(schemas.find(first)).isNotNull();
        assertThat(schemas.find(second)).isNull();
    }

    private static ReadSchemas.Key key(String schema, Enforcement enforcement) {
        return new ReadSchemas.Key((Map<?, ?>) requireNonNull(PlainJson.read(schema)), enforcement);
    }
}
