package dev.conch.constraint;

import dev.conch.constraint.GrammarNode.Alternation;
import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.AnyJson;
import dev.conch.generation.OutputConstraint.Ebnf;
import dev.conch.generation.OutputConstraint.JsonSchema;
import dev.conch.generation.OutputConstraint.Regex;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads the simple constraints, all on one budget. For one thread. */
final class ConstraintReader {
    private static final int MAX_CHOICES = 1_000;

    private final Budget budget;

    ConstraintReader(Budget budget) {
        this.budget = budget;
    }

    Budget budget() {
        return budget;
    }

    /** An empty schema is what any object conforms to. */
    OutputConstraint schema(Map<?, ?> schema, Enforcement enforcement, Place place) {
        return schema.isEmpty() ? new AnyJson() : new JsonSchema(SchemaReader.read(schema, enforcement, budget, place));
    }

    OutputConstraint regex(String pattern, Place place) {
        return new Regex(
                RegexPattern.read(pattern, budget, place, Refusal::grammar).whole());
    }

    OutputConstraint grammar(String grammar, Place place) {
        Map<String, GrammarNode> rules = GrammarParser.parse(grammar, budget, place);
        GrammarRules.check(rules, budget, place);
        return new Ebnf(GrammarWriter.write(rules));
    }

    /** As a grammar, which every engine takes. */
    OutputConstraint choice(List<String> choices, Place place) {
        if (choices.isEmpty()) {
            throw Refusal.grammar(place, "expected at least one text");
        }
        if (choices.size() > MAX_CHOICES) {
            throw Refusal.tooComplex(place, "too many choices (limit: %d)".formatted(MAX_CHOICES));
        }
        for (int i = 0; i < choices.size(); i++) {
            if (choices.get(i).isEmpty()) {
                throw Refusal.grammar(place.element(i), "expected a text that is not empty");
            }
            budget.text(choices.get(i), place.element(i));
        }
        List<GrammarNode> branches =
                choices.stream().distinct().map(GrammarWriter::texts).collect(Collectors.toList());
        Map<String, GrammarNode> rules = new LinkedHashMap<>();
        rules.put(GrammarWriter.ROOT, new Alternation(branches));
        return new Ebnf(GrammarWriter.write(rules));
    }
}
