package dev.conch.http.request;

import dev.conch.openai.SamplingOptions;
import io.micronaut.json.tree.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the parameters that say how tokens are chosen. */
final class SamplingReader {
    private static final String LOGIT_BIAS = "logit_bias";
    private static final Pattern TOKEN_ID = Pattern.compile("0|[1-9]\\d{0,9}");

    private SamplingReader() {}

    static SamplingOptions read(RequestParameters request) {
        return new SamplingOptions(
                request.number("temperature"),
                request.number("top_p"),
                topK(request),
                request.number("min_p"),
                request.number("frequency_penalty"),
                request.number("presence_penalty"),
                request.number("repetition_penalty"),
                request.integer("no_repeat_ngram_size"),
                logitBias(request),
                request.integers("allowed_token_ids"),
                request.texts("bad_words"),
                request.int64("seed"));
    }

    /** There are two ways of saying "all". */
    private static @Nullable Integer topK(RequestParameters request) {
        Integer topK = request.integer("top_k");
        return topK == null || topK <= 0 ? null : topK;
    }

    private static Map<Integer, Double> logitBias(RequestParameters request) {
        ValueSchema range = request.schema(LOGIT_BIAS).elements();
        Map<Integer, Double> biases = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : request.members(LOGIT_BIAS)) {
            int token = tokenId(request, entry.getKey());
            biases.put(token, JsonFields.number(entry.getValue(), LOGIT_BIAS + "." + token, range));
        }
        return biases;
    }

    private static int tokenId(RequestParameters request, String key) {
        long id = TOKEN_ID.matcher(key).matches() ? Long.parseLong(key) : Long.MAX_VALUE;
        if (id > Integer.MAX_VALUE) {
            throw request.invalid(LOGIT_BIAS, "expected token ids as keys, such as \"50256\"");
        }
        return (int) id;
    }
}
