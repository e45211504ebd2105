package dev.conch.engine.triton;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.OutputConstraint;
import dev.conch.generation.SamplingParams;
import dev.conch.generation.StopConditions;
import dev.conch.proto.inference.ModelInferRequest;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says a request in tensors. What a request needs and the model lacks is refused by name, never left out. Thread-safe if the random
 * generator is.
 */
final class TensorCodec {
    /** Below this, logits divided by the temperature overflow; the most likely token is all that is left to choose. */
    private static final double GREEDY_BELOW = 1e-5;

    /** Tokens in one list of words. The engine compares each of them with every token it generates. */
    private static final int MAX_WORD_TOKENS = SamplingParams.MAX_BAD_WORD_TOKENS;

    private final RandomGenerator seeds;
    private final EmbeddingBias biases = new EmbeddingBias();

    /** @param seeds where the seed of a request comes from that names none; the engine's own default would be 0 for everyone */
    TensorCodec(RandomGenerator seeds) {
        this.seeds = seeds;
    }

    /**
     * The requests to send for one: itself if the model can generate all its choices, else one for each choice, in their order. These
     * sample with the seeds that the model would have given them.
     */
    List<GenerationRequest> split(GenerationRequest request, ModelCapabilities model) {
        if (request.choices() == 1 || generatesChoices(model)) {
            return List.of(request);
        }
        Long asked = request.sampling().seed();
        boolean seeded = asked != null || model.has(InputTensor.SEED);
        long seed = asked != null ? asked : seeds.nextLong();
        return IntStream.range(0, request.choices())
                .mapToObj(i -> choice(request, i, seeded ? request.sampling().withSeed(seed + i) : request.sampling()))
                .toList();
    }

    private static boolean generatesChoices(ModelCapabilities model) {
        return model.has(InputTensor.NUM_RETURN_SEQUENCES) && model.has(OutputTensor.SEQUENCE_INDEX);
    }

    private static GenerationRequest choice(GenerationRequest request, int number, SamplingParams sampling) {
        return new GenerationRequest(
                request.id() + "-" + number,
                request.engineModel(),
                request.promptTokenIds(),
                sampling,
                request.stop(),
                1,
                request.topLogprobs(),
                request.streaming(),
                request.constraint(),
                request.trace());
    }

    /**
     * One of the messages that {@link #split} found.
     *
     * @throws GenerationException UNSUPPORTED_PARAMETER if the model has no tensor for something that was asked, INVALID_VALUE for
     *     token ids that it does not have, ARRAY_ABOVE_MAX_LENGTH
     */
    ModelInferRequest encode(GenerationRequest request, ModelCapabilities model) {
        var tensors = new RequestTensors(model);
        prompt(request, tensors);
        stop(request.stop(), model, tensors);
        sampling(request.sampling(), model, tensors);
        bias(request.sampling(), model, tensors);
        logprobs(request, model, tensors);
        guide(request.constraint(), model, tensors);
        delivery(streams(request, model), tensors);
        model.outputs().stream().filter(output -> reads(request, output)).forEach(tensors::output);
        return tensors.message(request.engineModel(), request.id());
    }

    /**
     * Whether the engine is told to stream. A model that cannot leave the prompt out of a single answer streams that too: a stream
     * never repeats the prompt.
     */
    static boolean streams(GenerationRequest request, ModelCapabilities model) {
        return request.streaming() || !model.has(InputTensor.EXCLUDE_INPUT_IN_OUTPUT);
    }

    private static void prompt(GenerationRequest request, RequestTensors tensors) {
        tensors.ints(InputTensor.INPUT_IDS, request.promptTokenIds());
        tensors.ints(InputTensor.INPUT_LENGTHS, request.promptTokenIds().length);
        if (request.choices() > 1) {
            tensors.ints(InputTensor.NUM_RETURN_SEQUENCES, request.choices());
        }
    }

    private static void stop(StopConditions stop, ModelCapabilities model, RequestTensors tensors) {
        requireKnown("stop_token_ids", stop.stopTokenIds(), model);
        tensors.ints(InputTensor.REQUEST_OUTPUT_LEN, stop.maxTokens());
        List<Integer> ends = stop.endTokenIds();
        if (stop.minTokens() > 0) {
            requireBanOf(ends, model);
            tensors.ints(InputTensor.MIN_TOKENS, stop.minTokens());
        }
        if (!ends.isEmpty()) {
            tensors.ints(InputTensor.END_ID, ends.getFirst());
        }
        words(InputTensor.STOP_WORDS_LIST, "stop_token_ids", singleTokenStops(stop), tensors);
    }

    /** Of several end tokens all but one are stop words, which an engine may let end an answer however short it is. */
    private static void requireBanOf(List<Integer> ends, ModelCapabilities model) {
        if (ends.size() > 1 && !model.minTokensBansStopWords()) {
            throw new GenerationException(
                    ErrorCode.UNSUPPORTED_PARAMETER,
                    "Unsupported parameter: 'min_tokens' is not supported by this server for a model with several end tokens.",
                    InputTensor.MIN_TOKENS.param());
        }
    }

    /**
     * All tokens that end an answer, but for the one that is the end token. Stop words end an answer however short it is: with a least number
     * of tokens the caller's are left to the front end, which ends the answer at the first that comes late enough.
     */
    private static List<List<Integer>> singleTokenStops(StopConditions stop) {
        List<Integer> ends = stop.endTokenIds();
        List<Integer> callers = stop.minTokens() > 0 ? List.of() : stop.stopTokenIds();
        return Stream.concat(ends.stream(), callers.stream())
                .distinct()
                .skip(ends.isEmpty() ? 0 : 1)
                .map(List::of)
                .toList();
    }

    private static void words(InputTensor tensor, String param, List<List<Integer>> words, RequestTensors tensors) {
        int tokens = words.stream().mapToInt(List::size).sum();
        if (tokens > MAX_WORD_TOKENS) {
            throw new GenerationException(
                    ErrorCode.ARRAY_ABOVE_MAX_LENGTH,
                    "%s: %d tokens (expected: at most %d)".formatted(param, tokens, MAX_WORD_TOKENS),
                    param);
        }
        tensors.words(tensor, words);
    }

    private void sampling(SamplingParams sampling, ModelCapabilities model, RequestTensors tensors) {
        if (sampling.temperature() < GREEDY_BELOW) {
            tensors.ints(InputTensor.RUNTIME_TOP_K, 1);
        } else {
            draw(sampling, tensors);
        }
        seed(sampling, model, tensors);
        unless(0, sampling.presencePenalty(), InputTensor.PRESENCE_PENALTY, tensors);
        unless(0, sampling.frequencyPenalty(), InputTensor.FREQUENCY_PENALTY, tensors);
        unless(1, sampling.repetitionPenalty(), InputTensor.REPETITION_PENALTY, tensors);
        if (sampling.noRepeatNgramSize() > 0) {
            tensors.ints(InputTensor.NO_REPEAT_NGRAM_SIZE, sampling.noRepeatNgramSize());
        }
        sampling.badWords().forEach(word -> requireKnown("bad_words", word, model));
        words(InputTensor.BAD_WORDS_LIST, "bad_words", sampling.badWords(), tensors);
    }

    /** From which tokens to draw; of the most likely one alone nothing can be cut off. */
    private static void draw(SamplingParams sampling, RequestTensors tensors) {
        tensors.real(InputTensor.TEMPERATURE, sampling.temperature());
        // Without it the engine is greedy whatever the temperature, and a 0 after rounding counts as absent.
        tensors.real(InputTensor.RUNTIME_TOP_P, Math.max(sampling.topP(), Float.MIN_NORMAL));
        if (sampling.topK() > 0) {
            tensors.ints(InputTensor.RUNTIME_TOP_K, sampling.topK());
        }
        unless(0, sampling.minP(), InputTensor.MIN_P, tensors);
    }

    private static void unless(double nothing, double value, InputTensor tensor, RequestTensors tensors) {
        if (value != nothing) {
            tensors.real(tensor, value);
        }
    }

    /** Negative seeds keep their bits. */
    private void seed(SamplingParams sampling, ModelCapabilities model, RequestTensors tensors) {
        Long asked = sampling.seed();
        if (asked != null || model.has(InputTensor.SEED)) {
            tensors.bits(InputTensor.SEED, asked != null ? asked : seeds.nextLong());
        }
    }

    private void bias(SamplingParams sampling, ModelCapabilities model, RequestTensors tensors) {
        if (!EmbeddingBias.isAskedFor(sampling)) {
            return;
        }
        if (!model.has(InputTensor.EMBEDDING_BIAS) || !model.knowsVocabSize()) {
            String param = sampling.logitBias().isEmpty() ? "allowed_token_ids" : "logit_bias";
            throw RequestTensors.unsupported(InputTensor.EMBEDDING_BIAS, param);
        }
        requireKnown("logit_bias", sampling.logitBias().keySet(), model);
        requireKnown("allowed_token_ids", sampling.allowedTokenIds(), model);
        int vocabSize = model.vocabSize();
        tensors.add(InputTensor.EMBEDDING_BIAS, biases.of(sampling, vocabSize), vocabSize);
    }

    private static void requireKnown(String param, Collection<Integer> tokenIds, ModelCapabilities model) {
        for (int id : tokenIds) {
            if (id < 0 || id >= model.vocabSize()) {
                throw new GenerationException(
                        ErrorCode.INVALID_VALUE,
                        "%s: token id %d (expected: 0 to below %d)".formatted(param, id, model.vocabSize()),
                        param);
            }
        }
    }

    private static void logprobs(GenerationRequest request, ModelCapabilities model, RequestTensors tensors) {
        Integer alternatives = request.topLogprobs();
        if (alternatives == null) {
            return;
        }
        if (!model.has(OutputTensor.OUTPUT_LOG_PROBS)) {
            throw RequestTensors.unsupported(InputTensor.RETURN_LOG_PROBS, "logprobs");
        }
        tensors.flag(InputTensor.RETURN_LOG_PROBS, true);
        if (alternatives > 0) {
            if (!model.tellsAlternatives()) {
                throw RequestTensors.unsupported(InputTensor.NUM_LOGPROBS, "top_logprobs");
            }
            tensors.ints(InputTensor.NUM_LOGPROBS, alternatives);
        }
    }

    private static void guide(@Nullable OutputConstraint constraint, ModelCapabilities model, RequestTensors tensors) {
        if (constraint == null) {
            return;
        }
        Guide guide = Guide.of(constraint);
        if (!model.guidesBy(guide.type())) {
            throw RequestTensors.unsupported(
                    InputTensor.GUIDED_DECODING_GUIDE_TYPE, InputTensor.GUIDED_DECODING_GUIDE_TYPE.param());
        }
        tensors.text(InputTensor.GUIDED_DECODING_GUIDE_TYPE, guide.type().wireName());
        if (guide.text() != null) {
            tensors.text(InputTensor.GUIDED_DECODING_GUIDE, guide.text());
        }
    }

    private static void delivery(boolean streaming, RequestTensors tensors) {
        tensors.flag(InputTensor.STREAMING, streaming);
        if (!streaming) {
            tensors.flag(InputTensor.EXCLUDE_INPUT_IN_OUTPUT, true);
        }
    }

    /** Whether the output says anything about this request; logprobs cost the engine what nobody else should pay. */
    private static boolean reads(GenerationRequest request, OutputTensor output) {
        Integer alternatives = request.topLogprobs();
        return switch (output) {
            case OUTPUT_IDS, SEQUENCE_LENGTH, FINISH_REASON, CACHED_TOKENS -> true;
            case SEQUENCE_INDEX -> request.choices() > 1;
            case OUTPUT_LOG_PROBS -> alternatives != null;
            case TOP_LOGPROB_IDS, TOP_LOGPROBS -> alternatives != null && alternatives > 0;
        };
    }
}
