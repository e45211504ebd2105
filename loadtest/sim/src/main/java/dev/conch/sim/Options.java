package dev.conch.sim;

import dev.conch.sim.engine.EngineLimits;
import dev.conch.sim.engine.KvCacheSize;
import dev.conch.sim.script.Batching;
import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.FinalForm;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** The command line: {@code --name value} pairs, each known and each with a default. Immutable. */
final class Options {
    private static final List<Option> KNOWN = List.of(
            new Option("host", "127.0.0.1", "address to listen on"),
            new Option("port", "18001", "port to listen on; 0 takes a free one"),
            new Option("model", "tensorrt_llm", "name of the model"),
            new Option("variant", "conch", "engine: conch, tensorrt-llm or tensorrt-llm-old-names"),
            new Option("final-form", "zero-tokens", "how the end is told: with-last-token, zero-tokens or separate"),
            new Option("tokens", "128", "tokens of an answer, unless the request wants fewer"),
            new Option("tokens-per-response", "1", "upper bound of tokens in one response"),
            new Option("ttft-ms", "0", "milliseconds from a request to its first token"),
            new Option(
                    "ttft-us-per-prompt-token",
                    "0",
                    "microseconds added to that, or to a step of batches, for each token of a prompt that is read"),
            new Option("itl-ms", "0", "milliseconds between two responses to a request"),
            new Option(
                    "pace",
                    "each",
                    "what itl-ms counts: each (request has its own timer), steps (of all together)"
                            + " or batches (steps that take longer the more is in them)"),
            new Option("us-per-sequence", "0", "batches: microseconds added to a step for each sequence that decodes"),
            new Option(
                    "prompt-tokens-per-step",
                    "unlimited",
                    "batches: tokens of prompts that a step reads beside them; longer prompts are read in parts"),
            new Option("max-seq-len", "8192", "tokens of prompt and answer together"),
            new Option("vocab-size", "49152", "generated ids stay below"),
            new Option("slots", "unlimited", "requests that run together: the largest batch"),
            new Option("queue", "unlimited", "requests that wait for a slot; one more is refused"),
            new Option(
                    "kv-blocks",
                    "unlimited",
                    "blocks of the KV cache; a request starts when all that it can come to need is free"),
            new Option("kv-tokens-per-block", "32", "tokens in one of them"),
            new Option(
                    "kv-reuse",
                    "false",
                    "true: prompts that begin like others are not read again, and cached_tokens tells how much; needs kv-blocks"),
            new Option("metrics-port", "none", "port with the nv_trt_llm_* gauges at /metrics; 0 takes a free one"),
            new Option(
                    "fault",
                    "none",
                    "none, queue-full, error:K, unavailable:K, cut:K or hang:K (K tokens first), stall:K:MS"),
            new Option("fault-every", "1", "the fault strikes each N-th request"));

    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /** One setting: its name, what it is when not given, and what it means. */
    private record Option(String name, String otherwise, String meaning) {}

    /** An argument that cannot be obeyed; the message says what could. */
    static final class InvalidOptionException extends Exception {
        private static final long serialVersionUID = 1;

        InvalidOptionException(String name, String value, String expected) {
            super("--" + name + ": " + value + " (expected: " + expected + ")");
        }
    }

    static Options parse(String... args) throws InvalidOptionException {
        Map<String, String> values = new LinkedHashMap<>();
        KNOWN.forEach(option -> values.put(option.name(), option.otherwise()));
        for (int i = 0; i < args.length; i++) {
            String name = args[i].startsWith("--") ? args[i].substring(2) : args[i];
            if (name.equals("help")) {
                return new Options(Map.of("help", ""));
            }
            if (!values.containsKey(name)) {
                throw new InvalidOptionException(name, "unknown", "one of those that --help lists");
            }
            if (++i == args.length) {
                throw new InvalidOptionException(name, "nothing", "a value");
            }
            values.put(name, args[i]);
        }
        return new Options(values);
    }

    static String help() {
        StringBuilder text =
                new StringBuilder("A simulated Triton: KServe v2 over gRPC, the tensor contract, no model.\n\n");
        for (Option option : KNOWN) {
            text.append(String.format(
                    Locale.ROOT, "  --%-25s %s (%s)%n", option.name(), option.meaning(), option.otherwise()));
        }
        return text.toString();
    }

    boolean isHelpWanted() {
        return values.containsKey("help");
    }

    String text(String name) {
        return values.getOrDefault(name, "");
    }

    /** A server as these options describe it. */
    SimulatedTriton.Builder builder() throws InvalidOptionException {
        SimulatedTriton.Builder builder = SimulatedTriton.builder()
                .tcp(text("host"), number("port", 0))
                .model(text("model"))
                .variant(variant())
                .pace(pace())
                .limits(limits())
                .reply(replies());
        return text("metrics-port").equals("none") ? builder : builder.metrics(text("host"), number("metrics-port", 0));
    }

    private EngineVariant variant() throws InvalidOptionException {
        EngineVariant variant = switch (text("variant")) {
            case "conch" -> EngineVariant.conch();
            case "tensorrt-llm" -> EngineVariant.tensorRtLlm();
            case "tensorrt-llm-old-names" -> EngineVariant.tensorRtLlmWithOldNames();
            default -> throw invalid("variant", "conch, tensorrt-llm or tensorrt-llm-old-names");
        };
        return switch (text("final-form")) {
            case "with-last-token" -> variant.withFinalForm(FinalForm.WITH_LAST_TOKEN);
            case "zero-tokens" -> variant.withFinalForm(FinalForm.ZERO_TOKENS);
            case "separate" -> variant.withFinalForm(FinalForm.SEPARATE);
            default -> throw invalid("final-form", "with-last-token, zero-tokens or separate");
        };
    }

    private Pace pace() throws InvalidOptionException {
        Duration prefill = Duration.ofMillis(number("ttft-ms", 0));
        Duration interToken = Duration.ofMillis(number("itl-ms", 0));
        Duration perPromptToken = Duration.ofNanos(1_000L * number("ttft-us-per-prompt-token", 0));
        if (!text("pace").equals("batches")) {
            onlyWithBatches("us-per-sequence", "0");
            onlyWithBatches("prompt-tokens-per-step", "unlimited");
        }
        return switch (text("pace")) {
            case "each" -> Pace.eachAlone(prefill, interToken).withPrefillPerToken(perPromptToken);
            case "steps" -> {
                number("itl-ms", 1);
                yield Pace.steps(prefill, interToken).withPrefillPerToken(perPromptToken);
            }
            case "batches" -> Pace.batches(batching(perPromptToken));
            default -> throw invalid("pace", "each, steps or batches");
        };
    }

    private void onlyWithBatches(String name, String otherwise) throws InvalidOptionException {
        if (!text(name).equals(otherwise)) {
            throw invalid(name, otherwise + " unless --pace is batches");
        }
    }

    private Batching batching(Duration perPromptToken) throws InvalidOptionException {
        if (!text("ttft-ms").equals("0")) {
            throw invalid("ttft-ms", "0 with --pace batches: there it follows from the steps");
        }
        return new Batching(
                Duration.ofMillis(number("itl-ms", 1)),
                Duration.ofNanos(1_000L * number("us-per-sequence", 0)),
                perPromptToken,
                bound("prompt-tokens-per-step", 1));
    }

    private EngineLimits limits() throws InvalidOptionException {
        return EngineLimits.roomy()
                .withMaxSequenceLength(number("max-seq-len", 2))
                .withVocabularySize(number("vocab-size", 1_002))
                .withSlots(bound("slots", 1), bound("queue", 0))
                .withKvCache(kvCache());
    }

    private KvCacheSize kvCache() throws InvalidOptionException {
        KvCacheSize size = KvCacheSize.ofBlocks(bound("kv-blocks", 1), number("kv-tokens-per-block", 1));
        return switch (text("kv-reuse")) {
            case "false" -> size;
            case "true" -> {
                number("kv-blocks", 1);
                yield size.withReuse();
            }
            default -> throw invalid("kv-reuse", "true or false");
        };
    }

    private <T> Function<T, Reply> replies() throws InvalidOptionException {
        Reply sound = Reply.generated(number("tokens", 0)).withTokensPerResponse(number("tokens-per-response", 1));
        Reply faulty = sound.with(fault());
        int every = number("fault-every", 1);
        AtomicLong count = new AtomicLong();
        return _ -> count.incrementAndGet() % every == 0 ? faulty : sound;
    }

    private Fault fault() throws InvalidOptionException {
        String[] parts = text("fault").split(":", -1);
        return switch (parts[0] + "/" + parts.length) {
            case "none/1" -> Fault.none();
            case "queue-full/1" -> Fault.queueFull();
            case "error/2" -> Fault.errorAfter(faultNumber(parts[1]), "simulated: the engine fails");
            case "unavailable/2" -> Fault.unavailableAfter(faultNumber(parts[1]));
            case "cut/2" -> Fault.cutAfter(faultNumber(parts[1]));
            case "hang/2" -> Fault.hangAfter(faultNumber(parts[1]));
            case "stall/3" -> Fault.stallAfter(faultNumber(parts[1]), Duration.ofMillis(faultNumber(parts[2])));
            default -> throw invalid("fault", "none, queue-full, error:K, unavailable:K, cut:K, hang:K or stall:K:MS");
        };
    }

    private int faultNumber(String digits) throws InvalidOptionException {
        return number("fault", digits, 0);
    }

    private int bound(String name, int minimum) throws InvalidOptionException {
        return text(name).equals("unlimited") ? Integer.MAX_VALUE : number(name, minimum);
    }

    private int number(String name, int minimum) throws InvalidOptionException {
        return number(name, text(name), minimum);
    }

    private int number(String name, String digits, int minimum) throws InvalidOptionException {
        try {
            int number = Integer.parseInt(digits);
            if (number >= minimum) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw invalid(name, "a whole number");
        }
        throw invalid(name, "at least " + minimum);
    }

    private InvalidOptionException invalid(String name, String expected) {
        return new InvalidOptionException(name, text(name), expected);
    }
}
