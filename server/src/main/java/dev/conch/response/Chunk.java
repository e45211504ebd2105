package dev.conch.response;

import dev.conch.generation.OutputEvent;
import dev.conch.openai.CompletionUsage;
import org.jspecify.annotations.Nullable;

/** One event of a stream that has not been written yet: a chunk of OpenAI's, without what is the same in all chunks of the stream. */
sealed interface Chunk {

    /** What the chunk says of the usage; null: nothing. */
    @Nullable CompletionUsage usage();

    /** A choice begins. */
    record Begin(int choice, @Nullable CompletionUsage usage) implements Chunk {}

    /** News of a choice. */
    record News(OutputEvent event, @Nullable CompletionUsage usage) implements Chunk {}

    /** All choices are complete; the last chunk of a stream that asked for the usage. */
    record Total(CompletionUsage usage) implements Chunk {}
}
