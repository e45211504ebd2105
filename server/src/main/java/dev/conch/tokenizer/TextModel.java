package dev.conch.tokenizer;

/** Encodes text in which there is no added token left to be cut out. Thread-safe. */
interface TextModel {

    /**
     * Appends the ids of a part of a text.
     *
     * @param from first UTF-16 unit
     * @param to unit after the last
     */
    void encode(String text, int from, int to, TokenIds out);
}
