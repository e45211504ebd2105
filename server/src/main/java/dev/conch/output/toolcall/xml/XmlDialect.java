package dev.conch.output.toolcall.xml;

import dev.conch.generation.OutputConstraint;
import dev.conch.output.parser.AnswerParser;
import dev.conch.output.toolcall.CallRule;
import dev.conch.output.toolcall.FunctionSignature;
import dev.conch.output.toolcall.ToolFormat;
import java.util.List;

/** A dialect whose calls are in an {@link XmlLayout}. */
final class XmlDialect implements ToolFormat {
    private final String name;
    private final XmlLayout layout;
    private final XmlTags tags;
    private final List<String> markers;

    /**
     * A dialect.
     *
     * @param markers tags, or parts of them, that may be control tokens
     */
    XmlDialect(String name, XmlLayout layout, String... markers) {
        this.name = name;
        this.layout = layout;
        this.tags = new XmlTags(layout);
        this.markers = List.of(markers);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public AnswerParser newParser(List<FunctionSignature> functions) {
        return new XmlParser(tags, functions);
    }

    @Override
    public OutputConstraint constraint(List<FunctionSignature> functions, CallRule rule) {
        return new XmlConstraint(layout).of(functions, rule);
    }

    @Override
    public List<String> markers() {
        return markers;
    }
}
