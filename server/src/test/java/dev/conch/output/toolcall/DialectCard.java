package dev.conch.output.toolcall;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How one dialect answers each {@link Scenario}: it works, it is known not to, or there is no such thing in this dialect. A scenario may
 * have several texts. What is not answered makes {@link ToolDialectsTest} fail.
 */
public final class DialectCard {

    /** @param why what a reader would expect instead; empty: this is as it should be */
    record Example(String text, List<Piece> pieces, String why) {
        boolean knownBroken() {
            return !why.isEmpty();
        }
    }

    private final String dialect;
    private final Map<Scenario, List<Example>> examples = new EnumMap<>(Scenario.class);
    private final Map<Scenario, String> notApplicable = new EnumMap<>(Scenario.class);
    private final List<String> framing = new ArrayList<>();

    private DialectCard(String dialect) {
        this.dialect = dialect;
    }

    /**
     * A card without answers.
     *
     * @param dialect the name of its {@link ToolFormat}
     */
    public static DialectCard of(String dialect) {
        return new DialectCard(dialect);
    }

    /** The text comes out as these pieces, and so it should. */
    public DialectCard works(Scenario scenario, String text, Piece... pieces) {
        return add(scenario, new Example(text, List.of(pieces), ""));
    }

    /** The text comes out as these pieces, which is not what one would wish. */
    public DialectCard knownBroken(Scenario scenario, String text, String why, Piece... pieces) {
        if (why.isBlank()) {
            throw new IllegalArgumentException(scenario + ": no word on what is broken");
        }
        return add(scenario, new Example(text, List.of(pieces), why));
    }

    /** There is no such thing in this dialect. */
    public DialectCard notApplicable(Scenario scenario, String reason) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException(scenario + ": no reason");
        }
        examples.remove(scenario);
        notApplicable.put(scenario, reason);
        return this;
    }

    /** Forgets what was answered so far, on a card that began as a copy of its family's. */
    public DialectCard instead(Scenario scenario) {
        examples.remove(scenario);
        notApplicable.remove(scenario);
        return this;
    }

    /** Marks that are no text where they stand outside of calls, as those around an answer. */
    public DialectCard framing(String... marks) {
        framing.addAll(List.of(marks));
        return this;
    }

    private DialectCard add(Scenario scenario, Example example) {
        notApplicable.remove(scenario);
        examples.computeIfAbsent(scenario, _ -> new ArrayList<>()).add(example);
        return this;
    }

    String dialect() {
        return dialect;
    }

    boolean answers(Scenario scenario) {
        return examples.containsKey(scenario) || notApplicable.containsKey(scenario);
    }

    List<Example> examples(Scenario scenario) {
        return examples.getOrDefault(scenario, List.of());
    }

    /** All texts of all scenarios. */
    List<Example> examples() {
        return examples.values().stream().flatMap(List::stream).toList();
    }

    String withoutFraming(String text) {
        String rest = text;
        for (String mark : framing) {
            rest = rest.replace(mark, "");
        }
        return rest;
    }

    @Override
    public String toString() {
        return dialect;
    }
}
