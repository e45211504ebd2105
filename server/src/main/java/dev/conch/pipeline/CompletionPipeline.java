package dev.conch.pipeline;

import dev.conch.constraint.Constraints;
import dev.conch.openai.CompletionRequest;
import dev.conch.response.AnswerForm.Schema;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Completes prompts. A request with several prompts is one answer, whose prompts are generated from side by side. Thread-safe. */
public final class CompletionPipeline {
    private final AnswerPipeline answers;
    private final Constraints constraints;

    public CompletionPipeline(AnswerPipeline answers, Constraints constraints) {
        this.answers = answers;
        this.constraints = constraints;
    }

    /**
     * Answers a request. To be called on the connection's event loop.
     *
     * @return as {@link ChatPipeline#answer}
     */
    public CompletionStage<Object> answer(CompletionRequest request, ClientConnection client) {
        var order = new AnswerOrder(
                "text_completion",
                "cmpl-",
                Schema.COMPLETION,
                request.model(),
                request.output(),
                PromptPreparation.generatedChoices(request),
                false,
                PromptSize.chars(request.prompts())
                        + PromptSize.chars(request.responseFormat())
                        + PromptSize.chars(request.sampling(), request.stop()),
                request.priority(),
                request.stop().maxTokensField(),
                paramNames(request),
                (id, card) -> PromptPreparation.prepare(id, request, card, constraints));
        return answers.answer(order, client);
    }

    /** There is one field for logprobs and alternatives here, and logprobs that nobody asked for are there to find the best choices by. */
    private static Map<String, String> paramNames(CompletionRequest request) {
        String logprobs = request.output().topLogprobs() == null ? "best_of" : "logprobs";
        return Map.of("messages", "prompt", "logprobs", logprobs, "top_logprobs", logprobs);
    }
}
