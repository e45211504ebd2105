package dev.conch.response;

import dev.conch.generation.OutputEvent;
import dev.conch.openai.CompletionUsage;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** All that the answers of two endpoints have different: the single answer, and what a chunk says of a choice. */
sealed interface AnswerSchema permits ChatSchema, CompletionSchema {

    static AnswerSchema of(AnswerHead head, AnswerForm form) {
        return switch (form.schema()) {
            case CHAT -> new ChatSchema(head, form);
            case COMPLETION -> new CompletionSchema(head, form);
        };
    }

    /** The value of {@code object} in a chunk. */
    String chunkObject();

    /** Whether a choice begins with a chunk of its own. */
    boolean announcesChoices();

    /** Writes that a choice begins, as an element of the chunk's list of choices. */
    void writeBegin(ByteBuf out, int choice);

    /** Likewise news of a choice. */
    void writeNews(ByteBuf out, OutputEvent event);

    /** Writes what else the first chunk of a stream has, each member with a comma before it. */
    void writeFirstChunkMembers(ByteBuf out);

    /** The single answer. */
    Object body(List<CollectedChoice> choices, CompletionUsage usage);
}
