package dev.conch.pipeline;

import dev.conch.chat.PromptRenderer;
import dev.conch.chat.RenderedPrompt;
import dev.conch.constraint.Constraints;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.OutputConstraint;
import dev.conch.generation.SamplingParams;
import dev.conch.generation.StopConditions;
import dev.conch.model.ModelCard;
import dev.conch.openai.ChatCompletionRequest;
import dev.conch.openai.CompletionRequest;
import dev.conch.openai.CompletionRequest.Prompt;
import dev.conch.openai.OutputOptions;
import dev.conch.openai.RenderResponse;
import dev.conch.openai.SamplingOptions;
import dev.conch.openai.StopOptions;
import dev.conch.openai.ToolChoice;
import dev.conch.output.AnswerFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Walks a request through chat, tokenizer and generation: from messages or prompts to what the engine gets. Plain functions, thread-safe. */
final class PromptPreparation {
    private final ModelCard card;
    private final SamplingParams sampling;
    private final StopOptions stop;
    private final List<String> endSequences;
    private final OutputOptions output;
    private final int choices;

    private PromptPreparation(
            ModelCard card,
            SamplingOptions sampling,
            StopOptions stop,
            List<String> endSequences,
            OutputOptions output,
            int choices) {
        this.card = card;
        this.sampling = SamplingPreparation.prepare(sampling, card);
        this.stop = stop;
        this.endSequences = endSequences;
        this.output = output;
        this.choices = choices;
        SamplingPreparation.requireTokens(stop.stopTokenIds(), "stop_token_ids", card.tokenizer());
    }

    /**
     * Prepares the one generation of a chat.
     *
     * @param id of the generation
     * @param ids names the calls of functions
     * @throws GenerationException a USER error if the messages cannot be rendered or do not fit, or a token does not exist
     */
    static PreparedAnswer prepare(
            String id, ChatCompletionRequest request, ModelCard card, IdSource ids, Constraints constraints) {
        var outcome = new OutputPreparation(request, card.formats(), constraints);
        var preparation = new PromptPreparation(
                card,
                request.sampling(),
                request.stop(),
                endSequences(request.stop(), card),
                request.output(),
                request.output().n());
        PromptEncoding encoding = encoding(request, card);
        RenderedPrompt prompt = render(request, card.renderer());
        int[] tokens = encoding.encode(prompt);
        return new PreparedAnswer(
                List.of(preparation.generation(id, tokens, encoding, outcome.constraint(prompt.ending()))),
                List.of(""),
                outcome.format(prompt.ending(), ids),
                outcome.constraintParam());
    }

    /** What {@link #prepare(String, ChatCompletionRequest, ModelCard, IdSource, Constraints)} would make of the messages. */
    static RenderResponse render(ChatCompletionRequest request, ModelCard card, Constraints constraints) {
        RenderedPrompt prompt = render(request, card.renderer());
        new OutputPreparation(request, card.formats(), constraints).constraint(prompt.ending());
        int[] ids = encoding(request, card).encode(prompt);
        return new RenderResponse(
                card.name(), prompt.text(), Arrays.stream(ids).boxed().toList(), ids.length, card.maxModelLen());
    }

    /** Tools that may not be called are not shown either, so that the model does not write calls that nobody reads. */
    private static RenderedPrompt render(ChatCompletionRequest request, PromptRenderer renderer) {
        boolean shown = !(request.tools().choice() instanceof ToolChoice.None);
        return renderer.render(
                shown ? request.conversation() : request.conversation().withoutTools());
    }

    private static PromptEncoding encoding(ChatCompletionRequest request, ModelCard card) {
        return new PromptEncoding(
                card, PromptField.MESSAGES, request.addSpecialTokens(), request.truncatePromptTokens());
    }

    /**
     * Prepares a generation for each prompt.
     *
     * @param id of the first generation; the others' begin with it
     * @throws GenerationException a USER error if a prompt does not fit, or a token does not exist
     */
    static PreparedAnswer prepare(String id, CompletionRequest request, ModelCard card, Constraints constraints) {
        var preparation = new PromptPreparation(
                card, request.sampling(), request.stop(), List.of(), request.output(), generatedChoices(request));
        OutputConstraint constraint = constraints.of(request.responseFormat());
        List<GenerationRequest> generations = new ArrayList<>();
        List<String> echoes = new ArrayList<>();
        for (int i = 0; i < request.prompts().size(); i++) {
            PromptField field = request.prompts().size() == 1 ? PromptField.PROMPT : PromptField.prompt(i);
            var encoding = new PromptEncoding(card, field, request.addSpecialTokens(), request.truncatePromptTokens());
            int[] ids = encoding.encode(request.prompts().get(i));
            generations.add(preparation.generation(i == 0 ? id : id + "-" + i, ids, encoding, constraint));
            echoes.add(request.echo() ? echo(request, request.prompts().get(i), ids, card) : "");
        }
        return new PreparedAnswer(
                generations, echoes, AnswerFormat.TEXT, OutputPreparation.constraintParam(request.responseFormat()));
    }

    /** How many choices are generated for each prompt. */
    static int generatedChoices(CompletionRequest request) {
        return Objects.requireNonNullElse(request.bestOf(), request.output().n());
    }

    /** A text comes back as it was sent, unless not all of it was taken. */
    private static String echo(CompletionRequest request, Prompt prompt, int[] ids, ModelCard card) {
        if (prompt instanceof Prompt.Text(String text) && request.truncatePromptTokens() == null) {
            return text;
        }
        List<Integer> taken = Arrays.stream(ids).boxed().toList();
        return PromptEncoding.text(taken, card.tokenizer(), request.output().skipSpecialTokens());
    }

    /** They are end tokens spelt out, so they go with these; a text that is completed has no turns to end. */
    private static List<String> endSequences(StopOptions stop, ModelCard card) {
        return stop.ignoreEos() ? List.of() : card.stopSequences();
    }

    private GenerationRequest generation(
            String generationId, int[] ids, PromptEncoding encoding, @Nullable OutputConstraint constraint) {
        return new GenerationRequest(
                generationId,
                card.engineModel(),
                ids,
                sampling,
                stopConditions(encoding.room(ids.length, stop.maxTokens())),
                choices,
                topLogprobs(),
                output.stream() || endsByWhatOnlyWeSee(),
                constraint,
                null);
    }

    /**
     * Stop sequences are found in the text, and stop tokens that may not come too early are waited for here: the engine is then told to
     * stream, so that it can be ended in time. Without them one message is cheaper than many.
     */
    private boolean endsByWhatOnlyWeSee() {
        boolean waitsForStopTokens = stop.minTokens() != null
                && stop.minTokens() > 0
                && !stop.stopTokenIds().isEmpty();
        return waitsForStopTokens || !stop.stop().isEmpty() || !endSequences.isEmpty();
    }

    /** To find the best choices, their logprobs are needed whether or not the client wants them. */
    private @Nullable Integer topLogprobs() {
        return output.topLogprobs() == null && choices > output.n() ? Integer.valueOf(0) : output.topLogprobs();
    }

    private StopConditions stopConditions(int maxTokens) {
        int minTokens = Objects.requireNonNullElse(stop.minTokens(), 0);
        if (minTokens > maxTokens) {
            throw new GenerationException(
                    ErrorCode.INVALID_VALUE,
                    "Invalid 'min_tokens': expected at most %d, which is how long the answer may be."
                            .formatted(maxTokens),
                    "min_tokens");
        }
        return new StopConditions(
                maxTokens,
                minTokens,
                stop.ignoreEos() ? List.of() : card.endTokenIds(),
                stop.stopTokenIds(),
                stop.stop(),
                endSequences,
                stop.includeStopStrInOutput());
    }
}
