package dev.conch.response;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.conch.openai.ChatCompletionChunk;
import dev.conch.openai.ChatCompletionChunk.Choice;
import dev.conch.openai.ChatCompletionChunk.Delta;
import dev.conch.openai.CompletionUsage;
import dev.conch.openai.ErrorResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Writes the server-sent events of one stream. What all chunks share is encoded once; the rest is written by hand because this runs for
 * every token. Not thread-safe.
 */
final class SseWriter {
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(UTF_8);
    private static final byte[] END = "}\n\n".getBytes(UTF_8);
    private static final byte[] USAGE_NULL = ",\"usage\":null".getBytes(UTF_8);

    private final byte[] chunkStart;
    private final boolean includeUsage;

    /** @param includeUsage whether each chunk has a {@code usage}, null in all but the last */
    SseWriter(AnswerHead head, boolean includeUsage) {
        this.chunkStart = chunkStart(head);
        this.includeUsage = includeUsage;
    }

    private static byte[] chunkStart(AnswerHead head) {
        ByteBuf start = Unpooled.buffer();
        ascii(start, "data: {\"id\":");
        JsonString.write(start, head.id());
        ascii(start, ",\"object\":\"chat.completion.chunk\",\"created\":" + head.created() + ",\"model\":");
        JsonString.write(start, head.model());
        ascii(start, ",\"choices\":[");
        return ByteBufUtil.getBytes(start);
    }

    void writeChunk(ByteBuf out, ChatCompletionChunk chunk) {
        out.writeBytes(chunkStart);
        for (int i = 0; i < chunk.choices().size(); i++) {
            if (i > 0) {
                out.writeByte(',');
            }
            writeChoice(out, chunk.choices().get(i));
        }
        out.writeByte(']');
        writeUsage(out, chunk.usage());
        out.writeBytes(END);
    }

    private static void writeChoice(ByteBuf out, Choice choice) {
        ascii(out, "{\"index\":" + choice.index() + ",\"delta\":{");
        writeDelta(out, choice.delta());
        ascii(out, "},\"finish_reason\":");
        if (choice.finishReason() == null) {
            ascii(out, "null");
        } else {
            JsonString.write(out, choice.finishReason());
        }
        out.writeByte('}');
    }

    private static void writeDelta(ByteBuf out, Delta delta) {
        if (delta.role() != null) {
            ascii(out, "\"role\":");
            JsonString.write(out, delta.role());
        }
        if (delta.content() != null) {
            ascii(out, delta.role() == null ? "\"content\":" : ",\"content\":");
            JsonString.write(out, delta.content());
        }
    }

    private void writeUsage(ByteBuf out, @Nullable CompletionUsage usage) {
        if (usage != null) {
            ascii(
                    out,
                    ",\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d,\"prompt_tokens_details\":{\"cached_tokens\":%d}}"
                            .formatted(
                                    usage.promptTokens(),
                                    usage.completionTokens(),
                                    usage.totalTokens(),
                                    usage.promptTokensDetails().cachedTokens()));
        } else if (includeUsage) {
            out.writeBytes(USAGE_NULL);
        }
    }

    /** The event that SDKs turn into an exception; nothing may follow it, not even {@code [DONE]}. */
    void writeError(ByteBuf out, ErrorResponse response) {
        ErrorResponse.ErrorObject error = response.error();
        ascii(out, "data: {\"error\":{\"message\":");
        JsonString.write(out, error.message());
        ascii(out, ",\"type\":");
        JsonString.write(out, error.type());
        ascii(out, ",\"param\":");
        writeNullable(out, error.param());
        ascii(out, ",\"code\":");
        writeNullable(out, error.code());
        ascii(out, "}}\n\n");
    }

    private static void writeNullable(ByteBuf out, @Nullable String text) {
        if (text == null) {
            ascii(out, "null");
        } else {
            JsonString.write(out, text);
        }
    }

    void writeDone(ByteBuf out) {
        out.writeBytes(DONE);
    }

    private static void ascii(ByteBuf out, String text) {
        ByteBufUtil.writeAscii(out, text);
    }
}
