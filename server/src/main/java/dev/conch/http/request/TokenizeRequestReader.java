package dev.conch.http.request;

import dev.conch.openai.TokenizeRequest;
import dev.conch.openai.TokenizeRequest.Input;

/** Reads a request to tokenize a text or a conversation. */
public final class TokenizeRequestReader {
    private static final String PROMPT = "prompt";
    private static final String MESSAGES = "messages";

    private TokenizeRequestReader() {}

    /** @throws dev.conch.generation.GenerationException a USER error naming the field */
    public static TokenizeRequest read(RequestParameters request) {
        if (request.has(PROMPT) && request.has(MESSAGES)) {
            throw request.invalid(PROMPT, "not together with 'messages'");
        }
        boolean chat = request.has(MESSAGES);
        return new TokenizeRequest(
                request.requiredText("model"),
                chat
                        ? new Input.Chat(new ConversationReader(request).read())
                        : new Input.Text(request.requiredText(PROMPT)),
                request.flag("add_special_tokens", !chat),
                request.flag("return_token_strs"));
    }
}
