package dev.conch.response;

import static dev.conch.response.JsonText.ascii;

import dev.conch.generation.TextLogprob;
import dev.conch.generation.TextLogprob.Alternative;
import dev.conch.generation.TokenText;
import dev.conch.openai.ChatLogprobs;
import dev.conch.openai.TextCompletion;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Logprobs in OpenAI's two shapes, as records for the single answer and written by hand for a stream. */
final class LogprobJson {
    /** What OpenAI says of a token that is next to impossible; JSON knows no infinity. */
    private static final float LEAST = -9999;

    private LogprobJson() {}

    static ChatLogprobs.Token chatToken(TextLogprob token) {
        return new ChatLogprobs.Token(
                TokenName.ofChat(token.token()),
                finite(token.logprob()),
                byteList(token.token()),
                token.alternatives().stream().map(LogprobJson::chatAlternative).toList());
    }

    private static ChatLogprobs.TopLogprob chatAlternative(Alternative alternative) {
        return new ChatLogprobs.TopLogprob(
                TokenName.ofChat(alternative.token()), finite(alternative.logprob()), byteList(alternative.token()));
    }

    private static @Nullable List<Integer> byteList(TokenText token) {
        byte[] bytes = TokenName.bytes(token);
        return bytes == null
                ? null
                : IntStream.range(0, bytes.length)
                        .mapToObj(i -> bytes[i] & 0xFF)
                        .toList();
    }

    static TextCompletion.Logprobs completion(List<TextLogprob> tokens) {
        var offsets = new ArrayList<Integer>();
        var logprobs = new ArrayList<Float>();
        var names = new ArrayList<String>();
        var tops = new ArrayList<Map<String, Float>>();
        for (TextLogprob token : tokens) {
            offsets.add(token.offset());
            logprobs.add(finite(token.logprob()));
            names.add(TokenName.ofCompletion(token.token()));
            tops.add(top(token));
        }
        return new TextCompletion.Logprobs(offsets, logprobs, names, tops);
    }

    /** The alternatives by name, and the token that was sampled if it is not among them. Of two with one name the likelier is told. */
    private static Map<String, Float> top(TextLogprob token) {
        var top = new LinkedHashMap<String, Float>();
        token.alternatives()
                .forEach(alternative ->
                        top.putIfAbsent(TokenName.ofCompletion(alternative.token()), finite(alternative.logprob())));
        top.putIfAbsent(TokenName.ofCompletion(token.token()), finite(token.logprob()));
        return Collections.unmodifiableMap(top);
    }

    /** Writes {@link ChatLogprobs}, or null if there are no tokens. */
    static void writeChat(ByteBuf out, List<TextLogprob> tokens) {
        if (tokens.isEmpty()) {
            ascii(out, "null");
            return;
        }
        ascii(out, "{\"content\":");
        writeList(out, tokens, LogprobJson::writeChatToken);
        ascii(out, ",\"refusal\":null}");
    }

    private static void writeChatToken(ByteBuf out, TextLogprob token) {
        writeNamed(out, token.token(), token.logprob());
        ascii(out, ",\"top_logprobs\":");
        writeList(out, token.alternatives(), LogprobJson::writeChatAlternative);
        out.writeByte('}');
    }

    private static void writeChatAlternative(ByteBuf out, Alternative alternative) {
        writeNamed(out, alternative.token(), alternative.logprob());
        out.writeByte('}');
    }

    private static void writeNamed(ByteBuf out, TokenText token, float logprob) {
        ascii(out, "{\"token\":");
        JsonText.write(out, TokenName.ofChat(token));
        ascii(out, ",\"logprob\":");
        writeLogprob(out, logprob);
        ascii(out, ",\"bytes\":");
        writeBytes(out, TokenName.bytes(token));
    }

    private static void writeBytes(ByteBuf out, byte @Nullable [] bytes) {
        if (bytes == null) {
            ascii(out, "null");
            return;
        }
        out.writeByte('[');
        for (int i = 0; i < bytes.length; i++) {
            if (i > 0) {
                out.writeByte(',');
            }
            JsonText.write(out, bytes[i] & 0xFF);
        }
        out.writeByte(']');
    }

    /** Writes {@link TextCompletion.Logprobs}, or null if there are no tokens. */
    static void writeCompletion(ByteBuf out, List<TextLogprob> tokens) {
        if (tokens.isEmpty()) {
            ascii(out, "null");
            return;
        }
        ascii(out, "{\"text_offset\":");
        writeList(out, tokens, (to, token) -> JsonText.write(to, token.offset()));
        ascii(out, ",\"token_logprobs\":");
        writeList(out, tokens, (to, token) -> writeLogprob(to, token.logprob()));
        ascii(out, ",\"tokens\":");
        writeList(out, tokens, (to, token) -> JsonText.write(to, TokenName.ofCompletion(token.token())));
        ascii(out, ",\"top_logprobs\":");
        writeList(out, tokens, (to, token) -> writeTop(to, top(token)));
        out.writeByte('}');
    }

    private static void writeTop(ByteBuf out, Map<String, Float> top) {
        char before = '{';
        for (Map.Entry<String, Float> entry : top.entrySet()) {
            out.writeByte(before);
            JsonText.write(out, entry.getKey());
            out.writeByte(':');
            writeLogprob(out, entry.getValue());
            before = ',';
        }
        out.writeByte('}');
    }

    private static <T> void writeList(ByteBuf out, List<T> elements, BiConsumer<ByteBuf, T> element) {
        out.writeByte('[');
        for (int i = 0; i < elements.size(); i++) {
            if (i > 0) {
                out.writeByte(',');
            }
            element.accept(out, elements.get(i));
        }
        out.writeByte(']');
    }

    private static void writeLogprob(ByteBuf out, float logprob) {
        ascii(out, Float.toString(finite(logprob)));
    }

    private static float finite(float logprob) {
        return logprob > LEAST ? logprob : LEAST;
    }
}
