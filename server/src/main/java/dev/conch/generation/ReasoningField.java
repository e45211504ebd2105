package dev.conch.generation;

/** Clients know what a model thinks by two names. */
public enum ReasoningField {
    /** {@code reasoning_content}, as DeepSeek has it. */
    REASONING_CONTENT,
    /** {@code reasoning}, as newer versions of vLLM have it. */
    REASONING,
    /** The same text under both. */
    BOTH;

    /** Whether an answer has {@code reasoning_content}. */
    public boolean hasContent() {
        return this != REASONING;
    }

    /** Whether an answer has {@code reasoning}. */
    public boolean hasShort() {
        return this != REASONING_CONTENT;
    }
}
