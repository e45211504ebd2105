package dev.conch.chat.jinja;

import java.util.HashMap;
import java.util.Map;

/** Numbers the variable names of a template. Grows while the template is parsed. */
final class Names {
    private final Map<String, Integer> numbers = new HashMap<>();

    int number(String name) {
        return numbers.computeIfAbsent(name, _ -> numbers.size());
    }

    Map<String, Integer> numbers() {
        return Map.copyOf(numbers);
    }
}
