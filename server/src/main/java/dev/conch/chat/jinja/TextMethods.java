package dev.conch.chat.jinja;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Python's string methods. */
final class TextMethods {
    private static final Map<String, Method> METHODS = methods();

    private TextMethods() {}

    /** What a method does to its text. */
    @FunctionalInterface
    private interface Method {
        Value call(Text self, Arguments arguments, Rendering rendering);
    }

    /** A method of a text; null if there is none of that name. */
    static @Nullable Function find(Text self, String name) {
        Method method = METHODS.get(name);
        return method == null
                ? null
                : Function.method(name, (arguments, rendering) -> method.call(self, arguments, rendering));
    }

    private static Map<String, Method> methods() {
        Map<String, Method> methods = new HashMap<>();
        methods.put("strip", (self, arguments, _) -> strip(self, chars(arguments), true, true));
        methods.put("lstrip", (self, arguments, _) -> strip(self, chars(arguments), true, false));
        methods.put("rstrip", (self, arguments, _) -> strip(self, chars(arguments), false, true));
        methods.put("split", TextSplits::split);
        methods.put("rsplit", TextSplits::rsplit);
        methods.put("splitlines", TextSplits::splitlines);
        methods.put(
                "partition",
                (self, arguments, _) ->
                        TextSplits.partition(self, self.string().indexOf(separator(arguments)), arguments));
        methods.put(
                "rpartition",
                (self, arguments, _) ->
                        TextSplits.partition(self, self.string().lastIndexOf(separator(arguments)), arguments));
        methods.put("startswith", (self, arguments, _) -> affix(self, arguments, String::startsWith));
        methods.put("endswith", (self, arguments, _) -> affix(self, arguments, String::endsWith));
        methods.put("removeprefix", TextMethods::removePrefix);
        methods.put("removesuffix", TextMethods::removeSuffix);
        methods.put("replace", TextMethods::replace);
        methods.put("join", TextMethods::join);
        methods.put("lower", (self, arguments, _) -> arguments.none("lower", TextFilters.lower(self)));
        methods.put("upper", (self, arguments, _) -> arguments.none("upper", TextFilters.upper(self)));
        methods.put(
                "casefold",
                (self, arguments, _) -> arguments.none("casefold", TextFilters.lower(TextFilters.upper(self))));
        methods.put("capitalize", (self, arguments, _) -> arguments.none("capitalize", capitalize(self)));
        methods.put("title", (self, arguments, _) -> arguments.none("title", title(self)));
        methods.put("find", (self, arguments, _) -> index(self, self.string().indexOf(separator(arguments))));
        methods.put("rfind", (self, arguments, _) -> index(self, self.string().lastIndexOf(separator(arguments))));
        methods.put(
                "index", (self, arguments, _) -> foundIndex(self, self.string().indexOf(separator(arguments))));
        methods.put("count", TextMethods::count);
        methods.put("format", TextMethods::format);
        methods.put("zfill", TextMethods::zfill);
        methods.put("isdigit", (self, arguments, _) -> arguments.none("isdigit", all(self, Character::isDigit)));
        methods.put("isalpha", (self, arguments, _) -> arguments.none("isalpha", all(self, Character::isLetter)));
        methods.put(
                "isalnum", (self, arguments, _) -> arguments.none("isalnum", all(self, Character::isLetterOrDigit)));
        methods.put("isspace", (self, arguments, _) -> arguments.none("isspace", all(self, PythonSpace::is)));
        methods.put("isupper", (self, arguments, _) -> arguments.none("isupper", isUpper(self)));
        methods.put("islower", (self, arguments, _) -> arguments.none("islower", isLower(self)));
        return Map.copyOf(methods);
    }

    private static Value chars(Arguments arguments) {
        return arguments.accept("strip", 0, "chars").optional(0, None.NONE);
    }

    /**
     * Cuts characters off the ends.
     *
     * @param chars which characters; {@code None}: white space
     */
    static Text strip(Text self, Value chars, boolean left, boolean right) {
        IntPredicate cut = chars == None.NONE
                ? PythonSpace::is
                : oneOf(Arguments.asText("strip", chars).string());
        String string = self.string();
        int start = 0;
        int end = string.length();
        while (left && start < end && cut.test(string.codePointAt(start))) {
            start = string.offsetByCodePoints(start, 1);
        }
        while (right && end > start && cut.test(string.codePointBefore(end))) {
            end = string.offsetByCodePoints(end, -1);
        }
        return self.sub(start, end);
    }

    private static IntPredicate oneOf(String characters) {
        return codePoint -> characters.indexOf(codePoint) >= 0;
    }

    private static String separator(Arguments arguments) {
        return Arguments.asText("separator", arguments.only("separator")).string();
    }

    /** How a text is compared with one end of another. */
    private interface Affix {
        boolean matches(String string, String affix);
    }

    private static Value affix(Text self, Arguments arguments, Affix affix) {
        Value wanted = arguments.only("startswith");
        if (wanted instanceof Sequence tuple && tuple.isTuple()) {
            return Bool.of(tuple.elements().stream()
                    .anyMatch(one -> affix.matches(
                            self.string(), Arguments.asText("startswith", one).string())));
        }
        return Bool.of(affix.matches(
                self.string(), Arguments.asText("startswith", wanted).string()));
    }

    private static Value removePrefix(Text self, Arguments arguments, Rendering rendering) {
        String prefix =
                Arguments.asText("removeprefix", arguments.only("removeprefix")).string();
        return self.string().startsWith(prefix) ? self.sub(prefix.length()) : self;
    }

    private static Value removeSuffix(Text self, Arguments arguments, Rendering rendering) {
        String suffix =
                Arguments.asText("removesuffix", arguments.only("removesuffix")).string();
        return self.string().endsWith(suffix) ? self.sub(0, self.string().length() - suffix.length()) : self;
    }

    private static Value replace(Text self, Arguments arguments, Rendering rendering) {
        arguments.accept("replace", 2, "old", "new", "count");
        Budget budget = rendering.budget();
        Text replacement = arguments.text("replace", 1);
        return replace(
                self,
                arguments.text("replace", 0),
                self.markup() ? Markup.escaped(replacement, budget) : replacement,
                arguments.integer("replace", 2, Int.of(-1)).clamped(),
                budget);
    }

    /**
     * Replaces a text, from left to right.
     *
     * @param count how often at most; negative: always
     */
    static Text replace(Text self, Text old, Text replacement, int count, Budget budget) {
        TextBuilder out = new TextBuilder(budget);
        int copied = 0;
        int at = self.string().indexOf(old.string());
        for (int done = 0; at >= 0 && done != count; done++) {
            out.append(self.sub(copied, at)).append(replacement);
            copied = at + old.string().length();
            int next = old.isEmpty() ? nextCharacter(self.string(), at) : copied;
            at = next > self.string().length() ? -1 : self.string().indexOf(old.string(), next);
        }
        return out.append(self.sub(copied)).toText().asMarkup(self.markup());
    }

    private static int nextCharacter(String string, int at) {
        return at == string.length() ? at + 1 : string.offsetByCodePoints(at, 1);
    }

    private static Value join(Text self, Arguments arguments, Rendering rendering) {
        TextBuilder out = new TextBuilder(rendering.budget());
        Iterator<Value> elements = arguments.only("join").iterate();
        for (boolean first = true; elements.hasNext(); first = false) {
            out.append(first ? Text.EMPTY : self).append(Arguments.asText("join", elements.next()));
        }
        return out.toText().asMarkup(self.markup());
    }

    /** First character in title case, the others in lower case. */
    static Text capitalize(Text self) {
        if (self.isEmpty()) {
            return self;
        }
        int first = self.string().offsetByCodePoints(0, 1);
        String start = Character.toString(Character.toTitleCase(self.string().codePointAt(0)));
        return self.derive(start + TextFilters.lower(self.sub(first)).string());
    }

    private static Text title(Text self) {
        StringBuilder out = new StringBuilder();
        boolean inWord = false;
        for (int codePoint : self.string().codePoints().toArray()) {
            out.appendCodePoint(inWord ? Character.toLowerCase(codePoint) : Character.toTitleCase(codePoint));
            inWord = Character.isLetter(codePoint);
        }
        return self.derive(out.toString());
    }

    private static Value index(Text self, int offset) {
        return Int.of(offset < 0 ? -1 : self.string().codePointCount(0, offset));
    }

    private static Value foundIndex(Text self, int offset) {
        if (offset < 0) {
            throw TemplateException.value("substring not found");
        }
        return index(self, offset);
    }

    private static Value count(Text self, Arguments arguments, Rendering rendering) {
        Text wanted = Arguments.asText("count", arguments.only("count"));
        return Int.of(
                wanted.isEmpty()
                        ? self.length() + 1
                        : TextSplits.splitAt(self, wanted.string(), -1).size() - 1);
    }

    private static Value format(Text self, Arguments arguments, Rendering rendering) {
        return BraceFormat.apply(self, arguments, rendering.budget());
    }

    private static Value zfill(Text self, Arguments arguments, Rendering rendering) {
        int width = Arguments.asInteger("zfill", arguments.only("zfill")).clamped();
        int missing = Math.max(0, width - self.length());
        rendering.budget().build(missing);
        int sign = self.string().startsWith("-") || self.string().startsWith("+") ? 1 : 0;
        return self.sub(0, sign)
                .concat(Text.of("0".repeat(missing)), rendering.budget())
                .concat(self.sub(sign), rendering.budget());
    }

    private static Bool all(Text self, IntPredicate property) {
        return Bool.of(!self.isEmpty() && self.string().codePoints().allMatch(property));
    }

    static Bool isUpper(Text self) {
        String string = self.string();
        return Bool.of(string.codePoints().anyMatch(Character::isUpperCase)
                && string.codePoints().noneMatch(Character::isLowerCase));
    }

    static Bool isLower(Text self) {
        String string = self.string();
        return Bool.of(string.codePoints().anyMatch(Character::isLowerCase)
                && string.codePoints().noneMatch(Character::isUpperCase));
    }
}
