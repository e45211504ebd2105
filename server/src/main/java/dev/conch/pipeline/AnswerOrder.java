package dev.conch.pipeline;

import dev.conch.model.ModelCard;
import dev.conch.openai.OutputOptions;
import dev.conch.response.AnswerForm.Schema;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * A request for an answer, without what it is about: all that chat and completions have different.
 *
 * @param operation what telemetry calls it
 * @param idPrefix what the answer's id begins with
 * @param model as the client named it
 * @param generatedChoices how many choices are generated for each prompt, of which the best are shown
 * @param functionCall whether calls are told in OpenAI's older way
 * @param promptChars how much text has to be made a prompt of
 * @param priority its place in the queue at the door: the lower, the earlier
 * @param maxTokensField what the client calls the limit of tokens for a choice
 * @param paramNames the client's name of a parameter, by the name under which an engine refuses it, where the two differ
 * @param preparation makes the prompts of the name of the generation and the model; throws a
 *     {@link dev.conch.generation.GenerationException}
 */
record AnswerOrder(
        String operation,
        String idPrefix,
        Schema schema,
        String model,
        OutputOptions output,
        int generatedChoices,
        boolean functionCall,
        long promptChars,
        int priority,
        String maxTokensField,
        Map<String, String> paramNames,
        BiFunction<String, ModelCard, PreparedAnswer> preparation) {}
