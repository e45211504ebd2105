package dev.conch.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.ErrorCode;
import dev.conch.http.openapi.ApiDocument;
import dev.conch.http.request.RequestLimits;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever can go wrong with a chat request is in the OpenAPI document. */
class DocumentedStatusTest {
    private static final Map<?, ?> RESPONSES = responses();

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MODEL_BUSY") // said at the operator's door alone
    void isDocumented(ErrorCode code) {
        String status = Integer.toString(ErrorMapper.status(code).getCode());
        assertThat(RESPONSES.get(status)).as(status).isNotNull();
    }

    private static Map<?, ?> responses() {
        Object place = ApiDocument.of(RequestLimits.DEFAULT).root();
        for (String name : List.of("paths", "/v1/chat/completions", "post", "responses")) {
            place = Objects.requireNonNull(((Map<?, ?>) place).get(name));
        }
        return (Map<?, ?>) place;
    }
}
