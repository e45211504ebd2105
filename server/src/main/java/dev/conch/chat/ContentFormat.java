package dev.conch.chat;

/** What a template is given as a message's content. */
public enum ContentFormat {
    /** What it takes: found out by rendering when it is compiled. */
    AUTO,
    /** One string, parts joined by line breaks. */
    STRING,
    /** A list of parts, as OpenAI writes them. */
    OPENAI
}
