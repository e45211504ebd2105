package dev.conch.cli;

import dev.conch.cli.TemplateCorpus.Result;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code make templates CORPUS=<folder>}: renders every case of every template in a folder with the renderer that serves requests, prints
 * the cases that fail as {@code template/case: what differs}, and ends with {@code N passed, N failed}.
 */
public final class TemplateCheck {
    private TemplateCheck() {}

    /** Exits with 1 if a case fails or nothing can be read, with 2 if it is called wrongly. */
    public static void main(String[] arguments) {
        var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        int status = run(List.of(arguments), out);
        out.flush();
        System.exit(status);
    }

    static int run(List<String> arguments, PrintStream out) {
        if (arguments.size() != 1 || arguments.getFirst().isBlank()) {
            out.println("usage: make templates CORPUS=<folder with one JSON file for each template>");
            return 2;
        }
        Path folder = Path.of(arguments.getFirst());
        try {
            List<Path> files = TemplateCorpus.in(folder);
            if (files.isEmpty()) {
                out.println(folder + ": no templates (expected: files that end with .json)");
                return 1;
            }
            return check(files, out);
        } catch (IOException e) {
            out.println(folder + ": cannot be read (expected: a folder with one JSON file for each template)");
            return 1;
        }
    }

    private static int check(List<Path> files, PrintStream out) {
        int passed = 0;
        int failed = 0;
        for (Path file : files) {
            for (Result result : TemplateCorpus.check(file)) {
                if (result.problem() == null) {
                    passed++;
                } else {
                    failed++;
                    out.println(result.name() + ": " + result.problem());
                }
            }
        }
        out.println(passed + " passed, " + failed + " failed");
        return failed == 0 ? 0 : 1;
    }
}
