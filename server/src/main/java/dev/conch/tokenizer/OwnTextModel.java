package dev.conch.tokenizer;

import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/** Our own encoder, as the choice sees it. */
interface OwnTextModel {

    /** Goes up whenever the encoder may encode anything differently, so that what is remembered of an older one does not count. */
    int version();

    /**
     * Makes a text model of a file, if it is of a kind that we encode ourselves.
     *
     * @param textModel a whole {@code tokenizer.json} without added tokens; it is not to be changed
     * @return null if it is not
     */
    @Nullable TextModel of(JsonObject textModel);
}
