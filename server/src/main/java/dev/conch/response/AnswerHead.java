package dev.conch.response;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What every part of one answer says of the whole.
 *
 * @param id begins with {@code chatcmpl-} or {@code cmpl-}
 * @param created seconds since 1970
 * @param model as the request named it
 * @param fingerprint of what generates: the same as long as that is
 * @param prompts token ids of the prompts, at least one, not to be changed
 * @param choicesPerPrompt how many answers were asked for to each, numbered through all prompts
 */
public record AnswerHead(
        String id, long created, String model, String fingerprint, List<int[]> prompts, int choicesPerPrompt) {

    public AnswerHead {
        prompts = List.copyOf(prompts);
    }

    /** How many choices the answer has. */
    int choices() {
        return prompts.size() * choicesPerPrompt;
    }

    /** Tokens of all prompts together. */
    int promptTokens() {
        return prompts.stream().mapToInt(prompt -> prompt.length).sum();
    }

    /** Token ids of the prompt that a choice answers. */
    List<Integer> promptOf(int choice) {
        return IntStream.of(prompts.get(choice / choicesPerPrompt)).boxed().toList();
    }
}
