package dev.conch;

import dev.conch.admission.AdmissionController;
import dev.conch.chat.ContentFormat;
import dev.conch.chat.TemplatePolicy;
import dev.conch.config.ConchConfiguration;
import dev.conch.engine.InferenceEngine;
import dev.conch.engine.triton.TritonEngine;
import dev.conch.engine.triton.TritonTimeouts;
import dev.conch.http.ApiKeys;
import dev.conch.http.request.ParameterTable;
import dev.conch.http.request.RequestLimits;
import dev.conch.model.ModelCatalog;
import dev.conch.model.ModelLoader;
import dev.conch.model.ModelSettings;
import dev.conch.pipeline.AnswerPipeline;
import dev.conch.pipeline.AnswerSettings;
import dev.conch.pipeline.ChatPipeline;
import dev.conch.pipeline.CompletionPipeline;
import dev.conch.pipeline.IdSource;
import dev.conch.pipeline.ModelInspection;
import dev.conch.pipeline.PromptPipeline;
import dev.conch.pipeline.PromptWorkers;
import dev.conch.pipeline.Readiness;
import dev.conch.response.StreamSettings;
import dev.conch.telemetry.Telemetry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Secondary;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Puts the rooms together. What is marked secondary gives way to another bean of its kind: that is how tests bring theirs. */
@Factory
final class Wiring {
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
        return new ApiKeys(configuration.server().apiKeys());
    }

    @Singleton
    RequestLimits requestLimits(ConchConfiguration configuration) {
        ConchConfiguration.Requests requests = configuration.requests();
        return new RequestLimits(requests.strict(), requests.maxChoices(), requests.maxStopSequences());
    }

    /** Read at the start, not by the first request. */
    @Context
    ParameterTable parameters() {
        return ParameterTable.builtIn();
    }

    @Secondary
    @Singleton
    Telemetry telemetry() {
        return Telemetry.NONE;
    }

    /** Loaded at the start: a folder that cannot be served is told before anybody asks for it. */
    @Context
    ModelCatalog catalog(ConchConfiguration configuration, Clock clock) {
        var loader = new ModelLoader(clock);
        return new ModelCatalog(configuration.models().stream()
                .map(model -> loader.load(settings(model)))
                .toList());
    }

    private static ModelSettings settings(ConchConfiguration.Model model) {
        return new ModelSettings(
                model.name(),
                model.folder(),
                model.engineModel(),
                model.maxModelLen(),
                model.chatFormat(),
                model.chatTemplate(),
                new TemplatePolicy(
                        ContentFormat.valueOf(model.contentFormat().toUpperCase(Locale.ROOT)),
                        Set.copyOf(model.chatTemplateKwargs()),
                        model.allowClientChatTemplate()));
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
    @Bean(preDestroy = "close")
    PromptWorkers promptWorkers() {
        return new PromptWorkers(Runtime.getRuntime().availableProcessors());
    }

    @Singleton
    Readiness readiness(ModelCatalog catalog, InferenceEngine engine) {
        return new Readiness(catalog, engine);
    }

    @Singleton
    ModelInspection modelInspection(InferenceEngine engine) {
        return new ModelInspection(engine);
    }

    @Singleton
    AnswerPipeline answerPipeline(
            ModelCatalog catalog,
            AdmissionController admission,
            InferenceEngine engine,
            IdSource ids,
            Clock clock,
            Telemetry telemetry,
            ConchConfiguration configuration) {
        var settings = new AnswerSettings(
                new StreamSettings(configuration.streams().keepAliveInterval(), ThreadLocalRandom::current),
                configuration.streams().commitAfter());
        return new AnswerPipeline(catalog, admission, engine, promptWorkers(), ids, clock, telemetry, settings);
    }

    @Singleton
    ChatPipeline chatPipeline(AnswerPipeline answers) {
        return new ChatPipeline(answers);
    }

    @Singleton
    CompletionPipeline completionPipeline(AnswerPipeline answers) {
        return new CompletionPipeline(answers);
    }

    @Singleton
    PromptPipeline promptPipeline(ModelCatalog catalog) {
        return new PromptPipeline(catalog, promptWorkers());
    }
}
