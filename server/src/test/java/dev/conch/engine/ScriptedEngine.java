package dev.conch.engine;

import dev.conch.generation.EngineFeature;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * An engine that says what it was told to say: a fake for the tests of every room behind the engine's door. Each step of a script is a
 * task of its own on the generation's event loop, so a cancel gets in between as it does with a real engine. Thread-safe.
 *
 * <pre>{@code
 * var engine = new ScriptedEngine(say(11, 12), pause(), say(13), end(End.STOP));
 * engine.start(request, listener, loop); // hears 11, 12
 * engine.resume();                       // hears 13 and the end
 * }</pre>
 */
public final class ScriptedEngine implements InferenceEngine {
    private final Function<GenerationRequest, List<Step>> script;
    private final List<GenerationRequest> requests = new ArrayList<>();
    private final Queue<Generation> paused = new ArrayDeque<>();
    private int resumes;
    private int running;
    private int cancels;
    private boolean ready = true;
    private String identity = "scripted";

    /** What a generation does next. */
    public sealed interface Step {
        /** The listener hears this. */
        record Output(EngineOutput output) implements Step {}

        /** The prompt has been read. */
        record PromptRead(int cachedTokens) implements Step {}

        /** The generation fails. */
        record Failure(GenerationException error) implements Step {}

        /** Nothing happens until {@link #resume} is called. */
        record Pause() implements Step {}
    }

    /** Every generation runs this script. One that neither ends nor fails leaves its generation running. */
    public ScriptedEngine(Step... script) {
        this(_ -> List.of(script));
    }

    /** Each generation runs the script that its request calls for. */
    public ScriptedEngine(Function<GenerationRequest, List<Step>> script) {
        this.script = script;
    }

    /** Tokens of choice 0, one output for each. */
    public static Step[] sayEach(int... tokenIds) {
        return Arrays.stream(tokenIds).mapToObj(ScriptedEngine::say).toArray(Step[]::new);
    }

    /** Tokens of choice 0 in one output. */
    public static Step say(int... tokenIds) {
        return new Step.Output(EngineOutput.tokens(0, tokenIds));
    }

    /** The end of choice 0, with its last tokens. */
    public static Step end(EngineOutput.End end, int... tokenIds) {
        return new Step.Output(EngineOutput.last(0, end, tokenIds));
    }

    /** So much of the prompt was not computed anew. */
    public static Step promptRead(int cachedTokens) {
        return new Step.PromptRead(cachedTokens);
    }

    public static Step fail(GenerationException error) {
        return new Step.Failure(error);
    }

    public static Step pause() {
        return new Step.Pause();
    }

    @Override
    public RunningGeneration start(GenerationRequest request, EngineListener listener, Executor eventLoop) {
        var generation = new Generation(script.apply(request).iterator(), listener, eventLoop);
        synchronized (this) {
            requests.add(request);
            running++;
        }
        generation.schedule();
        return generation;
    }

    @Override
    public synchronized CompletionStage<Boolean> ready(String engineModel) {
        return CompletableFuture.completedFuture(ready);
    }

    @Override
    public synchronized CompletionStage<EngineCapabilities> capabilities(String engineModel) {
        return CompletableFuture.completedFuture(
                new EngineCapabilities(identity, Set.of(EngineFeature.values()), Integer.MAX_VALUE, Integer.MAX_VALUE));
    }

    /** What the engine calls itself from now on. */
    public synchronized void setIdentity(String identity) {
        this.identity = identity;
    }

    public synchronized void setReady(boolean ready) {
        this.ready = ready;
    }

    /** Lets the generation go on that paused first; without one, the next that comes to a pause does not stop there. */
    public void resume() {
        Generation next;
        synchronized (this) {
            next = paused.poll();
            resumes += next == null ? 1 : 0;
        }
        if (next != null) {
            next.schedule();
        }
    }

    private synchronized boolean mayPass(Generation generation) {
        if (resumes > 0) {
            resumes--;
            return true;
        }
        paused.add(generation);
        return false;
    }

    /** All requests so far, oldest first. */
    public synchronized List<GenerationRequest> requests() {
        return List.copyOf(requests);
    }

    /** Generations that have neither ended nor failed nor been cancelled. */
    public synchronized int running() {
        return running;
    }

    /** Generations that were cancelled while they ran. */
    public synchronized int cancels() {
        return cancels;
    }

    private synchronized void finished(Generation generation, boolean cancelled) {
        running--;
        cancels += cancelled ? 1 : 0;
        paused.remove(generation);
    }

    /** One run through a script. */
    private final class Generation implements RunningGeneration {
        private final Iterator<Step> steps;
        private final EngineListener listener;
        private final Executor eventLoop;
        private boolean over;

        Generation(Iterator<Step> steps, EngineListener listener, Executor eventLoop) {
            this.steps = steps;
            this.listener = listener;
            this.eventLoop = eventLoop;
        }

        void schedule() {
            eventLoop.execute(this::next);
        }

        private void next() {
            if (isOver() || !steps.hasNext()) {
                return;
            }
            switch (steps.next()) {
                case Step.Output(EngineOutput output) -> say(output);
                case Step.PromptRead(int cachedTokens) -> {
                    schedule();
                    listener.onPromptRead(cachedTokens);
                }
                case Step.Failure(GenerationException error) -> fail(error);
                case Step.Pause() -> {
                    if (mayPass(this)) {
                        schedule();
                    }
                }
            }
        }

        private void say(EngineOutput output) {
            // Several choices end one by one: the script is over with its last step.
            if (output.end() == null || steps.hasNext()) {
                schedule();
            } else {
                finish(false);
            }
            listener.onOutput(output);
        }

        private void fail(GenerationException error) {
            finish(false);
            listener.onError(error);
        }

        @Override
        public void cancel() {
            finish(true);
        }

        private synchronized boolean isOver() {
            return over;
        }

        private void finish(boolean cancelled) {
            synchronized (this) {
                if (over) {
                    return;
                }
                over = true;
            }
            finished(this, cancelled);
        }
    }
}
