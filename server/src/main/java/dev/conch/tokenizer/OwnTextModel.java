package dev.conch.tokenizer;

import com.google.gson.JsonObject;

/** Our own encoder, as the choice sees it. */
interface OwnTextModel {

    /** Byte-level BPE, the one that we have. */
    OwnTextModel BYTE_LEVEL_BPE = new OwnTextModel() {
        @Override
        public int version() {
            return 4;
        }

        @Override
        public TextModel of(JsonObject textModel) {
            return ByteLevelBpe.of(textModel);
        }
    };

    /**
     * Goes up whenever the encoder may encode anything differently, so that what is remembered of an older one does not count. Which {@link
     * AsciiWindow} a JVM has is no part of it: they are made to be equal, and tested for it byte by byte.
     */
    int version();

    /**
     * Makes a text model of a file.
     *
     * @param textModel a whole {@code tokenizer.json} without added tokens; it is not to be changed
     * @throws TokenizerFormatException if it is not, naming what the file has that we do not do ourselves
     */
    TextModel of(JsonObject textModel);
}
