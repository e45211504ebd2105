package dev.conch.engine.triton;

import dev.conch.proto.inference.GRPCInferenceServiceGrpc;
import dev.conch.proto.inference.ModelInferRequest;
import io.grpc.MethodDescriptor;
import java.io.InputStream;

/**
 * ModelStreamInfer with its responses left as bytes. A stream's own {@link ResponseParser} reads them while gRPC still holds the
 * message, so that nothing is built that nobody looks at.
 */
final class StreamMethod implements MethodDescriptor.Marshaller<InputStream> {
    static final MethodDescriptor<ModelInferRequest, InputStream> DESCRIPTOR = descriptor();

    private StreamMethod() {}

    private static MethodDescriptor<ModelInferRequest, InputStream> descriptor() {
        var generated = GRPCInferenceServiceGrpc.getModelStreamInferMethod();
        return generated.toBuilder(generated.getRequestMarshaller(), new StreamMethod())
                .build();
    }

    @Override
    public InputStream stream(InputStream value) {
        return value;
    }

    @Override
    public InputStream parse(InputStream stream) {
        return stream;
    }
}
