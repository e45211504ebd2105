package dev.conch.chat.jinja;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code namespace()} makes: the one value that a template can change. Counts as one level deep, so it may hold itself. */
final class Namespace implements Value {
    private final Map<Text, Value> attributes = new LinkedHashMap<>();

    /**
     * Sets an attribute.
     *
     * @throws TemplateException if its name begins with an underscore: {@code transformers} keeps those to Python
     */
    void set(Value name, Value value) {
        Text attribute = Arguments.asText("namespace", name);
        if (attribute.string().startsWith("_")) {
            throw new TemplateException("SecurityError: a namespace cannot have the attribute '" + attribute + "'");
        }
        attributes.put(attribute, value);
    }

    @Override
    public String type() {
        return "Namespace";
    }

    @Override
    public boolean truthy() {
        return true;
    }

    @Override
    public void print(TextBuilder out) {
        Budget budget = out.budget();
        budget.enterCall();
        out.append("<Namespace {");
        String separator = "";
        for (Map.Entry<Text, Value> attribute : attributes.entrySet()) {
            out.append(separator);
            attribute.getKey().represent(out);
            out.append(": ");
            attribute.getValue().represent(out);
            separator = ", ";
        }
        out.append("}>");
        budget.leaveCall();
    }

    @Override
    public @Nullable Value attribute(String name) {
        return attributes.get(Text.of(name));
    }
}
