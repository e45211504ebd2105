package dev.conch.http.request;

import dev.conch.openai.OutputOptions;
import org.jspecify.annotations.Nullable;

/** Reads the parameters that say in which form the answer is wanted. */
final class OutputReader {
    private static final String LOGPROBS = "logprobs";
    private static final String TOP_LOGPROBS = "top_logprobs";
    private static final String STREAM_OPTIONS = "stream_options";

    private final RequestParameters request;

    private OutputReader(RequestParameters request) {
        this.request = request;
    }

    static OutputOptions ofChat(RequestParameters request) {
        var reader = new OutputReader(request);
        return reader.read(reader.chatLogprobs(), request.flag("include_reasoning"));
    }

    static OutputOptions ofCompletion(RequestParameters request) {
        return new OutputReader(request).read(request.integer(LOGPROBS), true);
    }

    private OutputOptions read(@Nullable Integer topLogprobs, boolean includeReasoning) {
        boolean stream = request.flag("stream");
        RequestParameters options = streamOptions(stream);
        return new OutputOptions(
                choices(),
                topLogprobs,
                stream,
                options != null && options.flag("include_usage"),
                options != null && options.flag("continuous_usage_stats"),
                options != null && options.flag("include_obfuscation"),
                request.flag("skip_special_tokens"),
                request.flag("spaces_between_special_tokens"),
                request.flag("return_token_ids"),
                includeReasoning,
                request.text("request_id"));
    }

    private int choices() {
        int n = request.integerOrDefault("n");
        int most = request.limits().maxChoices();
        if (n > most) {
            throw JsonFields.aboveMaximum("n", most);
        }
        return n;
    }

    private @Nullable Integer chatLogprobs() {
        boolean wanted = request.flag(LOGPROBS);
        Integer alternatives = request.integer(TOP_LOGPROBS);
        if (wanted) {
            return alternatives == null ? 0 : alternatives;
        }
        if (alternatives != null && alternatives > 0) {
            throw request.invalid(TOP_LOGPROBS, "only allowed when 'logprobs' is true");
        }
        return null;
    }

    private @Nullable RequestParameters streamOptions(boolean stream) {
        if (!request.has(STREAM_OPTIONS)) {
            return null;
        }
        if (!stream) {
            throw request.invalid(STREAM_OPTIONS, "only allowed when 'stream' is true");
        }
        return request.inside(STREAM_OPTIONS);
    }
}
