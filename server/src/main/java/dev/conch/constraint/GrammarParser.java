package dev.conch.constraint;

import dev.conch.constraint.GrammarNode.Alternation;
import dev.conch.constraint.GrammarNode.Chars;
import dev.conch.constraint.GrammarNode.Reference;
import dev.conch.constraint.GrammarNode.Repeat;
import dev.conch.constraint.GrammarNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a grammar in what GBNF (llama.cpp) and XGrammar's EBNF have in common: rules {@code name ::= ...}, texts in quotes, classes of
 * characters, groups, alternatives, <code>? * + {n} {n,} {n,m}</code>, comments. XGrammar's macros, rule options and lookahead and GBNF's dot
 * are refused by name. One pass; nesting is bounded. For one thread.
 */
final class GrammarParser {
    static final int MAX_CHARS = 65_536;
    private static final int MAX_RULES = 1_000;

    private final GrammarScanner scanner;
    private final Budget budget;
    private final Place place;

    private GrammarParser(String grammar, Budget budget, Place place) {
        scanner = new GrammarScanner(grammar, place);
        this.budget = budget;
        this.place = place;
    }

    /** The rules by their names, in their order. */
    static Map<String, GrammarNode> parse(String grammar, Budget budget, Place place) {
        if (grammar.length() > MAX_CHARS) {
            throw Refusal.tooComplex(place, "the grammar is too long (limit: %d characters)".formatted(MAX_CHARS));
        }
        return new GrammarParser(grammar, budget, place).rules();
    }

    private Map<String, GrammarNode> rules() {
        Map<String, GrammarNode> rules = new LinkedHashMap<>();
        scanner.skipBlanks();
        while (!scanner.done()) {
            rule(rules);
            if (rules.size() > MAX_RULES) {
                throw Refusal.tooComplex(place, "too many rules (limit: %d)".formatted(MAX_RULES));
            }
        }
        return rules;
    }

    private void rule(Map<String, GrammarNode> rules) {
        String name = scanner.name();
        if (name.isEmpty()) {
            throw scanner.invalid("expected the name of a rule");
        }
        if (scanner.lookingAt('[')) {
            throw scanner.invalid("options of a rule are not supported");
        }
        scanner.skipBlanks();
        if (!scanner.acceptDefines()) {
            throw scanner.invalid("expected '::=' after '%s'".formatted(Place.shown(name)));
        }
        scanner.skipBlanks();
        GrammarNode body = alternation(1);
        if (rules.put(name, body) != null) {
            throw scanner.invalid("the rule '%s' is defined twice".formatted(Place.shown(name)));
        }
    }

    private GrammarNode alternation(int depth) {
        budget.depth(depth, place);
        List<GrammarNode> branches = new ArrayList<>();
        branches.add(sequence(depth));
        while (scanner.accept('|')) {
            scanner.skipBlanks();
            branches.add(sequence(depth));
        }
        return branches.size() == 1 ? branches.getFirst() : new Alternation(branches);
    }

    private GrammarNode sequence(int depth) {
        List<GrammarNode> parts = new ArrayList<>();
        while (!scanner.done() && !scanner.lookingAt('|') && !scanner.lookingAt(')') && !scanner.atDefinition()) {
            parts.add(repeated(element(depth)));
            scanner.skipBlanks();
        }
        if (parts.isEmpty()) {
            throw scanner.invalid("expected a text in quotes, a class, a name or a group (the empty text is \"\")");
        }
        return parts.size() == 1 ? parts.getFirst() : new Sequence(parts);
    }

    private GrammarNode element(int depth) {
        budget.node(place);
        budget.time(place);
        char c = scanner.peek();
        if (scanner.accept('"')) {
            return text();
        }
        if (scanner.accept('[')) {
            return charClass();
        }
        if (scanner.accept('(')) {
            return group(depth);
        }
        if (GrammarScanner.isNameChar(c, true)) {
            return reference();
        }
        throw scanner.invalid(
                switch (c) {
                    case '.' -> "'.' is not supported, because dialects differ in it (write a class)";
                    case '*', '+', '?', '{' -> "nothing to repeat before '%c'".formatted(c);
                    default -> "unexpected '%s'".formatted(Character.toString(scanner.next()));
                });
    }

    private GrammarNode reference() {
        int line = scanner.line();
        String name = scanner.name();
        if (scanner.lookingAt('(')) {
            throw scanner.invalid(
                    "'%s(': macros are not supported (or a blank is missing)".formatted(Place.shown(name)));
        }
        return new Reference(name, line);
    }

    private GrammarNode group(int depth) {
        if (scanner.lookingAt('=')) {
            throw scanner.invalid("lookahead is not supported");
        }
        scanner.skipBlanks();
        GrammarNode inner = alternation(depth + 1);
        if (!scanner.accept(')')) {
            throw scanner.invalid("missing ')'");
        }
        return inner;
    }

    private GrammarNode text() {
        StringBuilder text = new StringBuilder();
        while (!scanner.accept('"')) {
            if (scanner.done() || scanner.lookingAt('\n') || scanner.lookingAt('\r')) {
                throw scanner.invalid("missing '\"' at the end of a text");
            }
            text.appendCodePoint(scanner.accept('\\') ? scanner.escaped() : scanner.next());
        }
        return GrammarWriter.texts(text.toString());
    }

    private GrammarNode charClass() {
        boolean negated = scanner.accept('^');
        List<CharSet.Range> ranges = new ArrayList<>();
        while (!scanner.accept(']')) {
            int low = classCharacter();
            int high = low;
            if (scanner.accept('-')) {
                if (scanner.lookingAt(']')) {
                    ranges.add(new CharSet.Range('-', '-'));
                } else {
                    high = classCharacter();
                }
            }
            if (high < low) {
                throw scanner.invalid("a range whose end is before its beginning");
            }
            ranges.add(new CharSet.Range(low, high));
        }
        CharSet set = CharSet.normalized(ranges);
        if (set.isEmpty() || (negated && set.complement().isEmpty())) {
            throw scanner.invalid("a class without characters is not supported");
        }
        return new Chars(set, negated);
    }

    private int classCharacter() {
        if (scanner.done() || scanner.lookingAt('\n') || scanner.lookingAt('\r')) {
            throw scanner.invalid("missing ']' at the end of a class");
        }
        return scanner.accept('\\') ? scanner.escaped() : scanner.next();
    }

    private GrammarNode repeated(GrammarNode body) {
        scanner.skipBlanks();
        int least;
        int most = RegexNode.UNBOUNDED;
        if (scanner.accept('*')) {
            least = 0;
        } else if (scanner.accept('+')) {
            least = 1;
        } else if (scanner.accept('?')) {
            least = 0;
            most = 1;
        } else if (scanner.accept('{')) {
            least = count();
            most = scanner.accept(',') ? upper() : least;
            if (!scanner.accept('}') || (most != RegexNode.UNBOUNDED && most < least)) {
                throw scanner.invalid("a repeat has the form {n}, {n,} or {n,m}, with n not above m");
            }
        } else {
            return body;
        }
        scanner.skipBlanks();
        if (!scanner.done() && "*+?{".indexOf(scanner.peek()) >= 0) {
            throw scanner.invalid("a repeat of a repeat (expected: a group around the first)");
        }
        return new Repeat(body, least, most);
    }

    private int upper() {
        scanner.skipBlanks();
        return scanner.lookingAt('}') ? RegexNode.UNBOUNDED : count();
    }

    private int count() {
        scanner.skipBlanks();
        int count = scanner.number();
        if (count < 0) {
            throw scanner.invalid("a repeat has the form {n}, {n,} or {n,m}");
        }
        if (count > Budget.MAX_REPEAT) {
            throw Refusal.tooComplex(place, "a repeat of more than %d".formatted(Budget.MAX_REPEAT));
        }
        scanner.skipBlanks();
        return count;
    }
}
