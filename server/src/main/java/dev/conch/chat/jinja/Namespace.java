package dev.conch.chat.jinja;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code namespace()} makes: the one value that a template can change. Counts as one level deep, so it may hold itself. */
final class Namespace implements Value {
    private final Map<String, Value> attributes = new LinkedHashMap<>();

    /**
     * Sets an attribute.
     *
     * @throws TemplateException if its name begins with an underscore: {@code transformers} keeps those to Python
     */
    void set(Value name, Value value) {
        String attribute = Arguments.asText("namespace", name).string();
        if (attribute.startsWith("_")) {
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
        for (Map.Entry<String, Value> attribute : attributes.entrySet()) {
            out.append(separator).append(PythonRepr.of(attribute.getKey())).append(": ");
            attribute.getValue().represent(out);
            separator = ", ";
        }
        out.append("}>");
        budget.leaveCall();
    }

    @Override
    public @Nullable Value attribute(String name) {
        return attributes.get(name);
    }
}
