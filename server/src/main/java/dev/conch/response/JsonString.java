package dev.conch.response;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/** Writes JSON strings in UTF-8 straight into a buffer. Runs without anything to escape, nearly all text, are copied whole. */
final class JsonString {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private JsonString() {}

    /** Writes the text quoted and escaped. */
    static void write(ByteBuf out, String text) {
        out.writeByte('"');
        int runStart = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                ByteBufUtil.writeUtf8(out, text, runStart, i);
                writeEscaped(out, c);
                runStart = i + 1;
            }
        }
        ByteBufUtil.writeUtf8(out, text, runStart, text.length());
        out.writeByte('"');
    }

    private static void writeEscaped(ByteBuf out, char c) {
        out.writeByte('\\');
        switch (c) {
            case '"', '\\' -> out.writeByte(c);
            case '\n' -> out.writeByte('n');
            case '\r' -> out.writeByte('r');
            case '\t' -> out.writeByte('t');
            default -> writeUnicodeEscape(out, c);
        }
    }

    private static void writeUnicodeEscape(ByteBuf out, char c) {
        out.writeByte('u').writeByte('0').writeByte('0').writeByte(HEX[c >> 4]).writeByte(HEX[c & 15]);
    }
}
