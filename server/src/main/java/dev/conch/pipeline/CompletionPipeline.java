package dev.conch.pipeline;

import dev.conch.openai.CompletionRequest;
import dev.conch.response.AnswerForm.Schema;
import java.util.concurrent.CompletionStage;

/** Completes prompts. A request with several prompts is one answer, whose prompts are generated from side by side. Thread-safe. */
public final class CompletionPipeline {
    private final AnswerPipeline answers;

    public CompletionPipeline(AnswerPipeline answers) {
        this.answers = answers;
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
                request.user(),
                PromptSize.chars(request.prompts()),
                (id, card) -> PromptPreparation.prepare(id, request, card));
        return answers.answer(order, client);
    }
}
