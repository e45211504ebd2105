package dev.conch.sim.tensor;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A named array in KServe's raw form: row-major, little-endian, packed; an element of BYTES is its length (4 bytes) and then
 * its bytes. Immutable.
 *
 * @param shape with the batch dimension in front
 */
public record Tensor(String name, Datatype datatype, List<Long> shape, ByteString data) {
    public Tensor {
        shape = List.copyOf(shape);
    }

    /** One number for a batch of one: shape [1,1]. */
    public static Tensor int32(String name, int value) {
        return int32s(name, List.of(1L, 1L), value);
    }

    /** A row for a batch of one: shape [1,n]. */
    public static Tensor int32Row(String name, int... values) {
        return int32s(name, List.of(1L, (long) values.length), values);
    }

    public static Tensor int32s(String name, List<Long> shape, int... values) {
        ByteBuffer data = littleEndian(4 * values.length);
        Arrays.stream(values).forEach(data::putInt);
        return new Tensor(name, Datatype.INT32, shape, ByteString.copyFrom(data.flip()));
    }

    /** Shape [1,1]; the bits are taken as unsigned. */
    public static Tensor uint64(String name, long value) {
        ByteBuffer data = littleEndian(8).putLong(value).flip();
        return new Tensor(name, Datatype.UINT64, List.of(1L, 1L), ByteString.copyFrom(data));
    }

    /** Shape [1,n]. */
    public static Tensor fp32Row(String name, float... values) {
        return fp32s(name, List.of(1L, (long) values.length), values);
    }

    public static Tensor fp32s(String name, List<Long> shape, float... values) {
        ByteBuffer data = littleEndian(4 * values.length);
        for (float value : values) {
            data.putFloat(value);
        }
        return new Tensor(name, Datatype.FP32, shape, ByteString.copyFrom(data.flip()));
    }

    /** Shape [1,1]. */
    public static Tensor bool(String name, boolean value) {
        ByteString data = ByteString.copyFrom(new byte[] {(byte) (value ? 1 : 0)});
        return new Tensor(name, Datatype.BOOL, List.of(1L, 1L), data);
    }

    /** Shape [1,1]. */
    public static Tensor bytes(String name, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        ByteBuffer data =
                littleEndian(4 + utf8.length).putInt(utf8.length).put(utf8).flip();
        return new Tensor(name, Datatype.BYTES, List.of(1L, 1L), ByteString.copyFrom(data));
    }

    /** The elements of an INT32 tensor. */
    public int[] ints() {
        ByteBuffer buffer = reading(Datatype.INT32);
        int[] values = new int[buffer.remaining() / 4];
        buffer.asIntBuffer().get(values);
        return values;
    }

    /** The elements of an INT64 or UINT64 tensor. */
    public long[] longs() {
        ByteBuffer buffer = reading(Datatype.INT64, Datatype.UINT64);
        long[] values = new long[buffer.remaining() / 8];
        buffer.asLongBuffer().get(values);
        return values;
    }

    /** The elements of an FP32 tensor. */
    public float[] floats() {
        ByteBuffer buffer = reading(Datatype.FP32);
        float[] values = new float[buffer.remaining() / 4];
        buffer.asFloatBuffer().get(values);
        return values;
    }

    /** The only element of a BOOL tensor. */
    public boolean asBoolean() {
        return reading(Datatype.BOOL).get() != 0;
    }

    /** The first element of an INT32 tensor. */
    public int asInt() {
        return ints()[0];
    }

    /** The elements of a BYTES tensor, read as UTF-8. */
    public List<String> strings() {
        ByteBuffer buffer = reading(Datatype.BYTES);
        List<String> values = new ArrayList<>();
        while (buffer.hasRemaining()) {
            byte[] element = new byte[buffer.getInt()];
            buffer.get(element);
            values.add(new String(element, StandardCharsets.UTF_8));
        }
        return values;
    }

    private ByteBuffer reading(Datatype... expected) {
        if (!Arrays.asList(expected).contains(datatype)) {
            throw new IllegalStateException(
                    name + ": datatype " + datatype + " (expected: " + Arrays.toString(expected) + ")");
        }
        return data.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
