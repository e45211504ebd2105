package dev.conch.http.request;

import dev.conch.openai.ChatCompletionRequest;
import dev.conch.openai.Conversation;

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
        String model = request.requiredText("model");
        Conversation conversation = new ConversationReader(request).read();
        return new ChatCompletionRequest(
                model,
                conversation,
                ToolOptionsReader.options(request.fields(), conversation.tools()),
                ResponseFormatReader.read(request),
                SamplingReader.read(request),
                StopReader.ofChat(request),
                OutputReader.ofChat(request),
                request.flag("add_special_tokens"),
                request.integer("truncate_prompt_tokens"),
                request.integerOrDefault("priority"));
    }
}
