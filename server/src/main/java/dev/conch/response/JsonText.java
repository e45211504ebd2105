package dev.conch.response;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes JSON in UTF-8 straight into a buffer. Runs of text without anything to escape, nearly all text, are copied whole. */
final class JsonText {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private JsonText() {}

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

    /** Writes a number. */
    static void write(ByteBuf out, int number) {
        if (number >= 0 && number < 10) {
            out.writeByte('0' + number);
        } else {
            ascii(out, Integer.toString(number));
        }
    }

    /** Writes a list of numbers. */
    static void write(ByteBuf out, List<Integer> numbers) {
        out.writeByte('[');
        for (int i = 0; i < numbers.size(); i++) {
            if (i > 0) {
                out.writeByte(',');
            }
            write(out, numbers.get(i).intValue());
        }
        out.writeByte(']');
    }

    /** Writes a text that is JSON already, all in ASCII. */
    static void ascii(ByteBuf out, String json) {
        ByteBufUtil.writeAscii(out, json);
    }

    /** A text in ASCII, to be written often. */
    static byte[] asciiBytes(String json) {
        return json.getBytes(StandardCharsets.US_ASCII);
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
