package dev.conch.constraint;

import dev.conch.generation.OutputConstraint;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was made of the schemas of functions that came last: clients send the same tools with every request of a conversation, and checking
 * a schema against its meta-schema costs more than all else that is done with it. Bounded by their number and their size. Thread-safe.
 */
final class ReadSchemas {
    private final int most;
    private final Map<Key, OutputConstraint> read = new LinkedHashMap<>(16, 0.75f, true);

    /** @param most how many are kept */
    ReadSchemas(int most) {
        this.most = most;
    }

    synchronized @Nullable OutputConstraint find(Key key) {
        return read.get(key);
    }

    synchronized void keep(Key key, OutputConstraint constraint) {
        read.put(key, constraint);
        if (read.size() > most) {
            Iterator<Key> oldest = read.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** A schema and how it is enforced: equal to another if both say the same in the same order, which is that of the answer. */
    record Key(Map<?, ?> schema, Enforcement enforcement) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key(var schema, var enforcement)
                    && this.enforcement == enforcement
                    && same(this.schema, schema);
        }

        @Override
        public int hashCode() {
            return 31 * schema.hashCode() + enforcement.hashCode();
        }

        private static boolean same(@Nullable Object one, @Nullable Object other) {
            if (one instanceof Map<?, ?> members && other instanceof Map<?, ?> others) {
                return members.size() == others.size() && sameMembers(members, others);
            }
            if (one instanceof List<?> elements && other instanceof List<?> others) {
                return elements.size() == others.size() && sameElements(elements, others);
            }
            return Objects.equals(one, other);
        }

        private static boolean sameMembers(Map<?, ?> members, Map<?, ?> others) {
            var next = others.entrySet().iterator();
            for (Map.Entry<?, ?> member : members.entrySet()) {
                Map.Entry<?, ?> other = next.next();
                if (!member.getKey().equals(other.getKey()) || !same(member.getValue(), other.getValue())) {
                    return false;
                }
            }
            return true;
        }

        private static boolean sameElements(List<?> elements, List<?> others) {
            var next = others.iterator();
            for (Object element : elements) {
                if (!same(element, next.next())) {
                    return false;
                }
            }
            return true;
        }
    }
}
