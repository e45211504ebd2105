package dev.conch.real;

import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

class StreamChat {
    public static void main(String[] args) {
        var client = OpenAIOkHttpClient.builder()
                .baseUrl(System.getenv().getOrDefault("CONCH_BASE_URL", "http://127.0.0.1:8080/v1"))
                .apiKey(System.getenv().getOrDefault("CONCH_API_KEY", "unused"))
                .build();
        var params = ChatCompletionCreateParams.builder()
                .model("smollm2-135m-instruct")
                .addUserMessage("Why is the sea salty?")
                .maxCompletionTokens(16)
                .build();
        try (var chunks = client.chat().completions().createStreaming(params)) {
            chunks.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.delta().content().stream())
                    .forEach(System.out::print);
        }
        System.out.println();
        client.close();
    }
}
