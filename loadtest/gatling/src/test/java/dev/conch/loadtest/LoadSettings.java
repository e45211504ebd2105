package dev.conch.loadtest;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a run is aimed at and how hard it pushes, from system properties. Immutable.
 *
 * @param url the server's address, without a path
 * @param model as clients call it
 * @param rate arrivals a second; with levels that of the last one
 * @param duration of each level
 * @param levels the rate grows in so many equal parts
 * @param seed of the lengths and the texts: equal settings send equal requests
 * @param slo what a request has to keep
 * @param timeout after which a stream counts as failed
 * @param apiKey from the environment ({@code CONCH_API_KEY}), which no process list shows
 * @param summaryFile where the summary is written, too
 */
record LoadSettings(
        String url,
        String model,
        Profile profile,
        double rate,
        Duration duration,
        int levels,
        LogNormal promptTokens,
        LogNormal outputTokens,
        long seed,
        Slo slo,
        Duration timeout,
        Optional<String> apiKey,
        Optional<Path> summaryFile) {
    /** More at a time is a matter for several machines. */
    private static final int MOST_REQUESTS = 200_000;

    LoadSettings {
        if (!(rate > 0) || duration.toSeconds() < 1 || levels < 1 || requests(rate, duration, levels) > MOST_REQUESTS) {
            throw new IllegalArgumentException("rate " + rate + ", seconds " + duration.toSeconds() + ", levels "
                    + levels + " (expected: more than zero, and not more than " + MOST_REQUESTS + " requests in all)");
        }
    }

    static LoadSettings read() {
        return of(name -> Optional.ofNullable(System.getProperty(name)).filter(value -> !value.isBlank()));
    }

    static LoadSettings of(Function<String, Optional<String>> property) {
        Reader reader = new Reader(property);
        Profile profile = reader.profile();
        return new LoadSettings(
                reader.url(),
                property.apply("model").orElse("smollm2-135m-instruct"),
                profile,
                reader.decimal("rate", profile.rate()),
                Duration.ofSeconds(reader.number("seconds", profile.duration().toSeconds())),
                (int) reader.number("levels", profile.levels()),
                reader.lengths("prompt-tokens", profile.promptTokens()),
                reader.lengths("output-tokens", profile.outputTokens()),
                reader.number("seed", 1),
                new Slo(
                        Duration.ofMillis(reader.number("slo-ttft-ms", 2_000)),
                        Duration.ofMillis(reader.number("slo-itl-ms", 200)),
                        reader.decimal("slo-goodput", 0.99)),
                Duration.ofSeconds(reader.number("timeout-seconds", 120)),
                Optional.ofNullable(System.getenv("CONCH_API_KEY")),
                property.apply("summary-file").map(Path::of));
    }

    private static double requests(double rate, Duration duration, int levels) {
        return rate * duration.toSeconds() * (levels + 1) / 2;
    }

    /** Arrivals a second in a level, counted from 0. */
    double rate(int level) {
        return rate * (level + 1) / levels;
    }

    Duration arrivals() {
        return duration.multipliedBy(levels);
    }

    /** Values by name; what cannot be read is named with what was expected. */
    private record Reader(Function<String, Optional<String>> property) {
        String url() {
            String url = property.apply("url").orElse("http://127.0.0.1:8080").replaceFirst("/(v1/?)?$", "");
            String scheme = Optional.ofNullable(URI.create(url).getScheme()).orElse("");
            if (!scheme.equals("http") && !scheme.equals("https")) {
                throw invalid("url", url, "http://host:port");
            }
            return url;
        }

        Profile profile() {
            String name = property.apply("profile").orElse("smoke");
            return Arrays.stream(Profile.values())
                    .filter(profile -> profile.toString().equals(name))
                    .findFirst()
                    .orElseThrow(() -> invalid("profile", name, "smoke, steady or ramp"));
        }

        long number(String name, long otherwise) {
            return (long) decimal(name, (double) otherwise);
        }

        double decimal(String name, double otherwise) {
            String text = property.apply(name).orElse("");
            try {
                return text.isEmpty() ? otherwise : Double.parseDouble(text);
            } catch (NumberFormatException e) {
                throw invalid(name, text, "a number");
            }
        }

        /** Such as {@code 128,0.8,8,1024}: median, sigma, least, most. */
        LogNormal lengths(String name, LogNormal otherwise) {
            String text = property.apply(name).orElse("");
            if (text.isEmpty()) {
                return otherwise;
            }
            String[] parts = text.split(",", -1);
            try {
                return new LogNormal(
                        Double.parseDouble(parts[0]),
                        Double.parseDouble(parts[1]),
                        Integer.parseInt(parts[2]),
                        Integer.parseInt(parts[3]));
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw invalid(name, text, "median,sigma,least,most such as 128,0.8,8,1024");
            }
        }

        private static IllegalArgumentException invalid(String name, String value, String expected) {
            return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
