package dev.conch.response;

import static dev.conch.response.JsonText.ascii;
import static dev.conch.response.JsonText.asciiBytes;

import dev.conch.openai.CompletionUsage;
import dev.conch.openai.ErrorResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Writes the server-sent events of one stream. What all chunks share is encoded once; the rest is written by hand because this runs for
 * every token. Not thread-safe.
 */
final class SseWriter {
    private static final byte[] DONE = asciiBytes("data: [DONE]\n\n");
    private static final byte[] KEEP_ALIVE = asciiBytes(": keep-alive\n\n");
    private static final byte[] END = asciiBytes("}\n\n");
    private static final byte[] USAGE_NULL = asciiBytes(",\"usage\":null");
    private static final byte[] PADDING_START = asciiBytes(",\"obfuscation\":\"");
    private static final byte[] PADDING_CHARACTERS =
            asciiBytes("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    /** Padded chunks are a multiple of so many bytes: nearly all texts of one token then have chunks of one size. */
    static final int PADDED_TO_BYTES = 64;

    private final AnswerSchema schema;
    private final AnswerForm form;
    private final Supplier<RandomGenerator> random;
    private final byte[] chunkStart;
    private boolean first = true;

    /** @param random fills the padding of chunks */
    SseWriter(AnswerHead head, AnswerForm form, Supplier<RandomGenerator> random) {
        this.schema = AnswerSchema.of(head, form);
        this.form = form;
        this.random = random;
        this.chunkStart = chunkStart(head, schema.chunkObject());
    }

    private static byte[] chunkStart(AnswerHead head, String object) {
        ByteBuf start = Unpooled.buffer();
        ascii(start, "data: {\"id\":");
        JsonText.write(start, head.id());
        ascii(start, ",\"object\":\"" + object + "\",\"created\":" + head.created() + ",\"model\":");
        JsonText.write(start, head.model());
        ascii(start, ",\"system_fingerprint\":");
        JsonText.write(start, head.fingerprint());
        ascii(start, ",\"choices\":[");
        return ByteBufUtil.getBytes(start);
    }

    void writeChunk(ByteBuf out, Chunk chunk) {
        if (chunk instanceof Chunk.Begin && !schema.announcesChoices()) {
            return;
        }
        int start = out.writerIndex();
        out.writeBytes(chunkStart);
        writeChoice(out, chunk);
        out.writeByte(']');
        writeUsage(out, chunk.usage());
        if (first) {
            schema.writeFirstChunkMembers(out);
            first = false;
        }
        if (form.obfuscation() && !(chunk instanceof Chunk.Total)) {
            writePadding(out, start);
        }
        out.writeBytes(END);
    }

    private void writeChoice(ByteBuf out, Chunk chunk) {
        switch (chunk) {
            case Chunk.Begin begin -> schema.writeBegin(out, begin.choice());
            case Chunk.News news -> schema.writeNews(out, news.event());
            case Chunk.Total _ -> {}
        }
    }

    private void writeUsage(ByteBuf out, @Nullable CompletionUsage usage) {
        if (usage != null) {
            ascii(out, ",\"usage\":{\"prompt_tokens\":");
            JsonText.write(out, usage.promptTokens());
            ascii(out, ",\"completion_tokens\":");
            JsonText.write(out, usage.completionTokens());
            ascii(out, ",\"total_tokens\":");
            JsonText.write(out, usage.totalTokens());
            ascii(out, ",\"prompt_tokens_details\":{\"cached_tokens\":");
            JsonText.write(out, usage.promptTokensDetails().cachedTokens());
            ascii(out, "},\"completion_tokens_details\":{\"reasoning_tokens\":");
            JsonText.write(out, usage.completionTokensDetails().reasoningTokens());
            ascii(out, "}}");
        } else if (form.includeUsage()) {
            out.writeBytes(USAGE_NULL);
        }
    }

    private void writePadding(ByteBuf out, int start) {
        out.writeBytes(PADDING_START);
        int size = out.writerIndex() + 1 + END.length - start;
        RandomGenerator from = random.get();
        for (int missing = Math.floorMod(-size, PADDED_TO_BYTES); missing > 0; missing--) {
            out.writeByte(PADDING_CHARACTERS[from.nextInt(PADDING_CHARACTERS.length)]);
        }
        out.writeByte('"');
    }

    /** The event that SDKs turn into an exception; nothing may follow it, not even {@code [DONE]}. */
    void writeError(ByteBuf out, ErrorResponse response) {
        ErrorResponse.ErrorObject error = response.error();
        ascii(out, "data: {\"error\":{\"message\":");
        JsonText.write(out, error.message());
        ascii(out, ",\"type\":");
        JsonText.write(out, error.type());
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
            JsonText.write(out, text);
        }
    }

    /** A comment, which clients pass over: the stream is alive. */
    void writeKeepAlive(ByteBuf out) {
        out.writeBytes(KEEP_ALIVE);
    }

    void writeDone(ByteBuf out) {
        out.writeBytes(DONE);
    }
}
