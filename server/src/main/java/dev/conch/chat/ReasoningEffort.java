package dev.conch.chat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code reasoning_effort} is to a chat template. One that has a variable of that name is given the client's word. One that has a
 * switch is told to reason or not: {@code none} is off, any other effort is on. If it has both, {@code none} goes to the switch alone. A
 * template without either cannot obey.
 */
final class ReasoningEffort {
    static final String NAME = "reasoning_effort";

    /** Variables that turn reasoning on and off in templates that reason; booleans. */
    private static final List<String> SWITCHES = List.of("enable_thinking", "thinking");

    static final String NONE = "none";

    private ReasoningEffort() {}

    /** The switches that a template has. */
    static List<String> switchesOf(ChatTemplate template) {
        return SWITCHES.stream().filter(template::mentions).toList();
    }

    /** The template's variables that say it, by name; none if the template cannot obey. */
    static Map<String, Object> variables(String effort, ChatTemplate template) {
        List<String> switches = switchesOf(template);
        boolean reasons = !effort.equals(NONE);
        Map<String, Object> variables = new LinkedHashMap<>();
        switches.forEach(name -> variables.put(name, reasons));
        if (template.mentions(NAME) && (reasons || switches.isEmpty())) {
            variables.put(NAME, effort);
        }
        return variables;
    }
}
