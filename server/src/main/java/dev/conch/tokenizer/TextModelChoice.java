package dev.conch.tokenizer;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses between our own encoder and the library. Ours is chosen if it is made for the file, and if the two have encoded the texts of
 * the {@link SelfCheck} alike, now or at an earlier start: then the library is not even loaded. Otherwise the library is chosen, and a
 * line in the log says why.
 */
final class TextModelChoice {
    private static final Logger LOG = LoggerFactory.getLogger(TextModelChoice.class);

    private final OwnTextModel own;
    private final SelfCheckMemo memo;

    TextModelChoice(OwnTextModel own, SelfCheckMemo memo) {
        this.own = own;
        this.memo = memo;
    }

    /**
     * Chooses for one file.
     *
     * @param name what the log calls the file
     * @param digest of its content
     */
    TextModel choose(String name, String digest, TextModelJson json) throws IOException {
        TextModel candidate;
        try {
            candidate = own(json);
        } catch (RuntimeException e) { // also a fault of ours: the library is there for what we cannot do
            LOG.info(
                    "{}: encoded by the Hugging Face library, our own encoder does not support {}",
                    name,
                    e instanceof TokenizerFormatException ? e.getMessage() : e);
            return DjlTextModel.load(json);
        }
        String key = String.join(
                " ",
                digest,
                "" + own.version(),
                "" + SelfCheck.VERSION,
                "" + Runtime.version().feature());
        Verdict verdict = memo.recall(key);
        return verdict == null ? check(name, key, candidate, json) : settle(name, verdict, candidate, null, json);
    }

    private TextModel own(TextModelJson json) {
        if (!json.alone()) {
            throw new TokenizerFormatException(
                    "added_tokens: looked for in normalized text (expected: \"normalized\": false)");
        }
        return own.of(json.json());
    }

    private TextModel check(String name, String key, TextModel candidate, TextModelJson json) throws IOException {
        DjlTextModel library = DjlTextModel.load(json);
        try {
            Verdict verdict = SelfCheck.compare(candidate, library);
            memo.remember(key, verdict);
            return settle(name, verdict, candidate, library, json);
        } catch (RuntimeException e) {
            library.close();
            throw e;
        }
    }

    private static TextModel settle(
            String name, Verdict verdict, TextModel candidate, @Nullable DjlTextModel library, TextModelJson json)
            throws IOException {
        if (verdict.agrees()) {
            if (library != null) {
                library.close();
            }
            return candidate;
        }
        LOG.warn("{}: encoded by the Hugging Face library, our own encoder {} of the self-check", name, verdict);
        return library == null ? DjlTextModel.load(json) : library;
    }
}
