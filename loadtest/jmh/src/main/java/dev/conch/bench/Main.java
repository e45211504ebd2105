package dev.conch.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the benchmarks and prints a table: medians, ours beside the library's. Arguments are JMH's. */
public final class Main {
    private static final List<Figure> FIGURES = List.of(
            new Figure("encode prose and code, 39 kB never seen, CPU", "encodeLong", "ms", 1e6, "<= 0.28"),
            new Figure("encode a prompt of 27 tokens", "encodePrompt", "us", 1e3, "<= 1.4"),
            new Figure("decode one token", "decode", "ns", 1, "<= 50"),
            new Figure("take an answer of 256 tokens apart, one token", "parseShort", "ns", 1, "<= 100"),
            new Figure("likewise of 4,096 tokens", "parseMiddle", "ns", 1, "<= 100"),
            new Figure("likewise of 65,536 tokens", "parseLong", "ns", 1, "<= 100"),
            new Figure("likewise with the call in XML", "parseTagged", "ns", 1, "<= 100"),
            new Figure("take in a step of 512 sequences, one token", "step", "ns", 1, "-"),
            new Figure("take in 512 responses of a token each, one", "singleResponses", "ns", 1, "-"),
            new Figure("render ten messages, ChatML", "renderChatMl", "/s", -1e9, ">= 300,000"),
            new Figure("render ten messages, Llama 3.1 with tools", "renderLlamaTools", "/s", -1e9, ">= 50,000"));

    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    /** The launcher asks for large pages where the kernel has this. */
    private static final Path LARGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

    private Main() {}

    /** Runs what the arguments select, or everything. */
    public static void main(String[] args)
            throws RunnerException, CommandLineOptionException, IOException, InterruptedException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .parent(new CommandLineOptions(args))
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .jvmArgsAppend(
                        "--add-modules=jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dconch.bench.root=" + System.getProperty("conch.bench.root"),
                        "-Dconch.bench.texts=" + System.getProperty("conch.bench.texts", ""))
                .jvmArgsPrepend(
                        Files.isReadable(LARGE_PAGES) ? new String[] {"-XX:+UseTransparentHugePages"} : new String[0]);
        if (System.getenv("CONCH_SHARED") == null) {
            OUT.println("CONCH_SHARED is not set: the template of Llama 3.1 is not measured");
            options.exclude("renderLlamaTools");
        }
        OUT.println("measuring; this takes some minutes, on a machine that does nothing else");
        Collection<RunResult> results = new Runner(options.build()).run();
        OUT.printf("%n%-45s %12s %12s  %-6s %s%n", "", "Conch", "library", "", "goal");
        for (Figure figure : FIGURES) {
            if (!Double.isNaN(median(figure.benchmark(), results))) {
                OUT.println(line(figure, results));
            }
        }
        if (!Double.isNaN(median("encodeLong", results))) {
            OUT.println(Peer.line());
        }
    }

    private static String line(Figure figure, Collection<RunResult> results) {
        return String.format(
                Locale.ROOT,
                "%-45s %12s %12s  %-6s %s",
                figure.title(),
                number(figure.of(median(figure.benchmark(), results))),
                number(figure.of(median(figure.benchmark() + "ByLibrary", results))),
                figure.unit(),
                figure.goal());
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, value < 10 ? "%.3f" : "%,.0f", value);
    }

    /** Median of all iterations of a benchmark; not a number if it was not run. */
    private static double median(String benchmark, Collection<RunResult> results) {
        double[] times = results.stream()
                .filter(result -> result.getParams().getBenchmark().endsWith("." + benchmark))
                .flatMap(result -> result.getBenchmarkResults().stream())
                .flatMap(fork -> fork.getIterationResults().stream())
                .mapToDouble(Main::time)
                .sorted()
                .toArray();
        int half = times.length / 2;
        return times.length == 0 ? Double.NaN : (times[half] + times[(times.length - 1) / 2]) / 2;
    }

    /** Time of the processor, where a benchmark measures it, otherwise by the clock. */
    private static double time(IterationResult iteration) {
        Result<?> cpu = iteration.getSecondaryResults().get("cpuNanos");
        return (cpu == null ? iteration.getPrimaryResult() : cpu).getScore();
    }
}
