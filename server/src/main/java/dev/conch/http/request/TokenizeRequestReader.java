package dev.conch.http.request;

import dev.conch.generation.GenerationException;
import dev.conch.openai.TokenizeRequest;
import dev.conch.openai.TokenizeRequest.Input;
import java.util.List;

/** Reads a request to tokenize a text or a conversation. */
public final class TokenizeRequestReader {
    private static final String PROMPT = "prompt";
    private static final String MESSAGES = "messages";

    private static final List<String> OF_A_CONVERSATION = List.of(
            "tools",
            "documents",
            "chat_template",
            "chat_template_kwargs",
            "reasoning_effort",
            "verbosity",
            "add_generation_prompt",
            "continue_final_message");

    private TokenizeRequestReader() {}

    /**
     * Reads a request to tokenize.
     *
     * @throws GenerationException a USER error naming the field
     */
    public static TokenizeRequest read(RequestParameters request) {
        boolean chat = request.has(MESSAGES);
        return new TokenizeRequest(
                request.requiredText("model"),
                chat ? conversation(request) : text(request),
                request.flag("add_special_tokens", !chat),
                request.flag("return_token_strs"));
    }

    private static Input conversation(RequestParameters request) {
        if (request.has(PROMPT)) {
            throw request.invalid(PROMPT, "not together with 'messages'");
        }
        return new Input.Chat(new ConversationReader(request).read());
    }

    /** What says how messages become a prompt would go unheard. */
    private static Input text(RequestParameters request) {
        String prompt = request.requiredText(PROMPT);
        for (String name : OF_A_CONVERSATION) {
            if (request.has(name)) {
                throw request.invalid(name, "only allowed together with 'messages'");
            }
        }
        return new Input.Text(prompt);
    }
}
