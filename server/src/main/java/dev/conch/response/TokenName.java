package dev.conch.response;

import dev.conch.generation.TokenText;
import dev.conch.generation.TokenText.Bytes;
import dev.conch.generation.TokenText.Characters;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How OpenAI writes a token in a field that is text. A token that is no text is shown with its stray bytes escaped, such as
 * {@code \xf0\x9f}, the way Python's {@code errors="backslashreplace"} does it; which token it is, the bytes beside it tell.
 */
final class TokenName {
    private TokenName() {}

    /** In the answers of chat. */
    static String ofChat(TokenText token) {
        return switch (token) {
            case Characters characters -> characters.text();
            case Bytes(byte[] bytes) -> escaped(bytes);
        };
    }

    /** In those of completions, which have no bytes beside it. */
    static String ofCompletion(TokenText token) {
        return switch (token) {
            case Characters characters -> characters.text();
            case Bytes(byte[] bytes) -> "bytes:" + escaped(bytes);
        };
    }

    /** In UTF-8; null for a control token, which has no text. */
    static byte @Nullable [] bytes(TokenText token) {
        return switch (token) {
            case Characters(String text, boolean hidden) -> hidden ? null : text.getBytes(StandardCharsets.UTF_8);
            case Bytes(byte[] bytes) -> bytes;
        };
    }

    private static String escaped(byte[] bytes) {
        CharsetDecoder utf8 = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer characters = CharBuffer.allocate(bytes.length);
        var text = new StringBuilder();
        while (true) {
            CoderResult result = utf8.decode(in, characters, true);
            text.append(characters.flip());
            characters.clear();
            if (!result.isError()) {
                return text.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                text.append(String.format(Locale.ROOT, "\\x%02x", in.get()));
            }
            utf8.reset();
        }
    }
}
