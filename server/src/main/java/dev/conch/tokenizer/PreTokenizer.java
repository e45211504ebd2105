package dev.conch.tokenizer;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How a {@code tokenizer.json} cuts text into words, recognised by its exact expressions.
 *
 * @param scanner cuts words
 * @param prefixSpace whether text that does not begin with a space is given one
 */
record PreTokenizer(WordScanner scanner, boolean prefixSpace) {
    private static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private static final String SPACES = "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String PREFIX = "[^\\r\\n\\p{L}\\p{N}]?";

    /** Scanners by the expressions that come one after another; what follows is byte-level without an expression. */
    private static final Map<List<String>, Supplier<WordScanner>> BY_EXPRESSIONS = Map.of(
            List.of(cl100k("\\p{N}{1,3}")),
            () -> new Cl100kScanner(3),
            List.of(cl100k("\\p{N}")),
            () -> new Cl100kScanner(1),
            List.of(o200k(CONTRACTION + "?", "\\p{N}{1,3}")),
            () -> new O200kScanner(3, true),
            List.of(o200k("", "\\p{N}")),
            () -> new O200kScanner(1, false),
            List.of(
                    "\\p{N}{1,3}",
                    "[一-龥぀-ゟ゠-ヿ]+",
                    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
                            + "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+"),
            DeepSeekScanner::new);

    private static final List<String> CL100K_OR_O200K = List.of(
            cl100k("\\p{N}{1,3}"), cl100k("\\p{N}"), o200k(CONTRACTION + "?", "\\p{N}{1,3}"), o200k("", "\\p{N}"));

    private static String cl100k(String number) {
        return CONTRACTION + "|" + PREFIX + "\\p{L}+|" + number + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*" + SPACES;
    }

    private static String o200k(String contraction, String number) {
        return PREFIX + UPPER + "*" + LOWER + "+" + contraction + "|" + PREFIX + UPPER + "+" + LOWER + "*" + contraction
                + "|" + number + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*" + SPACES;
    }

    /**
     * Recognises the {@code pre_tokenizer} of a file.
     *
     * @throws TokenizerFormatException if there is no scanner for it
     */
    static PreTokenizer read(JsonObject tokenizerJson) {
        List<JsonObject> steps = JsonParts.preTokenizers(tokenizerJson);
        if (!steps.isEmpty() && JsonParts.isType(steps.getLast(), "ByteLevel")) {
            JsonObject last = steps.getLast();
            List<JsonObject> before = steps.subList(0, steps.size() - 1);
            boolean prefixSpace = JsonParts.flag(last, "add_prefix_space", true);
            if (JsonParts.flag(last, "use_regex", true)) {
                if (before.isEmpty()) {
                    return new PreTokenizer(new Gpt2Scanner(Gpt2Scanner.Digits.AS_WORDS), prefixSpace);
                }
                if (before.size() == 1 && JsonParts.isType(before.getFirst(), "Digits") && !prefixSpace) {
                    return new PreTokenizer(new Gpt2Scanner(digits(before.getFirst())), false);
                }
            } else if (!prefixSpace && before.stream().allMatch(PreTokenizer::keepsAll)) {
                Supplier<WordScanner> scanner = BY_EXPRESSIONS.get(
                        before.stream().map(PreTokenizer::expression).toList());
                if (scanner != null) {
                    return new PreTokenizer(scanner.get(), false);
                }
            }
        }
        throw new TokenizerFormatException("pre_tokenizer: " + tokenizerJson.get("pre_tokenizer")
                + " (expected: byte-level with the expression of GPT-2, cl100k, o200k, tekken or DeepSeek V3)");
    }

    /** Whether a {@code Split} makes words of both what matches and what does not, or matches all there is. */
    private static boolean keepsAll(JsonObject step) {
        boolean invert = JsonParts.flag(step, "invert", false);
        return JsonParts.isType(step, "Split")
                && step.get("behavior").equals(new JsonPrimitive(invert ? "Removed" : "Isolated"))
                && (!invert || CL100K_OR_O200K.contains(expression(step)));
    }

    private static String expression(JsonObject split) {
        JsonObject pattern = split.getAsJsonObject("pattern");
        return pattern.has("Regex") ? pattern.get("Regex").getAsString() : "";
    }

    private static Gpt2Scanner.Digits digits(JsonObject step) {
        return JsonParts.flag(step, "individual_digits", false) ? Gpt2Scanner.Digits.SINGLE : Gpt2Scanner.Digits.RUNS;
    }
}
