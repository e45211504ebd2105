package dev.conch.real;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A prompt that the engine has just seen is not computed again, and the client is told so. */
@ExtendWith(LiveServer.class)
class PrefixReuseIT {
    private static final String QUESTION = "Why is the sea salty, and the river is not? ".repeat(12);

    @Test
    void aRepeatedPromptIsCached(RealConch conch) {
        String request = "{\"model\":\"%s\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                .formatted(RealConch.MODEL, QUESTION);
        Usage first = Usage.of(conch.chat(request).body());
        Usage second = Usage.of(conch.chat(request).body());
        assertThat(second.prompt()).isEqualTo(first.prompt()).isGreaterThan(100);
        assertThat(second.cached()).isBetween(first.prompt() / 2, first.prompt());
        assertThat(first.cached()).isLessThan(second.cached());
    }

    private record Usage(int prompt, int cached) {

        static Usage of(String body) {
            var usage = (Map<?, ?>) FoldedChoices.answer(body).usage();
            var details = (Map<?, ?>) requireNonNull(usage.get("prompt_tokens_details"));
            return new Usage(number(usage.get("prompt_tokens")), number(details.get("cached_tokens")));
        }

        private static int number(@Nullable Object value) {
            return ((Number) requireNonNull(value)).intValue();
        }
    }
}
