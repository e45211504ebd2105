package dev.conch.sim.grpc;

import dev.conch.proto.inference.GRPCInferenceServiceGrpc;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.sim.engine.Engine;
import dev.conch.sim.engine.Ledger;
import dev.conch.sim.grpc.EncodedMessage.BytesMarshaller;
import dev.conch.sim.script.Reply;
import dev.conch.sim.subscription.Subscriptions;
import dev.conch.sim.tensor.ReceivedRequest;
import dev.conch.sim.tensor.RequestCheck;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;

/**
 * Triton's inference service. {@code ModelStreamInfer} has its own marshaller: its responses are bytes before gRPC sees them.
 */
public final class InferenceService {
    private final ModelDescription model;
    private final RequestCheck check;
    private final Engine engine;
    private final Ledger ledger;
    private final Readiness readiness;
    private final Function<ReceivedRequest, Reply> replies;
    private final Subscriptions subscriptions;

    public InferenceService(
            ModelDescription model,
            Engine engine,
            Ledger ledger,
            Readiness readiness,
            Function<ReceivedRequest, Reply> replies,
            int maxBacklogTokens) {
        this.model = model;
        this.check = new RequestCheck(model.name(), model.maxBatchSize(), model.contract());
        this.engine = engine;
        this.ledger = ledger;
        this.readiness = readiness;
        this.replies = replies;
        this.subscriptions = new Subscriptions(model.contract(), engine, ledger, replies, maxBacklogTokens);
    }

    /** What goes by subscriptions. */
    public Subscriptions subscriptions() {
        return subscriptions;
    }

    /** The service, to be added to a server of any transport. */
    public ServerServiceDefinition definition() {
        ServerServiceDefinition unary = new UnaryService(model, readiness).bindService();
        ServerServiceDefinition.Builder all =
                ServerServiceDefinition.builder(unary.getServiceDescriptor().getName());
        for (ServerMethodDefinition<?, ?> method : unary.getMethods()) {
            if (!isStreaming(method)) {
                all.addMethod(method);
            }
        }
        return all.addMethod(streaming()).build();
    }

    private static boolean isStreaming(ServerMethodDefinition<?, ?> method) {
        MethodDescriptor<?, ?> streaming = GRPCInferenceServiceGrpc.getModelStreamInferMethod();
        return method.getMethodDescriptor().getFullMethodName().equals(streaming.getFullMethodName());
    }

    private ServerMethodDefinition<ModelInferRequest, byte[]> streaming() {
        MethodDescriptor<ModelInferRequest, ?> generated = GRPCInferenceServiceGrpc.getModelStreamInferMethod();
        MethodDescriptor<ModelInferRequest, byte[]> encoded = generated.toBuilder(
                        generated.getRequestMarshaller(), new BytesMarshaller())
                .build();
        return ServerMethodDefinition.create(encoded, ServerCalls.asyncBidiStreamingCall(this::open));
    }

    private StreamObserver<ModelInferRequest> open(StreamObserver<byte[]> responses) {
        return new InferenceCall(
                check, engine, ledger, replies, subscriptions, (ServerCallStreamObserver<byte[]>) responses);
    }
}
