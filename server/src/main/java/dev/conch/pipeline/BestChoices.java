package dev.conch.pipeline;

import dev.conch.generation.OutputEvent;
import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.TextLogprob;
import dev.conch.response.AnswerFold;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * {@code best_of}: keeps all that is said of the choices of one prompt and, when they are complete, tells on those with the highest
 * mean logprob of a token, the best first. Not thread-safe.
 */
final class BestChoices implements Consumer<OutputEvent> {
    private final int firstChoice;
    private final int wanted;
    private final AnswerFold fold;
    private final Consumer<OutputEvent> sink;
    private final List<Candidate> candidates;
    private int unfinished;

    /**
     * @param firstChoice what the best is called
     * @param wanted how many are told on
     * @param generated how many there are, numbered from 0, at least as many
     * @param fold is told what the others cost
     * @param sink is told of the wanted
     */
    BestChoices(int firstChoice, int wanted, int generated, AnswerFold fold, Consumer<OutputEvent> sink) {
        this.firstChoice = firstChoice;
        this.wanted = wanted;
        this.fold = fold;
        this.sink = sink;
        this.candidates = Stream.generate(Candidate::new).limit(generated).toList();
        this.unfinished = generated;
    }

    @Override
    public void accept(OutputEvent event) {
        candidates.get(event.choice()).events.add(event);
        if (event instanceof Finished && --unfinished == 0) {
            tellTheBest();
        }
    }

    private void tellTheBest() {
        List<Candidate> ranked = candidates.stream()
                .sorted(Comparator.comparingDouble(Candidate::meanLogprob).reversed())
                .toList();
        for (int rank = wanted; rank < ranked.size(); rank++) {
            fold.discarded(ranked.get(rank).completionTokens());
        }
        for (int rank = 0; rank < wanted; rank++) {
            ranked.get(rank).tell(firstChoice + rank, sink);
        }
    }

    /** All that was said of one choice. */
    private static final class Candidate {
        private final List<OutputEvent> events = new ArrayList<>();

        /** One without tokens says nothing for itself. */
        double meanLogprob() {
            return events.stream()
                    .flatMap(event -> event.tokens().logprobs().stream())
                    .mapToDouble(TextLogprob::logprob)
                    .average()
                    .orElse(Double.NEGATIVE_INFINITY);
        }

        int completionTokens() {
            return events.getLast() instanceof Finished finished ? finished.completionTokens() : 0;
        }

        void tell(int choice, Consumer<OutputEvent> sink) {
            events.forEach(event -> sink.accept(event.with(choice, event.tokens())));
        }
    }
}
