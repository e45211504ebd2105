package dev.conch.output;

import dev.conch.generation.TextSpan;
import dev.conch.generation.TokenText;
import dev.conch.tokenizer.DecodeStream;
import dev.conch.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A vocabulary whose token ids are bytes, 256 being a control token. */
final class Utf8Tokenizer implements Tokenizer {
    static final int CONTROL = 256;
    static final String CONTROL_TEXT = "<c>";

    @Override
    public int[] encode(String text, List<TextSpan> literal) {
        return ids(text);
    }

    @Override
    public DecodeStream decodeStream(boolean skipSpecialTokens) {
        return new Stream(skipSpecialTokens);
    }

    @Override
    public TokenText tokenText(int tokenId, boolean first, boolean skipSpecialTokens) {
        if (tokenId == CONTROL) {
            return new TokenText.Characters(CONTROL_TEXT, skipSpecialTokens);
        }
        return tokenId < 0x80
                ? new TokenText.Characters(Character.toString(tokenId), false)
                : new TokenText.Bytes(new byte[] {(byte) tokenId});
    }

    @Override
    public int[] withSpecialTokens(int[] text) {
        return text;
    }

    @Override
    public String spelling(int tokenId) {
        return "<" + tokenId + ">";
    }

    @Override
    public boolean hasToken(int tokenId) {
        return tokenId >= 0 && tokenId < vocabularySize();
    }

    @Override
    public int vocabularySize() {
        return CONTROL + 1;
    }

    static int[] ids(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[bytes.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = bytes[i] & 0xFF;
        }
        return ids;
    }

    private static final class Stream implements DecodeStream {
        private final boolean skipSpecialTokens;
        private final ByteArrayOutputStream character = new ByteArrayOutputStream();

        Stream(boolean skipSpecialTokens) {
            this.skipSpecialTokens = skipSpecialTokens;
        }

        @Override
        public String append(int tokenId) {
            if (tokenId < 0 || tokenId > CONTROL) {
                throw new IndexOutOfBoundsException("token id: " + tokenId);
            }
            if (tokenId == CONTROL) {
                return skipSpecialTokens ? "" : finish() + CONTROL_TEXT;
            }
            character.write(tokenId);
            String text = character.toString(StandardCharsets.UTF_8);
            if (text.contains("\uFFFD")) {
                return "";
            }
            character.reset();
            return text;
        }

        @Override
        public String finish() {
            String rest = character.size() == 0 ? "" : "\uFFFD";
            character.reset();
            return rest;
        }
    }
}
