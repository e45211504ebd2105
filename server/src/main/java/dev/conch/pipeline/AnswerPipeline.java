package dev.conch.pipeline;

import dev.conch.admission.AdmissionController;
import dev.conch.admission.Permit;
import dev.conch.engine.InferenceEngine;
import dev.conch.generation.EngineFeature;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.OutputEvent;
import dev.conch.model.ModelCard;
import dev.conch.model.ModelCatalog;
import dev.conch.output.OutputDecoder;
import dev.conch.output.TextForm;
import dev.conch.response.AnswerFold;
import dev.conch.response.AnswerForm;
import dev.conch.response.AnswerHead;
import dev.conch.response.ChunkAssembler;
import dev.conch.response.CompletionCollector;
import dev.conch.response.EventStream;
import dev.conch.telemetry.RequestWatch;
import dev.conch.telemetry.Telemetry;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The walk of a request for an answer through the house: admission, chat, tokenizer, engine, output, response. Chat and completions take
 * the same. Thread-safe.
 */
public final class AnswerPipeline {
    private final ModelCatalog catalog;
    private final AdmissionController admission;
    private final InferenceEngine engine;
    private final PromptWorkers promptWorkers;
    private final IdSource ids;
    private final InstantSource clock;
    private final AnswerSettings settings;

    public AnswerPipeline(
            ModelCatalog catalog,
            AdmissionController admission,
            InferenceEngine engine,
            PromptWorkers promptWorkers,
            IdSource ids,
            InstantSource clock,
            AnswerSettings settings) {
        this.catalog = catalog;
        this.admission = admission;
        this.engine = engine;
        this.promptWorkers = promptWorkers;
        this.ids = ids;
        this.clock = clock;
        this.settings = settings;
    }

    /**
     * Answers a request. To be called on the connection's event loop.
     *
     * @return the body: an event stream once the first piece of the answer is there, or the complete answer. Fails with a
     *     {@link GenerationException}; never completes if the client goes away first
     */
    CompletionStage<Object> answer(AnswerOrder order, ClientConnection client) {
        ModelCard card = catalog.get(order.model());
        Permit permit = admission.enter(client.eventLoop(), order.priority());
        client.onClosed(permit::close);
        return permit.granted().thenCompose(_ -> answer(order, card, client));
    }

    private CompletionStage<Object> answer(AnswerOrder order, ModelCard card, ClientConnection client) {
        String ownId = order.idPrefix() + ids.next();
        String requestId = order.output().requestId();
        String answerId = requestId == null ? ownId : order.idPrefix() + requestId;
        RequestWatch watch = client.telemetry().begin(facts(order, client, answerId));
        return promptWorkers
                .run(order.promptChars(), () -> order.preparation().apply(ownId, card), client)
                .thenCompose(prepared -> {
                    prepared.requireAtMost(settings.maxTokens(), order.maxTokensField());
                    return fingerprint(card, client).thenCompose(fingerprint -> {
                        AnswerHead head = head(order, prepared, card, answerId, fingerprint);
                        return start(order, prepared.withTrace(client.trace()), card, head, client, watch);
                    });
                });
    }

    /** The engine is asked once, and known from then on; what it says comes on a thread of its own. */
    private CompletionStage<String> fingerprint(ModelCard card, ClientConnection client) {
        return engine.capabilities(card.engineModel())
                .whenCompleteAsync((_, _) -> {}, client.eventLoop())
                .thenApply(capabilities -> card.fingerprint(capabilities.identity()));
    }

    private static Telemetry.Facts facts(AnswerOrder order, ClientConnection client, String answerId) {
        return new Telemetry.Facts(
                client.requestId(), answerId, order.operation(), order.model(), order.output().stream());
    }

    private AnswerHead head(
            AnswerOrder order, PreparedAnswer prepared, ModelCard card, String answerId, String fingerprint) {
        return new AnswerHead(
                answerId,
                clock.instant().getEpochSecond(),
                card.name(),
                fingerprint,
                prepared.generations().stream()
                        .map(GenerationRequest::promptTokenIds)
                        .toList(),
                order.output().n());
    }

    private CompletionStage<Object> start(
            AnswerOrder order,
            PreparedAnswer prepared,
            ModelCard card,
            AnswerHead head,
            ClientConnection client,
            RequestWatch watch) {
        AnswerForm form = form(order, card);
        AnswerFold fold = fold(order, head, form, client);
        var answer = new RunningAnswer(fold, watch, paramNames(order, prepared));
        for (int i = 0; i < prepared.generations().size(); i++) {
            addGeneration(answer, order, prepared, i, card, form, fold);
        }
        // If the client has left already this is told at once, and the engine never hears of the request.
        client.onClosed(() -> {
            answer.abandon();
            watch.ended(answer.outcome());
        });
        client.onAborted(answer::abort);
        CompletionStage<Object> body = answer.start(engine, client.eventLoop());
        if (order.output().stream() && settings.commitAfter() != null) {
            answer.commitAfter(settings.commitAfter(), client.eventLoop());
        }
        return body;
    }

    private static Map<String, String> paramNames(AnswerOrder order, PreparedAnswer prepared) {
        Map<String, String> names = new HashMap<>(order.paramNames());
        names.put(EngineFeature.GUIDED_JSON.param(), prepared.constraintParam());
        return names;
    }

    private static void addGeneration(
            RunningAnswer answer,
            AnswerOrder order,
            PreparedAnswer prepared,
            int prompt,
            ModelCard card,
            AnswerForm form,
            AnswerFold fold) {
        GenerationRequest request = prepared.generations().get(prompt);
        int shown = order.output().n();
        int generated = order.generatedChoices();
        String echo = prepared.echoes().get(prompt);
        Consumer<OutputEvent> sink = order.output().includeReasoning() ? fold::accept : withoutReasoning(fold);
        if (!echo.isEmpty()) {
            sink = new EchoedPrompt(echo, sink);
        }
        int firstChoice = prompt * shown;
        if (generated > shown) {
            sink = new BestChoices(firstChoice, shown, generated, fold, sink);
            firstChoice = 0;
        }
        var text = new TextForm(
                order.output().skipSpecialTokens(),
                order.output().spacesBetweenSpecialTokens(),
                form.needsTokens() || request.topLogprobs() != null);
        answer.add(
                request,
                new OutputDecoder(
                        firstChoice, generated, card.tokenizer(), request.stop(), text, prepared.format(), sink));
    }

    private static Consumer<OutputEvent> withoutReasoning(AnswerFold fold) {
        return event -> {
            if (event instanceof OutputEvent.ReasoningDelta) {
                fold.hide(event);
            } else {
                fold.accept(event);
            }
        };
    }

    private static AnswerForm form(AnswerOrder order, ModelCard card) {
        return new AnswerForm(
                order.schema(),
                order.output().topLogprobs() != null,
                order.output().includeUsage(),
                order.output().continuousUsageStats(),
                order.output().includeObfuscation(),
                order.output().returnTokenIds(),
                card.formats().reasoningField(),
                order.functionCall());
    }

    private AnswerFold fold(AnswerOrder order, AnswerHead head, AnswerForm form, ClientConnection client) {
        return order.output().stream()
                ? new ChunkAssembler(
                        head,
                        form,
                        new EventStream(client.eventLoop(), head, form, settings.streams(), client::describe))
                : new CompletionCollector(head, form);
    }
}
