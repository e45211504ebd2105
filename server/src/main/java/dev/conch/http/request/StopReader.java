package dev.conch.http.request;

import dev.conch.http.request.JsonFields.Element;
import dev.conch.openai.StopOptions;
import io.micronaut.json.tree.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the parameters that say when an answer ends. */
final class StopReader {
    private static final String MAX_COMPLETION_TOKENS = "max_completion_tokens";
    private static final String MAX_TOKENS = "max_tokens";
    private static final String MIN_TOKENS = "min_tokens";
    private static final String STOP = "stop";

    private final RequestParameters request;

    private StopReader(RequestParameters request) {
        this.request = request;
    }

    static StopOptions ofChat(RequestParameters request) {
        var reader = new StopReader(request);
        boolean older = request.has(MAX_TOKENS) && !request.has(MAX_COMPLETION_TOKENS);
        return reader.read(reader.chatMaxTokens(), older ? MAX_TOKENS : MAX_COMPLETION_TOKENS);
    }

    /** A completion without a limit is short, as specified. */
    static StopOptions ofCompletion(RequestParameters request) {
        return new StopReader(request).read(request.integerOrDefault(MAX_TOKENS), MAX_TOKENS);
    }

    private StopOptions read(@Nullable Integer maxTokens, String maxTokensField) {
        Integer minTokens = request.integer(MIN_TOKENS);
        if (minTokens != null && maxTokens != null && minTokens > maxTokens) {
            throw request.invalid(MIN_TOKENS, "expected at most 'max_tokens' (%d)".formatted(maxTokens));
        }
        return new StopOptions(
                maxTokens,
                maxTokensField,
                minTokens,
                stop(),
                request.integers("stop_token_ids"),
                request.flag("ignore_eos"),
                request.flag("include_stop_str_in_output"));
    }

    private @Nullable Integer chatMaxTokens() {
        Integer newer = request.integer(MAX_COMPLETION_TOKENS);
        Integer older = request.integer(MAX_TOKENS);
        if (newer != null && older != null && !newer.equals(older)) {
            throw request.invalid(MAX_TOKENS, "expected the same as 'max_completion_tokens', or only one of the two");
        }
        return newer == null ? older : newer;
    }

    private List<String> stop() {
        JsonNode node = request.node(STOP);
        if (node == null) {
            return List.of();
        }
        ValueSchema each = request.schema(STOP);
        if (node.isString()) {
            return List.of(RequestParameters.text(new Element(node, STOP), each));
        }
        return request.fields().array(STOP, node, request.limits().maxStopSequences()).stream()
                .map(element -> RequestParameters.text(element, each))
                .toList();
    }
}
