package dev.conch.tokenizer;

/** Decodes by table: look up the bytes of a token, hand out the characters that they complete. */
final class ByteLevelDecodeStream implements DecodeStream {
    private final TokenTable table;
    private final Utf8Assembler utf8 = new Utf8Assembler();

    ByteLevelDecodeStream(TokenTable table) {
        this.table = table;
    }

    @Override
    public String append(int tokenId) {
        if (utf8.idle()) {
            String text = table.wholeText(tokenId);
            if (text != null) {
                return text;
            }
        }
        StringBuilder text = new StringBuilder();
        for (byte next : table.bytes(tokenId)) {
            utf8.accept(next, text);
        }
        return text.toString();
    }

    @Override
    public String finish() {
        StringBuilder text = new StringBuilder();
        utf8.finish(text);
        return text.toString();
    }
}
