package dev.conch.pipeline;

import dev.conch.admission.AdmissionController;
import dev.conch.admission.Permit;
import dev.conch.engine.InferenceEngine;
import dev.conch.generation.GenerationRequest;
import dev.conch.model.ModelCard;
import dev.conch.model.ModelCatalog;
import dev.conch.openai.ChatCompletionRequest;
import dev.conch.output.OutputDecoder;
import dev.conch.response.AnswerFold;
import dev.conch.response.AnswerHead;
import dev.conch.response.ChunkAssembler;
import dev.conch.response.CompletionCollector;
import dev.conch.response.EventStream;
import dev.conch.telemetry.RequestWatch;
import dev.conch.telemetry.Telemetry;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;

/** The walk of a chat request through the house: admission, chat, tokenizer, engine, output, response. Thread-safe. */
public final class ChatPipeline {
    private final ModelCatalog catalog;
    private final AdmissionController admission;
    private final InferenceEngine engine;
    private final PromptWorkers promptWorkers;
    private final IdSource ids;
    private final InstantSource clock;

    public ChatPipeline(
            ModelCatalog catalog,
            AdmissionController admission,
            InferenceEngine engine,
            PromptWorkers promptWorkers,
            IdSource ids,
            InstantSource clock) {
        this.catalog = catalog;
        this.admission = admission;
        this.engine = engine;
        this.promptWorkers = promptWorkers;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Answers a request. To be called on the connection's event loop.
     *
     * @return the body: an event stream once the first piece of the answer is there, or the complete answer. Fails with a
     *     {@link dev.conch.generation.GenerationException}; never completes if the client goes away first
     */
    public CompletionStage<Object> answer(ChatCompletionRequest request, ClientConnection client) {
        ModelCard card = catalog.get(request.model());
        Permit permit = admission.enter(client.eventLoop());
        client.onClosed(permit::close);
        String id = "chatcmpl-" + ids.next();
        return permit.granted()
                .thenCompose(_ -> promptWorkers.run(
                        PromptSize.chars(request.conversation()),
                        () -> PromptPreparation.prepare(id, request, card),
                        client.eventLoop()))
                .thenCompose(prepared -> start(request, prepared.withTrace(client.trace()), card, client));
    }

    private CompletionStage<Object> start(
            ChatCompletionRequest request, GenerationRequest prepared, ModelCard card, ClientConnection client) {
        var head = new AnswerHead(
                prepared.id(), clock.instant().getEpochSecond(), card.name(), prepared.promptTokenIds().length, 1);
        AnswerFold fold = fold(request, head, client);
        var decoder =
                new OutputDecoder(1, () -> card.tokenizer().decodeStream(true), prepared.stop(), false, fold::accept);
        RequestWatch watch = client.telemetry()
                .begin(new Telemetry.Facts(
                        client.requestId(),
                        prepared.id(),
                        "chat",
                        card.name(),
                        request.output().stream(),
                        request.user()));
        watch.started(prepared.promptTokenIds().length);
        var answer = new RunningAnswer(decoder, fold, watch);
        client.onClosed(() -> {
            answer.abandon();
            watch.ended(answer.outcome());
        });
        client.onAborted(answer::onError);
        return answer.start(engine, prepared, client.eventLoop());
    }

    private static AnswerFold fold(ChatCompletionRequest request, AnswerHead head, ClientConnection client) {
        return request.output().stream()
                ? new ChunkAssembler(
                        head,
                        request.output().includeUsage(),
                        new EventStream(
                                client.eventLoop(), head, request.output().includeUsage(), client::describe))
                : new CompletionCollector(head);
    }
}
