package dev.conch.response;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    private static final JsonMapper JSON = JsonMapper.createDefault();

    @Test
    void escapesWhatMustBe() {
        assertThat(written("a\"b\\c\n\r\t\u0001\u001Fd/é😀")).isEqualTo("\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001fd/é😀\"");
    }

    @Property
    boolean aParserReadsBackWhatWasWritten(@ForAll String text) throws IOException {
        String wellFormed = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        return wellFormed.equals(JSON.readValue(written(wellFormed), Argument.STRING));
    }

    private static String written(String text) {
        ByteBuf out = Unpooled.buffer();
        JsonText.write(out, text);
        return out.toString(StandardCharsets.UTF_8);
    }
}
