package dev.conch.chat.jinja;

import java.util.Iterator;
import java.util.List;

/** What a value is assigned to. */
sealed interface Target {

    void assign(Value value, Scope scope);

    /** A name. */
    record Name(Reference reference) implements Target {
        @Override
        public void assign(Value value, Scope scope) {
            reference.write(scope, value);
        }
    }

    /** {@code namespace.attribute}. */
    record Attribute(Expression.Variable namespace, String attribute) implements Target {
        @Override
        public void assign(Value value, Scope scope) {
            if (!(namespace.evaluate(scope) instanceof Namespace changed)) {
                throw new TemplateException("cannot assign attribute on non-namespace object");
            }
            changed.set(Text.of(attribute), value);
        }
    }

    /** {@code a, b}: the value must have as many elements. */
    record Unpacked(List<Target> targets) implements Target {
        @Override
        public void assign(Value value, Scope scope) {
            Iterator<Value> elements = value.iterate();
            for (Target target : targets) {
                if (!elements.hasNext()) {
                    throw TemplateException.value("not enough values to unpack (expected " + targets.size() + ")");
                }
                target.assign(elements.next(), scope);
            }
            if (elements.hasNext()) {
                throw TemplateException.value("too many values to unpack (expected " + targets.size() + ")");
            }
        }
    }
}
