package dev.conch.cli;

import dev.conch.tokenizer.DecodeStream;
import dev.conch.tokenizer.ReferenceTokenizer;
import dev.conch.tokenizer.Tokenizer;
import dev.conch.tokenizer.TokenizerFormatException;
import dev.conch.tokenizer.TokenizerLoader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares the tokenizer that the server would use for a {@code tokenizer.json} with the Hugging Face library, on each line of a file:
 * the ids that it encodes to, and the text that these decode to. Prints {@code line N: ...} for each line on which they differ, and
 * {@code N passed, N failed} at the end.
 */
public final class TokenizerCheck {
    private static final int SHOWN_IDS = 8;

    private final Tokenizer ours;
    private final ReferenceTokenizer reference;
    private final PrintStream out;
    private int passed;
    private int failed;

    private TokenizerCheck(Tokenizer ours, ReferenceTokenizer reference, PrintStream out) {
        this.ours = ours;
        this.reference = reference;
        this.out = out;
    }

    /** Ends with status 0 if all lines pass, 1 if not, if there are none or if a file cannot be used, 2 if it is called wrongly. */
    public static void main(String[] args) {
        System.exit(run(args, new PrintStream(System.out, true, StandardCharsets.UTF_8), System.err));
    }

    /** The same without an end of the process; returns the status. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        if (args.length != 2) {
            err.println("arguments: " + args.length + " (expected: <tokenizer.json> <file with one text a line>)");
            return 2;
        }
        Path tokenizerJson = Path.of(args[0]);
        try {
            String texts = texts(Path.of(args[1]));
            Tokenizer ours = TokenizerLoader.standard().load(tokenizerJson);
            try (ReferenceTokenizer reference = ReferenceTokenizer.load(tokenizerJson)) {
                return new TokenizerCheck(ours, reference, out).lines(texts);
            }
        } catch (IOException | TokenizerFormatException e) {
            err.println(tokenizerJson + ": " + e.getMessage());
            return 1;
        } catch (UncheckedIOException e) {
            err.println(args[1] + ": cannot be read (expected: UTF-8, one text a line)");
            return 1;
        }
    }

    private static String texts(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Only a line feed ends a line: other white space is what there is to be checked. */
    private int lines(String texts) {
        int number = 1;
        for (int start = 0; start < texts.length(); number++) {
            int end = texts.indexOf('\n', start);
            end = end < 0 ? texts.length() : end;
            count(number, differenceOrFailure(texts.substring(start, end)));
            start = end + 1;
        }
        out.println(passed + " passed, " + failed + " failed");
        return passed > 0 && failed == 0 ? 0 : 1;
    }

    private void count(int line, @Nullable String difference) {
        if (difference == null) {
            passed++;
        } else {
            failed++;
            out.println("line " + line + ": " + difference);
        }
    }

    private @Nullable String differenceOrFailure(String text) {
        try {
            return difference(text);
        } catch (RuntimeException e) {
            return "fails with " + e;
        }
    }

    private @Nullable String difference(String text) {
        int[] ids = ours.encode(text, List.of());
        int[] expected = reference.encode(text);
        int at = Arrays.mismatch(ids, expected);
        if (at >= 0) {
            return "encodes to " + from(ids, at) + " (expected: " + from(expected, at) + " at token " + at + ")";
        }
        String difference = decodedDifference(ids, true);
        return difference == null ? decodedDifference(ids, false) : difference;
    }

    private @Nullable String decodedDifference(int[] ids, boolean skipSpecialTokens) {
        String decoded = decode(ids, skipSpecialTokens);
        String expected = reference.decode(ids, skipSpecialTokens);
        return decoded.equals(expected) ? null : "decodes to " + decoded + " (expected: " + expected + ")";
    }

    private static String from(int[] ids, int at) {
        return Arrays.toString(Arrays.copyOfRange(ids, at, Math.min(ids.length, at + SHOWN_IDS)));
    }

    private String decode(int[] ids, boolean skipSpecialTokens) {
        DecodeStream stream = ours.decodeStream(skipSpecialTokens);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(stream.append(id));
        }
        return text.append(stream.finish()).toString();
    }
}
