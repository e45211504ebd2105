package dev.conch.output;

import dev.conch.generation.TokenText.Characters;
import dev.conch.tokenizer.DecodeStream;
import dev.conch.tokenizer.Tokenizer;

/** Shows control tokens, with a blank between each and what is beside it. */
final class SpacedDecodeStream implements DecodeStream {
    private final Tokenizer tokenizer;
    private final DecodeStream inner;
    /** Whether there is any text. */
    private boolean begun;

    private boolean afterControl;

    SpacedDecodeStream(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.inner = tokenizer.decodeStream(false);
    }

    @Override
    public String append(int tokenId) {
        String decoded = inner.append(tokenId);
        return tokenizer.tokenText(tokenId, false, true) instanceof Characters(String control, boolean hidden) && hidden
                ? aroundControl(decoded, control)
                : behindControl(decoded);
    }

    @Override
    public String finish() {
        return behindControl(inner.finish());
    }

    /** What was held back before the control token came out with it. */
    private String aroundControl(String decoded, String control) {
        String before = behindControl(decoded.substring(0, decoded.length() - control.length()));
        String text = begun ? before + " " + control : control;
        begun = true;
        afterControl = true;
        return text;
    }

    private String behindControl(String decoded) {
        if (decoded.isEmpty()) {
            return decoded;
        }
        String text = afterControl ? " " + decoded : decoded;
        begun = true;
        afterControl = false;
        return text;
    }
}
