package dev.conch.pipeline;

import dev.conch.admission.AdmissionController;
import dev.conch.admission.Permit;
import dev.conch.constraint.Constraints;
import dev.conch.generation.GenerationException;
import dev.conch.model.ModelCard;
import dev.conch.model.ModelCatalog;
import dev.conch.openai.ChatCompletionRequest;
import dev.conch.openai.DetokenizeRequest;
import dev.conch.openai.DetokenizeResponse;
import dev.conch.openai.RenderResponse;
import dev.conch.openai.TokenizeRequest;
import dev.conch.openai.TokenizeRequest.Input;
import dev.conch.openai.TokenizeResponse;
import dev.conch.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The walks that end before the engine: what a prompt looks like to a model. To be called on the connection's event loop. Thread-safe. */
public final class PromptPipeline {
    private static final int NO_PRIORITY = 0;

    private final ModelCatalog catalog;
    private final AdmissionController admission;
    private final PromptWorkers promptWorkers;
    private final Constraints constraints;

    public PromptPipeline(
            ModelCatalog catalog, AdmissionController admission, PromptWorkers promptWorkers, Constraints constraints) {
        this.catalog = catalog;
        this.admission = admission;
        this.promptWorkers = promptWorkers;
        this.constraints = constraints;
    }

    /** What the engine would be given for a chat. Fails with a {@link GenerationException} as the chat would. */
    public CompletionStage<RenderResponse> render(ChatCompletionRequest request, ClientConnection client) {
        ModelCard card = catalog.get(request.model());
        return run(
                PromptSize.chars(request.conversation()) + PromptSize.chars(request.responseFormat()),
                () -> PromptPreparation.render(request, card, constraints),
                client);
    }

    /** Takes a place inside as a request that generates does: encoding is what costs this server most. */
    private <T> CompletionStage<T> run(long chars, Supplier<T> work, ClientConnection client) {
        Permit permit = admission.enter(client.eventLoop(), NO_PRIORITY);
        client.onClosed(permit::close);
        return permit.granted().thenCompose(_ -> promptWorkers.run(chars, work, client));
    }

    /** The tokens of a text or of a conversation, which may be longer than the context. Fails with a {@link GenerationException}. */
    public CompletionStage<TokenizeResponse> tokenize(TokenizeRequest request, ClientConnection client) {
        ModelCard card = catalog.get(request.model());
        long chars = switch (request.input()) {
            case Input.Text(String text) -> text.length();
            case Input.Chat chat -> PromptSize.chars(chat.conversation());
        };
        return run(chars, () -> tokenize(request, card), client);
    }

    private static TokenizeResponse tokenize(TokenizeRequest request, ModelCard card) {
        PromptField field = request.input() instanceof Input.Text ? PromptField.PROMPT : PromptField.MESSAGES;
        var encoding = new PromptEncoding(card, field, request.addSpecialTokens(), null);
        int[] ids = switch (request.input()) {
            case Input.Text(String text) -> encoding.encodeAny(text);
            case Input.Chat chat -> encoding.encodeAny(card.renderer().render(chat.conversation()));
        };
        List<Integer> tokens = Arrays.stream(ids).boxed().toList();
        return new TokenizeResponse(
                ids.length, card.maxModelLen(), tokens, request.returnTokenStrs() ? spellings(tokens, card) : null);
    }

    private static List<String> spellings(List<Integer> tokens, ModelCard card) {
        return tokens.stream().map(card.tokenizer()::spelling).toList();
    }

    /** The text of tokens, control tokens included. Fails with {@code INVALID_VALUE} naming a token that the model does not have. */
    public CompletionStage<DetokenizeResponse> detokenize(DetokenizeRequest request, ClientConnection client) {
        ModelCard card = catalog.get(request.model());
        return run(request.tokens().size(), () -> detokenize(request, card.tokenizer()), client);
    }

    private static DetokenizeResponse detokenize(DetokenizeRequest request, Tokenizer tokenizer) {
        SamplingPreparation.requireTokens(request.tokens(), "tokens", tokenizer);
        return new DetokenizeResponse(PromptEncoding.text(request.tokens(), tokenizer, false));
    }
}
