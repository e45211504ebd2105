package dev.conch.output;

import dev.conch.tokenizer.DecodeStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A decoder whose token ids are bytes, 256 being a control token without text. */
final class Utf8Stream implements DecodeStream {
    static final int CONTROL = 256;

    private final ByteArrayOutputStream character = new ByteArrayOutputStream();

    @Override
    public String append(int tokenId) {
        if (tokenId < 0 || tokenId > CONTROL) {
            throw new IndexOutOfBoundsException("token id: " + tokenId);
        }
        if (tokenId == CONTROL) {
            return "";
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
        return character.size() == 0 ? "" : "\uFFFD";
    }

    static int[] ids(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[bytes.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = bytes[i] & 0xFF;
        }
        return ids;
    }
}
