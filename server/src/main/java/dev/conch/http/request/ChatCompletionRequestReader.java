package dev.conch.http.request;

import dev.conch.openai.ChatCompletionRequest;

/** Reads a chat request, to be answered or only to be rendered. Whatever is wrong is told with the path of the field. */
public final class ChatCompletionRequestReader {
    private ChatCompletionRequestReader() {}

    /**
     * Reads a chat request.
     *
     * @throws dev.conch.generation.GenerationException a USER error naming the field
     */
    public static ChatCompletionRequest read(RequestParameters request) {
        AcceptedParameters.checkChat(request);
        return new ChatCompletionRequest(
                request.requiredText("model"),
                new ConversationReader(request).read(),
                SamplingReader.read(request),
                StopReader.ofChat(request),
                OutputReader.ofChat(request),
                request.flag("add_special_tokens"),
                request.integer("truncate_prompt_tokens"));
    }
}
