package dev.conch.tokenizer;

import java.util.BitSet;

/** Decodes by table: a token of whole characters is its text, bytes become characters when they are complete. */
final class TableDecodeStream implements DecodeStream {
    private final TokenTable rest;
    private final BitSet skipped;
    private final ByteSequence bytes;
    private final StringBuilder text = new StringBuilder();
    private TokenTable table;

    /**
     * Begins a text.
     *
     * @param first table of the first token that is not skipped
     * @param rest table of all others
     * @param skipped ids that are not shown, not changed here
     * @param bytes turns bytes into text, idle
     */
    TableDecodeStream(TokenTable first, TokenTable rest, BitSet skipped, ByteSequence bytes) {
        table = first;
        this.rest = rest;
        this.skipped = skipped;
        this.bytes = bytes;
    }

    @Override
    public String append(int tokenId) {
        String whole = table.text(tokenId);
        if (skipped.get(tokenId)) {
            return "";
        }
        if (whole != null && bytes.idle()) {
            table = rest;
            return whole;
        }
        text.setLength(0);
        if (whole != null) {
            bytes.finish(text);
            text.append(whole);
        } else {
            acceptBytes(table.bytes(tokenId));
        }
        table = rest;
        return text.toString();
    }

    private void acceptBytes(byte[] token) {
        for (byte next : token) {
            bytes.accept(next, text);
        }
    }

    @Override
    public String finish() {
        text.setLength(0);
        bytes.finish(text);
        return text.toString();
    }
}
