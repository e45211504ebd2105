package dev.conch;

import dev.conch.admission.AdmissionController;
import dev.conch.admission.AdmissionLimits;
import dev.conch.chat.ContentFormat;
import dev.conch.chat.TemplatePolicy;
import dev.conch.config.ConchConfiguration;
import dev.conch.constraint.Constraints;
import dev.conch.engine.InferenceEngine;
import dev.conch.engine.ModelRepository;
import dev.conch.engine.triton.SubscriptionSettings;
import dev.conch.engine.triton.TritonEngine;
import dev.conch.engine.triton.TritonTimeouts;
import dev.conch.generation.ReasoningField;
import dev.conch.http.ApiKeys;
import dev.conch.http.BodyMemory;
import dev.conch.http.CorsPolicy;
import dev.conch.http.Drain;
import dev.conch.http.ManagementServer;
import dev.conch.http.connection.ConnectionLimits;
import dev.conch.http.connection.OpenConnections;
import dev.conch.http.request.ParameterTable;
import dev.conch.http.request.RequestLimits;
import dev.conch.model.FormatSettings;
import dev.conch.model.ModelCard;
import dev.conch.model.ModelCatalog;
import dev.conch.model.ModelLoadException;
import dev.conch.model.ModelLoader;
import dev.conch.model.ModelSettings;
import dev.conch.pipeline.AnswerPipeline;
import dev.conch.pipeline.AnswerSettings;
import dev.conch.pipeline.ChatPipeline;
import dev.conch.pipeline.CompletionPipeline;
import dev.conch.pipeline.IdSource;
import dev.conch.pipeline.ModelControl;
import dev.conch.pipeline.ModelInspection;
import dev.conch.pipeline.PromptPipeline;
import dev.conch.pipeline.PromptWorkers;
import dev.conch.pipeline.Readiness;
import dev.conch.response.StreamSettings;
import dev.conch.telemetry.EngineMeters;
import dev.conch.telemetry.Exchanges;
import dev.conch.telemetry.Figures;
import dev.conch.telemetry.HeapPressure;
import dev.conch.telemetry.MetricsPage;
import dev.conch.telemetry.NanoClock;
import dev.conch.telemetry.ServerMeters;
import dev.conch.telemetry.TraceSource;
import io.micrometer.core.instrument.Tags;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Secondary;
import io.micronaut.http.server.netty.NettyEmbeddedServerFactory;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration;
import io.micronaut.runtime.ApplicationConfiguration;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

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
    ConnectionLimits connectionLimits(ConchConfiguration configuration) {
        ConchConfiguration.Connections connections = configuration.server().connections();
        return new ConnectionLimits(
                connections.headerTimeout(),
                connections.bodyTimeout(),
                connections.idleTimeout(),
                connections.max(),
                configuration.server().maxBodyBytes());
    }

    @Singleton
    CorsPolicy corsPolicy(ConchConfiguration configuration) {
        return new CorsPolicy(Set.copyOf(configuration.server().corsAllowedOrigins()));
    }

    @Singleton
    OpenConnections openConnections() {
        return new OpenConnections();
    }

    @Singleton
    Drain drain(OpenConnections connections) {
        return new Drain(connections);
    }

    @Singleton
    @Bean(preDestroy = "close")
    ManagementServer managementServer(
            ConchConfiguration configuration,
            NettyEmbeddedServerFactory factory,
            ApplicationConfiguration application,
            NettyHttpServerConfiguration publicDoor,
            ConnectionLimits limits) {
        ConchConfiguration.Management management = configuration.management();
        return new ManagementServer(factory, application, publicDoor, limits, management.host(), management.port());
    }

    @Secondary
    @Singleton
    MetricsPage metricsPage(Figures figures) {
        return figures::scrape;
    }

    @Singleton
    ModelControl modelControl(Optional<ModelRepository> repository) {
        return new ModelControl(repository.isPresent() ? repository.get() : new NoRepository());
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

    /** Loaded at the start: a folder that cannot be served is told before anybody asks for it. */
    @Context
    ModelCatalog catalog(ConchConfiguration configuration, Clock clock) {
        return new ModelCatalog(load(configuration.models(), clock));
    }

    /** @throws dev.conch.model.ModelLoadException naming all that cannot be loaded */
    private static List<ModelCard> load(List<ConchConfiguration.Model> models, Clock clock) {
        return new ModelLoader(clock)
                .loadAll(models.stream().map(Wiring::settings).toList());
    }

    /** What is wrong with the folders of models, one a line; empty if they can all be served. */
    static List<String> faultsOf(List<ConchConfiguration.Model> models) {
        try {
            load(models, Clock.system(ZoneId.systemDefault()));
            return List.of();
        } catch (ModelLoadException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
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
                        model.allowClientChatTemplate()),
                new FormatSettings(
                        model.toolFormat(),
                        model.reasoningFormat(),
                        ReasoningField.valueOf(model.reasoningField().toUpperCase(Locale.ROOT))));
    }

    @Secondary
    @Singleton
    @Bean(preDestroy = "close")
    TritonEngine engine(ConchConfiguration configuration, EngineMeters meters) {
        ConchConfiguration.Triton triton = configuration.triton();
        List<String> addresses = triton.addresses().stream()
                .map(address -> address.getHostString() + ":" + address.getPort())
                .toList();
        var timeouts = new TritonTimeouts(
                triton.firstTokenTimeout(),
                triton.streamIdleTimeout(),
                triton.answerTimeout(),
                TritonTimeouts.DEFAULT.question());
        return TritonEngine.over(
                addresses,
                timeouts,
                triton.subscriptions() ? SubscriptionSettings.DEFAULT : SubscriptionSettings.OFF,
                new MeteredRoutes(meters));
    }

    @Secondary
    @Singleton
    ModelRepository repository(TritonEngine engine) {
        return engine.repository();
    }

    @Secondary
    @Singleton
    NanoClock nanoClock() {
        return System::nanoTime;
    }

    @Singleton
    Exchanges exchanges(Figures figures, ServerMeters meters, ModelCatalog catalog, NanoClock nanoClock, Clock clock) {
        Set<String> models = catalog.all().stream().map(ModelCard::name).collect(Collectors.toSet());
        return new Exchanges(figures, meters, models, nanoClock, clock);
    }

    @Singleton
    TraceSource traces() {
        return new TraceSource(new SecureRandom());
    }

    @Context
    AdmissionController admission(
            ConchConfiguration configuration,
            HeapPressure heap,
            NanoClock clock,
            ServerMeters meters,
            Figures figures) {
        ConchConfiguration.Server server = configuration.server();
        var limits =
                new AdmissionLimits(server.maxConcurrentRequests(), server.maxQueuedRequests(), server.maxQueueWait());
        var admission = new AdmissionController(limits, heap::full, clock::nanos, new MeteredAdmission(meters));
        figures.gauge("inference.inflight", "Requests inside", Tags.empty(), admission::inside);
        figures.gauge("inference.queue.depth", "Requests that wait for a place", Tags.empty(), admission::queued);
        figures.gauge("inference.limit", "Requests that may be inside at once", Tags.empty(), admission::limit);
        return admission;
    }

    @Singleton
    BodyMemory bodyMemory(ConchConfiguration configuration, ServerMeters meters) {
        ConchConfiguration.Server server = configuration.server();
        Integer configured = server.maxHeldBodyBytes();
        long maxBytes = configured == null
                ? Math.max(server.maxBodyBytes(), Runtime.getRuntime().maxMemory() / 4)
                : configured;
        return new BodyMemory(maxBytes, () -> meters.shed("bodies"));
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
            ConchConfiguration configuration) {
        var settings = new AnswerSettings(
                new StreamSettings(configuration.streams().keepAliveInterval(), ThreadLocalRandom::current),
                configuration.streams().commitAfter(),
                configuration.requests().maxTokens());
        return new AnswerPipeline(catalog, admission, engine, promptWorkers(), ids, clock, settings);
    }

    @Singleton
    Constraints constraints(NanoClock nanoClock) {
        return new Constraints(nanoClock::nanos);
    }

    @Singleton
    ChatPipeline chatPipeline(AnswerPipeline answers, IdSource ids, Constraints constraints) {
        return new ChatPipeline(answers, ids, constraints);
    }

    @Singleton
    CompletionPipeline completionPipeline(AnswerPipeline answers, Constraints constraints) {
        return new CompletionPipeline(answers, constraints);
    }

    @Singleton
    PromptPipeline promptPipeline(ModelCatalog catalog, AdmissionController admission, Constraints constraints) {
        return new PromptPipeline(catalog, admission, promptWorkers(), constraints);
    }
}
