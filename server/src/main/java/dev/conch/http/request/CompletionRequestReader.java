package dev.conch.http.request;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.openai.CompletionRequest;
import dev.conch.openai.CompletionRequest.Prompt;
import dev.conch.openai.OutputOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a legacy completion request. Whatever is wrong is told with the path of the field. */
public final class CompletionRequestReader {
    private static final String BEST_OF = "best_of";
    private static final String ECHO = "echo";
    /** How many answers one request may have generated, over all of its prompts. */
    private static final int MAX_GENERATIONS = 128;

    private final RequestParameters request;

    private CompletionRequestReader(RequestParameters request) {
        this.request = request;
    }

    /**
     * Reads a completion request.
     *
     * @throws GenerationException a USER error naming the field
     */
    public static CompletionRequest read(RequestParameters request) {
        return new CompletionRequestReader(request).read();
    }

    private CompletionRequest read() {
        AcceptedParameters.checkCompletion(request);
        String model = request.requiredText("model");
        List<Prompt> prompts = PromptReader.read(request);
        OutputOptions output = OutputReader.ofCompletion(request);
        Integer bestOf = bestOf(output);
        refuseTooMany(prompts.size(), bestOf == null ? output.n() : bestOf);
        return new CompletionRequest(
                model,
                prompts,
                SamplingReader.read(request),
                StopReader.ofCompletion(request),
                output,
                ResponseFormatReader.read(request),
                bestOf,
                echo(output),
                request.flag("add_special_tokens"),
                request.integer("truncate_prompt_tokens"),
                request.integerOrDefault("priority"));
    }

    private @Nullable Integer bestOf(OutputOptions output) {
        Integer bestOf = request.integer(BEST_OF);
        if (bestOf == null) {
            return null;
        }
        if (bestOf < output.n()) {
            throw request.invalid(BEST_OF, "expected at least 'n' (%d)".formatted(output.n()));
        }
        if (bestOf > 1 && output.stream()) {
            throw request.invalid(BEST_OF, "expected 1 when 'stream' is true: the best are known at the end");
        }
        return bestOf;
    }

    private static void refuseTooMany(int prompts, int choices) {
        if ((long) prompts * choices > MAX_GENERATIONS) {
            throw new GenerationException(
                    ErrorCode.ARRAY_ABOVE_MAX_LENGTH,
                    "Invalid 'prompt': array too long. Expected at most %d answers to be generated, but got %d prompts with %d each."
                            .formatted(MAX_GENERATIONS, prompts, choices),
                    "prompt");
        }
    }

    private boolean echo(OutputOptions output) {
        boolean echo = request.flag(ECHO);
        if (echo && output.topLogprobs() != null) {
            throw new GenerationException(
                    ErrorCode.UNSUPPORTED_PARAMETER,
                    "Unsupported parameter: 'logprobs' together with 'echo' (no logprobs of a prompt are known).",
                    "logprobs");
        }
        return echo;
    }
}
