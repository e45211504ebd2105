package dev.conch.engine.triton;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.ModelRepository;
import dev.conch.engine.ModelRepository.Entry;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TritonModelRepositoryTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final CannedRepository first = new CannedRepository("a", "b");
    private final CannedRepository second = new CannedRepository("a");
    private final List<ManagedChannel> channels = List.of(first.channel(), second.channel());
    private final ModelRepository repository =
            new TritonModelRepository(channels, new ModelDirectory(LONG), LONG, LONG);

    TritonModelRepositoryTest() throws Exception {}

    @AfterEach
    void stop() {
        channels.forEach(ManagedChannel::shutdownNow);
        first.close();
        second.close();
    }

    private static void done(CompletionStage<?> stage) {
        assertThat(stage).succeedsWithin(PATIENCE);
    }

    private static GenerationException failureOf(CompletionStage<?> stage) {
        assertThat(stage).failsWithin(PATIENCE);
        return (GenerationException) stage.toCompletableFuture().exceptionNow();
    }

    @Test
    void listsTheModelsOfAllReplicas() {
        done(repository.load("a"));
        assertThat(repository.index())
                .succeedsWithin(PATIENCE)
                .asInstanceOf(InstanceOfAssertFactories.list(Entry.class))
                .containsExactly(
                        new Entry(0, "a", "1", "READY", ""),
                        new Entry(0, "b", "", "UNAVAILABLE", "unloaded"),
                        new Entry(1, "a", "1", "READY", ""));
    }

    @Test
    void loadsAndUnloadsOnEveryReplica() {
        done(repository.load("a"));
        assertThat(first.isReady("a")).isTrue();
        assertThat(second.isReady("a")).isTrue();
        done(repository.unload("a"));
        assertThat(first.isReady("a")).isFalse();
        assertThat(second.isReady("a")).isFalse();
    }

    @Test
    void saysWhichModelIsNotThere() {
        GenerationException error = failureOf(repository.load("c"));
        assertThat(error.code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND);
        assertThat(error.param()).isEqualTo("model");
        assertThat(failureOf(repository.unload("c")).code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND);
    }

    @Test
    void failsWhereOneReplicaDoes() {
        assertThat(failureOf(repository.load("b")).code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND);
        assertThat(first.isReady("b")).isTrue();
    }

    @Test
    void saysThatModelsDoNotComeAndGoByRequest() {
        second.fail(Status.UNAVAILABLE.withDescription(
                "explicit model load / unload is not allowed if polling is enabled"));
        GenerationException error = failureOf(repository.load("a"));
        assertThat(error.code()).isEqualTo(ErrorCode.UPSTREAM_REJECTED);
        assertThat(error.clientMessage()).contains("--model-control-mode=explicit");
    }

    @Test
    void keepsTritonsReasonsFromTheMessage() {
        second.fail(Status.INTERNAL.withDescription("load failed for model 'a': version 1 canary"));
        GenerationException error = failureOf(repository.load("a"));
        assertThat(error.code()).isEqualTo(ErrorCode.UPSTREAM_REJECTED);
        assertThat(error.clientMessage()).doesNotContain("canary");
        assertThat(error).hasStackTraceContaining("canary");
    }

    @Test
    void saysThatAReplicaIsAway() {
        second.close();
        assertThat(failureOf(repository.load("a")).code()).isEqualTo(ErrorCode.NO_HEALTHY_BACKEND);
        assertThat(failureOf(repository.index()).code()).isEqualTo(ErrorCode.NO_HEALTHY_BACKEND);
    }
}
