package dev.conch.sim.grpc;

import io.grpc.Drainable;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** A message that is already bytes, in the form in which gRPC takes it without a copy through a buffer. */
final class EncodedMessage extends ByteArrayInputStream implements Drainable {
    private EncodedMessage(byte[] message) {
        super(message);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
        int size = available();
        target.write(buf, pos, size);
        pos = count;
        return size;
    }

    /** Passes bytes through. */
    static final class BytesMarshaller implements Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new EncodedMessage(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
