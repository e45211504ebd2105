package dev.conch.loadtest;

import java.util.Iterator;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One user's question. Immutable.
 *
 * @param prompt so many common words, which are about as many tokens
 * @param maxTokens of the answer
 */
record ChatRequest(String prompt, int maxTokens) {
    private static final String[] WORDS =
            ("time year people way day man thing woman life child world school state family"
                            + " student group country problem hand part place case week company system program question work"
                            + " government number night point home water room mother area money story fact month lot right"
                            + " study book eye job word business issue side kind head house service friend father power hour"
                            + " game line end member law car city community name team minute idea body information back parent"
                            + " face others level office door health person art war history party result change morning reason"
                            + " research girl guy moment air teacher force education")
                    .split(" ");

    /** The requests of a run, without end; equal settings give equal ones. Every text is new, so no cache has it. */
    static Iterator<ChatRequest> sequence(LoadSettings settings) {
        Random random = new Random(settings.seed());
        return Stream.generate(() -> next(settings, random)).iterator();
    }

    private static ChatRequest next(LoadSettings settings, Random random) {
        int words = settings.promptTokens().sample(random);
        String prompt = IntStream.range(0, words)
                .mapToObj(_ -> WORDS[random.nextInt(WORDS.length)])
                .collect(Collectors.joining(" "));
        return new ChatRequest(prompt, settings.outputTokens().sample(random));
    }

    /** The body of the request; words need no escape. */
    String body(String model) {
        return """
                {"model": "%s", "max_tokens": %d, "stream": true, "stream_options": {"include_usage": true},
                 "messages": [{"role": "user", "content": "%s"}]}""".formatted(model, maxTokens, prompt);
    }
}
