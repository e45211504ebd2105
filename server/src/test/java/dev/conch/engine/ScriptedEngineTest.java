package dev.conch.engine;

import static dev.conch.engine.EngineRequests.request;
import static dev.conch.engine.ScriptedEngine.end;
import static dev.conch.engine.ScriptedEngine.fail;
import static dev.conch.engine.ScriptedEngine.pause;
import static dev.conch.engine.ScriptedEngine.promptRead;
import static dev.conch.engine.ScriptedEngine.say;
import static dev.conch.engine.ScriptedEngine.sayEach;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine.Step;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.TokenLogprob;
import dev.conch.generation.TokenLogprob.Alternative;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScriptedEngineTest extends InferenceEngineContractTest {
    private final ExecutorService loop = Executors.newSingleThreadExecutor();
    private final Queue<List<Step>> scripts = new ConcurrentLinkedQueue<>();
    private final ScriptedEngine engine = new ScriptedEngine(_ -> scripts.remove());

    @AfterEach
    void stopLoop() {
        loop.shutdownNow();
    }

    @Override
    protected InferenceEngine engine() {
        return engine;
    }

    @Override
    protected Executor loop() {
        return loop;
    }

    @Override
    protected void nextSays(int... tokenIds) {
        next(end(End.STOP), tokenIds);
    }

    @Override
    protected void nextFailsAfter(int... tokenIds) {
        next(fail(new GenerationException(ErrorCode.NO_HEALTHY_BACKEND, "scripted")), tokenIds);
    }

    @Override
    protected void nextHangsAfter(int... tokenIds) {
        next(pause(), tokenIds);
    }

    @Override
    protected void nextSaysChoices(List<List<Integer>> tokenIds) {
        List<Step> steps = new ArrayList<>();
        for (int choice = 0; choice < tokenIds.size(); choice++) {
            for (int id : tokenIds.get(choice)) {
                steps.add(new Step.Output(EngineOutput.tokens(choice, id)));
            }
            steps.add(new Step.Output(EngineOutput.last(choice, End.STOP)));
        }
        scripts.add(steps);
    }

    @Override
    protected void nextChoicesHangAfter(int choices, int... tokenIds) {
        scripts.add(withEachChoice(choices, pause(), tokenIds));
    }

    @Override
    protected void nextChoicesFailAfter(int choices, int tokenId) {
        var failure = fail(new GenerationException(ErrorCode.NO_HEALTHY_BACKEND, "scripted"));
        scripts.add(withEachChoice(choices, failure, tokenId));
    }

    private static List<Step> withEachChoice(int choices, Step last, int... tokenIds) {
        List<Step> steps = new ArrayList<>();
        for (int choice = 0; choice < choices; choice++) {
            steps.add(new Step.Output(EngineOutput.tokens(choice, tokenIds)));
        }
        steps.add(last);
        return steps;
    }

    @Override
    protected void nextHadCached(int cachedTokens, int... tokenIds) {
        scripts.add(List.of(promptRead(cachedTokens), end(End.STOP, tokenIds)));
    }

    @Override
    protected void nextSaysWithLogprobs(int alternatives, int... tokenIds) {
        List<Step> steps = new ArrayList<>();
        for (int id : tokenIds) {
            var others = Collections.nCopies(alternatives, new Alternative(id, logprobOf(id)));
            var logprob = new TokenLogprob(id, logprobOf(id), others);
            steps.add(new Step.Output(new EngineOutput(0, new int[] {id}, List.of(logprob), null)));
        }
        steps.add(end(End.STOP));
        scripts.add(steps);
    }

    @Override
    protected float logprobOf(int tokenId) {
        return -tokenId;
    }

    @Override
    protected int cancelsOf(int choices) {
        return 1;
    }

    private void next(Step last, int... tokenIds) {
        List<Step> steps = new ArrayList<>(List.of(sayEach(tokenIds)));
        steps.add(last);
        scripts.add(steps);
    }

    @Override
    protected void awaitCancels(int count) {
        assertThat(engine.cancels()).as("cancelled at once").isEqualTo(count);
    }

    @Override
    protected void awaitHanging() {
        assertThat(engine.running()).as("started at once").isEqualTo(1);
    }

    @Override
    protected int cancels() {
        return engine.cancels();
    }

    @Override
    protected void setReady(boolean ready) {
        engine.setReady(ready);
    }

    @Test
    void goesOnWhenResumed() throws Exception {
        var heard = new RecordingListener();
        scripts.add(List.of(say(11), pause(), say(12), pause(), end(End.LENGTH, 13)));
        start(request(), heard);
        heard.awaitTokens(1);
        engine.resume();
        heard.awaitTokens(2);
        engine.resume();
        assertThat(heard.awaitLast().outputs())
                .containsExactly(
                        EngineOutput.tokens(0, 11), EngineOutput.tokens(0, 12), EngineOutput.last(0, End.LENGTH, 13));
    }

    @Test
    void remembersRequestsAndCountsWhatRuns() throws Exception {
        scripts.add(List.of(say(11), pause()));
        scripts.add(List.of(end(End.STOP)));
        var first = request();
        var second = request();
        var heard = new RecordingListener();
        var last = new RecordingListener();
        start(first, heard);
        start(second, last);
        heard.awaitTokens(1);
        last.awaitLast();
        assertThat(engine.requests()).containsExactly(first, second);
        assertThat(engine.running()).isEqualTo(1);
    }
}
