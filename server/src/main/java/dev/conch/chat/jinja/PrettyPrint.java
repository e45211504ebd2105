package dev.conch.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The filter {@code pprint}, which is Python's {@code pprint.pformat}: {@code repr()} with the entries of dicts sorted. What does not fit
 * into a line of 80 columns Python would lay out over several; that is refused.
 */
final class PrettyPrint {
    private static final int COLUMNS = 80;

    private PrettyPrint() {}

    static Value format(Value input, Arguments arguments, Rendering rendering) {
        Budget budget = rendering.budget();
        arguments.accept("pprint", 0);
        budget.requireDepth(input.depth());
        Text line = sorted(input, budget).representation(budget);
        if (line.length() > COLUMNS) {
            throw new TemplateException("the filter 'pprint' is not supported for what is longer than a line");
        }
        return line;
    }

    private static Value sorted(Value value, Budget budget) {
        budget.step();
        return switch (value) {
            case Dict dict -> new Dict(sortedEntries(dict, budget));
            case Sequence sequence -> sortedElements(sequence, budget);
            default -> value;
        };
    }

    private static Map<Value, Value> sortedEntries(Dict dict, Budget budget) {
        List<Value> keys = new ArrayList<>(dict.entries().keySet());
        keys.sort((left, right) -> ComparisonOperator.order(left, right, budget));
        Map<Value, Value> entries = LinkedHashMap.newLinkedHashMap(keys.size());
        keys.forEach(key -> {
            Value value = dict.entries().get(key);
            entries.put(key, value == null ? None.NONE : sorted(value, budget));
        });
        return entries;
    }

    private static Value sortedElements(Sequence sequence, Budget budget) {
        List<Value> elements = new ArrayList<>(sequence.length());
        sequence.elements().forEach(element -> elements.add(sorted(element, budget)));
        return sequence.isTuple() ? Sequence.tuple(elements) : Sequence.list(elements);
    }
}
