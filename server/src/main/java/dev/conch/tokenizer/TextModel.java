package dev.conch.tokenizer;

/** Encodes text in which there is no added token left to be cut out. Thread-safe. */
interface TextModel {

    /**
     * Encodes a part of a text.
     *
     * @param text well-formed UTF-16. Nothing but the part counts, except that some vocabularies treat the part at 0 as the beginning
     * @param out receives the ids, none of which is a control token unless it stands for what the vocabulary cannot spell
     */
    void encode(String text, int from, int to, TokenIds out);
}
