package dev.conch.chat.jinja;

import java.util.Iterator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What {@code range()} makes: numbers that are counted, not kept. */
record Range(long start, long step, int count) implements Value {
    private static final int MAX_COUNT = 100_000;

    /** The numbers from a start to below (or above) a stop. */
    static Range of(long start, long stop, long step) {
        if (step == 0) {
            throw TemplateException.value("range() arg 3 must not be zero");
        }
        long distance = step > 0 ? stop - start : start - stop;
        long count = distance <= 0 ? 0 : (distance - 1) / Math.abs(step) + 1;
        if (count > MAX_COUNT) {
            throw new TemplateLimitException("numbers in a range", MAX_COUNT);
        }
        return new Range(start, step, (int) count);
    }

    private long stop() {
        return start + step * count;
    }

    private Int at(int index) {
        return Int.of(start + step * index);
    }

    @Override
    public String type() {
        return "range";
    }

    @Override
    public boolean truthy() {
        return count > 0;
    }

    @Override
    public int length() {
        return count;
    }

    @Override
    public void print(TextBuilder out) {
        out.append("range(" + start + ", " + stop() + (step == 1 ? "" : ", " + step) + ")");
    }

    @Override
    public Iterator<Value> iterate() {
        return IntStream.range(0, count).<Value>mapToObj(this::at).iterator();
    }

    @Override
    public @Nullable Value item(Value key) {
        int index = Sequence.index(key, count);
        return index < 0 ? null : at(index);
    }

    @Override
    public Value slice(@Nullable Int from, @Nullable Int to, @Nullable Int by) {
        Slice slice = Slice.of(from, to, by, count);
        return new Range(start + step * slice.start(), step * slice.step(), slice.count());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Range that
                && count == that.count
                && (count == 0 || start == that.start)
                && (count <= 1 || step == that.step);
    }

    @Override
    public int hashCode() {
        return count == 0 ? 0 : Long.hashCode(31L * count + start);
    }
}
