package dev.conch.constraint;

import dev.conch.constraint.GrammarNode.Alternation;
import dev.conch.constraint.GrammarNode.Chars;
import dev.conch.constraint.GrammarNode.Reference;
import dev.conch.constraint.GrammarNode.Repeat;
import dev.conch.constraint.GrammarNode.Sequence;
import dev.conch.constraint.GrammarNode.Text;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * What must hold for the rules of a grammar together: each is defined, none begins with itself, all can come to an end, and their repeats
 * do not multiply beyond the limit. Steps are bounded by rules times elements, both of which have limits.
 */
final class GrammarRules {
    private final Map<String, GrammarNode> rules;
    private final Place place;

    private GrammarRules(Map<String, GrammarNode> rules, Place place) {
        this.rules = rules;
        this.place = place;
    }

    static void check(Map<String, GrammarNode> rules, Budget budget, Place place) {
        var checked = new GrammarRules(rules, place);
        checked.requireRoot();
        rules.values().forEach(checked::requireDefined);
        rules.values().forEach(rule -> budget.repeats(checked.size(rule, 1), place));
        checked.refuseEndless();
        checked.refuseLeftRecursion();
    }

    private void requireRoot() {
        if (!rules.containsKey(GrammarWriter.ROOT)) {
            throw Refusal.grammar(place, "no supported grammar: the rule 'root' is missing");
        }
    }

    private void requireDefined(GrammarNode node) {
        switch (node) {
            case Reference(String rule, int line) -> {
                if (!rules.containsKey(rule)) {
                    throw Refusal.grammar(
                            place,
                            "no supported grammar, line %d: the rule '%s' is not defined"
                                    .formatted(line, Place.shown(rule)));
                }
            }
            case Sequence(List<GrammarNode> parts) -> parts.forEach(this::requireDefined);
            case Alternation(List<GrammarNode> branches) -> branches.forEach(this::requireDefined);
            case Repeat repeat -> requireDefined(repeat.body());
            case Text ignored -> {}
            case Chars ignored -> {}
        }
    }

    private long size(GrammarNode node, long times) {
        return switch (node) {
            case Text ignored -> times - 1;
            case Chars ignored -> times - 1;
            case Reference ignored -> times - 1;
            case Sequence(List<GrammarNode> parts) -> sizes(parts, times);
            case Alternation(List<GrammarNode> branches) -> sizes(branches, times);
            case Repeat repeat -> size(repeat.body(), product(times, repeat));
        };
    }

    private long sizes(List<GrammarNode> nodes, long times) {
        return nodes.stream().mapToLong(node -> size(node, times)).sum();
    }

    private long product(long times, Repeat repeat) {
        long product = times * Math.max(1, Math.max(repeat.least(), repeat.most()));
        if (product > Budget.MAX_REPEAT) {
            throw Refusal.tooComplex(place, "repeats that multiply to more than %d".formatted(Budget.MAX_REPEAT));
        }
        return product;
    }

    private void refuseEndless() {
        Set<String> ending = leastSet(this::ends);
        for (String rule : rules.keySet()) {
            if (!ending.contains(rule)) {
                throw Refusal.grammar(
                        place,
                        "no supported grammar: the rule '%s' never comes to an end".formatted(Place.shown(rule)));
            }
        }
    }

    private boolean ends(GrammarNode node, Set<String> ending) {
        return switch (node) {
            case Text ignored -> true;
            case Chars ignored -> true;
            case Reference reference -> ending.contains(reference.rule());
            case Sequence(List<GrammarNode> parts) -> parts.stream().allMatch(part -> ends(part, ending));
            case Alternation(List<GrammarNode> branches) -> branches.stream().anyMatch(branch -> ends(branch, ending));
            case Repeat repeat -> repeat.least() == 0 || ends(repeat.body(), ending);
        };
    }

    private boolean isNullable(GrammarNode node, Set<String> nullable) {
        return switch (node) {
            case Text(String text) -> text.isEmpty();
            case Chars ignored -> false;
            case Reference reference -> nullable.contains(reference.rule());
            case Sequence(List<GrammarNode> parts) -> parts.stream().allMatch(part -> isNullable(part, nullable));
            case Alternation(List<GrammarNode> branches) ->
                branches.stream().anyMatch(branch -> isNullable(branch, nullable));
            case Repeat repeat -> repeat.least() == 0 || isNullable(repeat.body(), nullable);
        };
    }

    /** The rules for which something holds because it holds for what they are made of. */
    private Set<String> leastSet(BiPredicate<GrammarNode, Set<String>> holds) {
        Set<String> found = new HashSet<>();
        boolean more = true;
        while (more) {
            more = false;
            for (Map.Entry<String, GrammarNode> rule : rules.entrySet()) {
                if (!found.contains(rule.getKey()) && holds.test(rule.getValue(), found)) {
                    more |= found.add(rule.getKey());
                }
            }
        }
        return found;
    }

    private void refuseLeftRecursion() {
        Set<String> nullable = leastSet(this::isNullable);
        Map<String, Set<String>> firsts = new HashMap<>();
        rules.forEach((name, body) -> {
            Set<String> first = new HashSet<>();
            first(body, nullable, first);
            firsts.put(name, first);
        });
        Map<String, Boolean> done = new HashMap<>();
        rules.keySet().forEach(rule -> visit(rule, firsts, done));
    }

    /** Which rules may stand at the very beginning of a node. */
    private void first(GrammarNode node, Set<String> nullable, Set<String> found) {
        switch (node) {
            case Reference reference -> found.add(reference.rule());
            case Sequence(List<GrammarNode> parts) -> {
                for (GrammarNode part : parts) {
                    first(part, nullable, found);
                    if (!isNullable(part, nullable)) {
                        return;
                    }
                }
            }
            case Alternation(List<GrammarNode> branches) -> branches.forEach(branch -> first(branch, nullable, found));
            case Repeat repeat -> first(repeat.body(), nullable, found);
            case Text ignored -> {}
            case Chars ignored -> {}
        }
    }

    private void visit(String rule, Map<String, Set<String>> firsts, Map<String, Boolean> done) {
        Boolean finished = done.get(rule);
        if (Boolean.TRUE.equals(finished)) {
            return;
        }
        if (finished != null) {
            throw Refusal.grammar(
                    place,
                    "no supported grammar: the rule '%s' begins with itself (left recursion)"
                            .formatted(Place.shown(rule)));
        }
        done.put(rule, false);
        firsts.getOrDefault(rule, Set.of()).forEach(next -> visit(next, firsts, done));
        done.put(rule, true);
    }
}
