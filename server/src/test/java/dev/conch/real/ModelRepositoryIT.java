package dev.conch.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.ModelRepository;
import dev.conch.engine.ModelRepository.Entry;
import dev.conch.engine.triton.RouteWatch;
import dev.conch.engine.triton.SubscriptionSettings;
import dev.conch.engine.triton.TritonEngine;
import dev.conch.engine.triton.TritonTimeouts;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Models that come and go at an operator's word, on the real server. */
class ModelRepositoryIT {
    private static final String MODEL = "tensorrt_llm";

    private static RealTriton triton;
    private static TritonEngine engine;
    private static ModelRepository repository;

    @SuppressWarnings("NullAway.Init")
    ModelRepositoryIT() {}

    @BeforeAll
    static void start() {
        triton = new RealTriton();
        engine = TritonEngine.over(
                List.of("127.0.0.1:" + triton.grpcPort()),
                TritonTimeouts.DEFAULT,
                SubscriptionSettings.DEFAULT,
                RouteWatch.NONE);
        repository = engine.repository();
    }

    @AfterAll
    static void stop() {
        engine.close();
        triton.close();
    }

    private static String state() {
        return of(repository.index()).stream()
                .filter(entry -> entry.engineModel().equals(MODEL))
                .map(Entry::state)
                .findFirst()
                .orElse("absent");
    }

    private static boolean ready() {
        return of(engine.ready(MODEL));
    }

    private static <T> T of(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static void done(CompletionStage<?> stage) {
        assertThat(stage).succeedsWithin(Duration.ofSeconds(60));
    }

    private static ErrorCode codeOf(CompletionStage<?> stage) {
        assertThat(stage).failsWithin(Duration.ofSeconds(60));
        return ((GenerationException) stage.toCompletableFuture().exceptionNow()).code();
    }

    @Test
    void unloadsAModelAndLoadsItAgain() {
        assertThat(state()).isEqualTo("READY");
        assertThat(ready()).isTrue();
        done(repository.unload(MODEL));
        Waiting.until("the model is gone", () -> state().equals("UNAVAILABLE"));
        assertThat(ready()).isFalse();
        done(repository.load(MODEL));
        assertThat(state()).isEqualTo("READY");
        assertThat(ready()).isTrue();
    }

    @Test
    void knowsNoOtherModel() {
        assertThat(codeOf(repository.load("another"))).isEqualTo(ErrorCode.MODEL_NOT_FOUND);
        assertThat(codeOf(repository.unload("another"))).isEqualTo(ErrorCode.MODEL_NOT_FOUND);
    }
}
