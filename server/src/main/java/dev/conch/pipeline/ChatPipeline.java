package dev.conch.pipeline;

import dev.conch.constraint.Constraints;
import dev.conch.openai.ChatCompletionRequest;
import dev.conch.response.AnswerForm.Schema;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Answers conversations. Thread-safe. */
public final class ChatPipeline {
    private final AnswerPipeline answers;
    private final IdSource ids;
    private final Constraints constraints;

    /** @param ids names calls */
    public ChatPipeline(AnswerPipeline answers, IdSource ids, Constraints constraints) {
        this.answers = answers;
        this.ids = ids;
        this.constraints = constraints;
    }

    /**
     * Answers a request. To be called on the connection's event loop.
     *
     * @return the body: an event stream once the first piece of the answer is there, or the complete answer. Fails with a
     *     {@link dev.conch.generation.GenerationException}; never completes if the client goes away first
     */
    public CompletionStage<Object> answer(ChatCompletionRequest request, ClientConnection client) {
        var order = new AnswerOrder(
                "chat",
                "chatcmpl-",
                Schema.CHAT,
                request.model(),
                request.output(),
                request.output().n(),
                request.tools().functionCall(),
                PromptSize.chars(request.conversation())
                        + PromptSize.chars(request.responseFormat())
                        + PromptSize.chars(request.sampling(), request.stop()),
                request.priority(),
                request.stop().maxTokensField(),
                Map.of(),
                (id, card) -> PromptPreparation.prepare(id, request, card, ids, constraints));
        return answers.answer(order, client);
    }
}
