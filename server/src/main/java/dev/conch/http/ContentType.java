package dev.conch.http;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import io.netty.handler.codec.http.HttpUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a request says that its body is. That it is JSON, Micronaut sees to where anything is said; in which charset, it does not look at. */
final class ContentType {
    private ContentType() {}

    /**
     * Checks what Micronaut lets through. Nothing said is refused too: a web page may send such a body to a server of another origin, or to
     * one on its reader's own machine, without asking.
     *
     * @throws GenerationException {@code UNSUPPORTED_MEDIA_TYPE}
     */
    static void requireUtf8Json(@Nullable String declared) {
        if (declared == null || declared.isBlank()) {
            throw notJson();
        }
        CharSequence charset = HttpUtil.getCharsetAsSequence(declared);
        if (charset != null && !isUtf8(charset.toString().strip())) {
            throw refused("The body's charset is not supported (expected: utf-8, or none).");
        }
    }

    private static boolean isUtf8(String charset) {
        String utf8 = StandardCharsets.UTF_8.name();
        return charset.equalsIgnoreCase(utf8) || charset.equalsIgnoreCase('"' + utf8 + '"');
    }

    /** The refusal of a body that is something else. */
    static GenerationException notJson() {
        return refused("The body must be declared as Content-Type: application/json.");
    }

    private static GenerationException refused(String message) {
        return new GenerationException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, message);
    }
}
