package dev.conch;

import dev.conch.admission.AdmissionController;
import dev.conch.config.ConchConfiguration;
import dev.conch.engine.InferenceEngine;
import dev.conch.engine.triton.TritonEngine;
import dev.conch.engine.triton.TritonTimeouts;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.http.ApiKeys;
import dev.conch.model.ModelCatalog;
import dev.conch.model.ModelLoader;
import dev.conch.pipeline.ChatPipeline;
import dev.conch.pipeline.IdSource;
import dev.conch.pipeline.Readiness;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Secondary;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Puts the rooms together. What is marked secondary gives way to another bean of its kind: that is how tests bring theirs. */
@Factory
final class Wiring {
    /** Long prompts that may wait for a thread; more are told that the server is overloaded. */
    private static final int MAX_WAITING_PROMPTS = 256;

    @Secondary
    @Singleton
    Clock clock() {
        return Clock.system(ZoneId.systemDefault());
    }

    @Secondary
    @Singleton
    IdSource ids() {
        return IdSource.random();
    }

    @Singleton
    ApiKeys apiKeys(ConchConfiguration configuration) {
        var keys = new ArrayList<String>();
        if (configuration.server().apiKey() != null) {
            keys.add(configuration.server().apiKey());
        }
        if (configuration.server().apiKeysFile() != null) {
            keys.addAll(keysIn(configuration.server().apiKeysFile()));
        }
        return new ApiKeys(keys);
    }

    private static List<String> keysIn(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Loaded at the start: a folder that cannot be served is told before anybody asks for it. */
    @Context
    ModelCatalog catalog(ConchConfiguration configuration, Clock clock) {
        var loader = new ModelLoader(clock);
        return new ModelCatalog(configuration.models().stream()
                .map(model -> loader.load(model.name(), model.folder(), model.engineModel(), model.maxModelLen()))
                .toList());
    }

    @Secondary
    @Singleton
    @Bean(preDestroy = "close")
    TritonEngine engine(ConchConfiguration configuration) {
        ConchConfiguration.Triton triton = configuration.triton();
        List<String> addresses = triton.addresses().stream()
                .map(address -> address.getHostString() + ":" + address.getPort())
                .toList();
        var timeouts = new TritonTimeouts(
                triton.firstTokenTimeout(),
                triton.streamIdleTimeout(),
                triton.answerTimeout(),
                TritonTimeouts.DEFAULT.question());
        return TritonEngine.over(addresses, timeouts);
    }

    @Singleton
    AdmissionController admission(ConchConfiguration configuration) {
        return new AdmissionController(configuration.server().maxConcurrentRequests());
    }

    @Singleton
    Readiness readiness(ModelCatalog catalog, InferenceEngine engine) {
        return new Readiness(catalog, engine);
    }

    @Singleton
    ChatPipeline chatPipeline(
            ModelCatalog catalog, AdmissionController admission, InferenceEngine engine, IdSource ids, Clock clock) {
        return new ChatPipeline(catalog, admission, engine, promptWorkers(), ids, clock);
    }

    private static Executor promptWorkers() {
        int threads = Runtime.getRuntime().availableProcessors();
        var queue = new ArrayBlockingQueue<Runnable>(MAX_WAITING_PROMPTS);
        var workers = new ThreadPoolExecutor(threads, threads, 30, TimeUnit.SECONDS, queue, (_, _) -> {
            throw new GenerationException(
                    ErrorCode.OVERLOADED, "Too many long prompts are waiting. Try again shortly.");
        });
        workers.allowCoreThreadTimeOut(true);
        return workers;
    }
}
