package dev.conch.tokenizer;

import dev.conch.tokenizer.TokenRule.Strip;

/** Takes blanks from the front of a text. */
final class StripDecodeStream implements DecodeStream {
    private final DecodeStream inner;
    private final int character;
    private int most;

    StripDecodeStream(DecodeStream inner, Strip strip) {
        this.inner = inner;
        character = strip.character();
        most = strip.most();
    }

    @Override
    public String append(int tokenId) {
        String piece = inner.append(tokenId);
        return most == 0 ? piece : strip(piece);
    }

    @Override
    public String finish() {
        String piece = inner.finish();
        return most == 0 ? piece : strip(piece);
    }

    private String strip(String piece) {
        int cut = 0;
        while (most > 0 && cut < piece.length()) {
            if (piece.codePointAt(cut) == character) {
                cut += Character.charCount(character);
                most--;
            } else {
                most = 0;
            }
        }
        return piece.substring(cut);
    }
}
