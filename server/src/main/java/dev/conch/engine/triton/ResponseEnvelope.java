package dev.conch.engine.triton;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.conch.proto.inference.InferParameter;
import dev.conch.proto.inference.ModelInferResponse;
import dev.conch.proto.inference.ModelStreamInferResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Walks over the wire format of a stream's messages without building anything: notes whose message it is, whether it is the last, and
 * where its tensors lie.
 *
 * <p>Fields may come in any order and may be split as protocol buffers allow (the last scalar counts, repeated ones add up). Not
 * thread-safe; one for each stream, so that its buffer is reused without asking.
 */
final class ResponseEnvelope {
    private static final int ERROR_MESSAGE = delimited(ModelStreamInferResponse.ERROR_MESSAGE_FIELD_NUMBER);
    private static final int INFER_RESPONSE = delimited(ModelStreamInferResponse.INFER_RESPONSE_FIELD_NUMBER);
    private static final int ID = delimited(ModelInferResponse.ID_FIELD_NUMBER);
    private static final int PARAMETERS = delimited(ModelInferResponse.PARAMETERS_FIELD_NUMBER);
    private static final int OUTPUTS = delimited(ModelInferResponse.OUTPUTS_FIELD_NUMBER);
    private static final int RAW_OUTPUT_CONTENTS = delimited(ModelInferResponse.RAW_OUTPUT_CONTENTS_FIELD_NUMBER);
    private static final int ENTRY_KEY = delimited(1);
    private static final int ENTRY_VALUE = delimited(2);
    private static final int BOOL_PARAM = varint(InferParameter.BOOL_PARAM_FIELD_NUMBER);

    private static final byte[] FINAL_RESPONSE = "triton_final_response".getBytes(UTF_8);

    private final MessageTensors tensors;
    private byte[] buffer;
    private int length;

    private String error = "";
    private int idFrom;
    private int idTo;
    private boolean last;

    /**
     * @param tensors filled with each message
     * @param bytes room for a usual message; it grows
     */
    ResponseEnvelope(MessageTensors tensors, int bytes) {
        this.tensors = tensors;
        this.buffer = new byte[bytes];
    }

    /**
     * Reads one message to its end.
     *
     * @throws IOException if it is no such message
     */
    void read(InputStream message) throws IOException {
        length = fill(message);
        error = "";
        idFrom = 0;
        idTo = 0;
        last = false;
        tensors.clear();
        envelope(CodedInputStream.newInstance(buffer, 0, length));
        tensors.join();
    }

    /** The message itself, at its beginning; what lies behind is of no meaning. */
    byte[] buffer() {
        return buffer;
    }

    /** Bytes of the message. */
    int length() {
        return length;
    }

    /** Triton's or the engine's words; empty if nothing went wrong. */
    String error() {
        return error;
    }

    /** Whether nothing follows for the request. */
    boolean isLast() {
        return last;
    }

    /** Whether it is about the request of this id. */
    boolean idIs(byte[] requestId) {
        return MessageTensors.textIs(requestId, buffer, idFrom, idTo);
    }

    /** The id of the request that it is about. */
    String id() {
        return new String(buffer, idFrom, idTo - idFrom, UTF_8);
    }

    private int fill(InputStream message) throws IOException {
        int length = 0;
        for (int read; (read = message.read(buffer, length, buffer.length - length)) >= 0; length += read) {
            if (length + read == buffer.length) {
                buffer = Arrays.copyOf(buffer, 2 * buffer.length);
            }
        }
        return length;
    }

    private void envelope(CodedInputStream in) throws IOException {
        for (int tag; (tag = in.readTag()) != 0; ) {
            if (tag == INFER_RESPONSE) {
                int outer = in.pushLimit(in.readRawVarint32());
                response(in);
                in.popLimit(outer);
            } else if (tag == ERROR_MESSAGE) {
                error = in.readStringRequireUtf8();
            } else {
                in.skipField(tag);
            }
        }
    }

    private void response(CodedInputStream in) throws IOException {
        for (int tag; (tag = in.readTag()) != 0; ) {
            if (tag == RAW_OUTPUT_CONTENTS) {
                int length = in.readRawVarint32();
                tensors.addContent(in.getTotalBytesRead(), length);
                in.skipRawBytes(length);
            } else if (tag == OUTPUTS) {
                int outer = in.pushLimit(in.readRawVarint32());
                tensors.addHeader(in, buffer);
                in.popLimit(outer);
            } else if (tag == PARAMETERS) {
                int outer = in.pushLimit(in.readRawVarint32());
                parameter(in);
                in.popLimit(outer);
            } else if (tag == ID) {
                int length = in.readRawVarint32();
                idFrom = in.getTotalBytesRead();
                idTo = idFrom + length;
                in.skipRawBytes(length);
            } else {
                in.skipField(tag);
            }
        }
    }

    /** One entry of the map of parameters; of two with the same key the later one counts. */
    private void parameter(CodedInputStream in) throws IOException {
        boolean isFinalResponse = false;
        boolean value = false;
        for (int tag; (tag = in.readTag()) != 0; ) {
            if (tag == ENTRY_KEY) {
                isFinalResponse = textIs(FINAL_RESPONSE, in);
            } else if (tag == ENTRY_VALUE) {
                int outer = in.pushLimit(in.readRawVarint32());
                value = boolValue(in, value);
                in.popLimit(outer);
            } else {
                in.skipField(tag);
            }
        }
        if (isFinalResponse) {
            last = value;
        }
    }

    /** The boolean of an InferParameter; false if the last of its alternatives on the wire is another one. */
    private static boolean boolValue(CodedInputStream in, boolean before) throws IOException {
        boolean value = before;
        for (int tag; (tag = in.readTag()) != 0; ) {
            if (tag == BOOL_PARAM) {
                value = in.readBool();
            } else {
                value &= !isOtherAlternative(tag);
                in.skipField(tag);
            }
        }
        return value;
    }

    private static boolean isOtherAlternative(int tag) {
        return tag == varint(InferParameter.INT64_PARAM_FIELD_NUMBER)
                || tag == delimited(InferParameter.STRING_PARAM_FIELD_NUMBER)
                || tag == tag(InferParameter.DOUBLE_PARAM_FIELD_NUMBER, WireFormat.WIRETYPE_FIXED64)
                || tag == varint(InferParameter.UINT64_PARAM_FIELD_NUMBER);
    }

    private boolean textIs(byte[] expected, CodedInputStream in) throws IOException {
        int length = in.readRawVarint32();
        int from = in.getTotalBytesRead();
        in.skipRawBytes(length);
        return MessageTensors.textIs(expected, buffer, from, from + length);
    }

    static int delimited(int field) {
        return tag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    }

    static int varint(int field) {
        return tag(field, WireFormat.WIRETYPE_VARINT);
    }

    private static int tag(int field, int wireType) {
        return field << 3 | wireType;
    }
}
