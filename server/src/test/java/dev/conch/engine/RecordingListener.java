package dev.conch.engine;

import dev.conch.generation.GenerationException;
import dev.conch.generation.TokenLogprob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes down what an engine says, for tests that look at it from another thread. Thread-safe. */
public final class RecordingListener implements EngineListener {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<EngineOutput> outputs = new ArrayList<>();
    private final List<Integer> cachedTokens = new ArrayList<>();
    private final List<GenerationException> errors = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private boolean promptReadLate;

    @Override
    public synchronized void onPromptRead(int cachedTokens) {
        this.cachedTokens.add(cachedTokens);
        promptReadLate |= !outputs.isEmpty();
        threads.add(Thread.currentThread());
        notifyAll();
    }

    @Override
    public synchronized void onOutput(EngineOutput output) {
        outputs.add(output);
        threads.add(Thread.currentThread());
        notifyAll();
    }

    @Override
    public synchronized void onError(GenerationException error) {
        errors.add(error);
        threads.add(Thread.currentThread());
        notifyAll();
    }

    public synchronized List<EngineOutput> outputs() {
        return List.copyOf(outputs);
    }

    /** What was told of the prompt: at most one element. */
    public synchronized List<Integer> cachedTokens() {
        return List.copyOf(cachedTokens);
    }

    /** Whether something was told of the prompt after an output had come. */
    public synchronized boolean promptReadLate() {
        return promptReadLate;
    }

    /** The token ids of choice 0 so far. */
    public int[] tokenIds() {
        return tokenIds(0);
    }

    public synchronized int[] tokenIds(int choice) {
        return of(choice)
                .flatMapToInt(output -> IntStream.of(output.tokenIds()))
                .toArray();
    }

    /** The logprobs of choice 0 so far. */
    public synchronized List<TokenLogprob> logprobs() {
        return of(0).flatMap(output -> output.logprobs().stream()).toList();
    }

    private Stream<EngineOutput> of(int choice) {
        return outputs.stream().filter(output -> output.choice() == choice);
    }

    /** Why choice 0 ended; null if it has not. */
    public EngineOutput.@Nullable End end() {
        return ends(0).isEmpty() ? null : ends(0).getFirst();
    }

    /** Every end that a choice was told: at most one. */
    public synchronized List<EngineOutput.End> ends(int choice) {
        return of(choice).flatMap(output -> Stream.ofNullable(output.end())).toList();
    }

    /** How many choices have ended. */
    private synchronized long ended() {
        return outputs.stream().filter(output -> output.end() != null).count();
    }

    public synchronized List<GenerationException> errors() {
        return List.copyOf(errors);
    }

    /** On which thread each call came. */
    public synchronized List<Thread> threads() {
        return List.copyOf(threads);
    }

    /** Waits for the end of choice 0 or an error, whichever comes. */
    public RecordingListener awaitLast() throws InterruptedException, TimeoutException {
        return await(heard -> heard.end() != null || !heard.errors().isEmpty());
    }

    /** Waits for the ends of so many choices or an error, whichever comes. */
    public RecordingListener awaitEnds(int choices) throws InterruptedException, TimeoutException {
        return await(heard -> heard.ended() >= choices || !heard.errors().isEmpty());
    }

    /** Waits for an error and returns it. */
    public GenerationException awaitError() throws InterruptedException, TimeoutException {
        return await(heard -> !heard.errors().isEmpty()).errors().getFirst();
    }

    /** Waits until choice 0 has so many tokens. */
    public RecordingListener awaitTokens(int count) throws InterruptedException, TimeoutException {
        return await(heard -> heard.tokenIds().length >= count);
    }

    /** Waits until a choice has so many tokens. */
    public RecordingListener awaitTokens(int choice, int count) throws InterruptedException, TimeoutException {
        return await(heard -> heard.tokenIds(choice).length >= count);
    }

    private synchronized RecordingListener await(Predicate<RecordingListener> condition)
            throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.test(this)) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new TimeoutException("heard only " + outputs + errors);
            }
            wait(left);
        }
        return this;
    }
}
