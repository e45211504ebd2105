package dev.conch.sim;

import dev.conch.sim.Options.InvalidOptionException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/** Runs a simulated Triton until the process is told to end; what it counted is its last line. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws InterruptedException {
        int status = run(args, System.out, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    private static int run(String[] args, PrintStream out, PrintStream err) throws InterruptedException {
        try {
            Options options = Options.parse(args);
            if (options.isHelpWanted()) {
                out.print(Options.help());
                return 0;
            }
            serve(options, out);
            return 0;
        } catch (InvalidOptionException e) {
            err.println(e.getMessage());
            return 2;
        } catch (UncheckedIOException e) {
            err.println("cannot listen: " + e.getMessage() + " (expected: a free port, see --port)");
            return 1;
        }
    }

    private static void serve(Options options, PrintStream out) throws InterruptedException, InvalidOptionException {
        SimulatedTriton triton = options.builder().start();
        Thread ending = Thread.ofPlatform().unstarted(() -> {
            out.println("Simulated Triton ends: " + triton.counts());
            triton.close();
        });
        Runtime.getRuntime().addShutdownHook(ending);
        out.println("Simulated Triton is ready: " + options.text("host") + ":" + triton.port());
        triton.awaitTermination();
    }
}
