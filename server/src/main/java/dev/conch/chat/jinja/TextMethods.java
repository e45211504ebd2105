package dev.conch.chat.jinja;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntBinaryOperator;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
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
        methods.put("strip", (self, arguments, rendering) -> strip(self, chars(arguments), true, true, rendering));
        methods.put("lstrip", (self, arguments, rendering) -> strip(self, chars(arguments), true, false, rendering));
        methods.put("rstrip", (self, arguments, rendering) -> strip(self, chars(arguments), false, true, rendering));
        methods.put("split", TextSplits::split);
        methods.put("rsplit", TextSplits::rsplit);
        methods.put("splitlines", TextSplits::splitlines);
        methods.put(
                "partition",
                (self, arguments, rendering) -> TextSplits.partition(
                        self, search(self, arguments, rendering).first(0), false, arguments));
        methods.put(
                "rpartition",
                (self, arguments, rendering) -> TextSplits.partition(
                        self,
                        search(self, arguments, rendering).last(self.string().length()),
                        true,
                        arguments));
        addSearches(methods);
        addCases(methods);
        methods.put("removeprefix", TextMethods::removePrefix);
        methods.put("removesuffix", TextMethods::removeSuffix);
        methods.put("replace", TextMethods::replace);
        methods.put("join", TextMethods::join);
        methods.put("format", TextMethods::format);
        methods.put(
                "format_map",
                (self, arguments, rendering) ->
                        BraceFormat.applyMap(self, arguments.only("format_map"), rendering.budget()));
        methods.put("zfill", TextMethods::zfill);
        methods.put("ljust", (self, arguments, rendering) -> pad(self, arguments, rendering, (_, _) -> 0));
        methods.put("rjust", (self, arguments, rendering) -> pad(self, arguments, rendering, (missing, _) -> missing));
        methods.put("center", (self, arguments, rendering) -> pad(self, arguments, rendering, TextMethods::leftOf));
        methods.put("expandtabs", TextMethods::expandTabs);
        addProperties(methods);
        return Map.copyOf(methods);
    }

    private static void addSearches(Map<String, Method> methods) {
        methods.put(
                "startswith",
                (self, arguments, rendering) -> affix(self, arguments, rendering.budget(), String::startsWith));
        methods.put(
                "endswith",
                (self, arguments, rendering) -> affix(self, arguments, rendering.budget(), String::endsWith));
        methods.put(
                "find",
                (self, arguments, rendering) -> TextSection.of(self, arguments).find(rendering.budget()));
        methods.put(
                "rfind",
                (self, arguments, rendering) -> TextSection.of(self, arguments).findLast(rendering.budget()));
        methods.put(
                "index",
                (self, arguments, rendering) ->
                        found(TextSection.of(self, arguments).find(rendering.budget())));
        methods.put(
                "rindex",
                (self, arguments, rendering) ->
                        found(TextSection.of(self, arguments).findLast(rendering.budget())));
        methods.put(
                "count",
                (self, arguments, rendering) -> TextSection.of(self, arguments).count(rendering.budget()));
    }

    private static void addCases(Map<String, Method> methods) {
        methods.put("lower", (self, arguments, _) -> arguments.none("lower", TextFilters.lower(self)));
        methods.put("upper", (self, arguments, _) -> arguments.none("upper", TextFilters.upper(self)));
        methods.put(
                "casefold",
                (self, arguments, _) -> arguments.none("casefold", TextFilters.lower(TextFilters.upper(self))));
        methods.put("capitalize", (self, arguments, _) -> arguments.none("capitalize", TextCases.capitalize(self)));
        methods.put("title", (self, arguments, _) -> arguments.none("title", TextCases.title(self)));
        methods.put("swapcase", (self, arguments, _) -> arguments.none("swapcase", TextCases.swapCase(self)));
    }

    private static void addProperties(Map<String, Method> methods) {
        property(methods, "isalnum", self -> TextProperties.all(self, TextProperties::isAlphanumeric));
        property(methods, "isalpha", self -> TextProperties.all(self, Character::isLetter));
        property(methods, "isascii", self -> self.string().chars().allMatch(unit -> unit < 0x80));
        property(methods, "isdecimal", self -> TextProperties.all(self, TextProperties::isDecimal));
        property(methods, "isdigit", self -> TextProperties.all(self, TextProperties::isDigit));
        property(methods, "isidentifier", TextProperties::isIdentifier);
        property(methods, "islower", TextProperties::isLower);
        property(methods, "isnumeric", self -> TextProperties.all(self, TextProperties::isNumeric));
        property(methods, "isprintable", self -> self.string().codePoints().allMatch(PythonRepr::isPrintable));
        property(methods, "isspace", self -> TextProperties.all(self, PythonSpace::is));
        property(methods, "istitle", TextProperties::isTitle);
        property(methods, "isupper", TextProperties::isUpper);
    }

    private static void property(Map<String, Method> methods, String name, Predicate<Text> property) {
        methods.put(name, (self, arguments, _) -> arguments.none(name, Bool.of(property.test(self))));
    }

    private static Value chars(Arguments arguments) {
        return arguments.accept("strip", 0, "").optional(0, None.NONE);
    }

    /**
     * Cuts characters off the ends.
     *
     * @param chars which characters; {@code None}: white space
     */
    static Text strip(Text self, Value chars, boolean left, boolean right, Rendering rendering) {
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
        rendering.budget().steps(Weight.ofCharacters(string.length() - (end - start)));
        return self.sub(start, end);
    }

    private static IntPredicate oneOf(String characters) {
        BitSet codePoints = new BitSet();
        characters.codePoints().forEach(codePoints::set);
        return codePoints::get;
    }

    private static TextSearch search(Text self, Arguments arguments, Rendering rendering) {
        Text separator = Arguments.asText("separator", arguments.only("separator"));
        return new TextSearch(self.string(), separator.string(), rendering.budget());
    }

    /** How a text is compared with one end of another. */
    private interface Affix {
        boolean matches(String string, String affix);
    }

    private static Value affix(Text self, Arguments arguments, Budget budget, Affix affix) {
        arguments.accept("startswith", 1, "", "", "");
        Value wanted = arguments.required(0);
        TextSection section = TextSection.of(self, arguments, Text.EMPTY);
        List<Value> affixes = wanted instanceof Sequence tuple && tuple.isTuple() ? tuple.elements() : List.of(wanted);
        for (Value one : affixes) {
            String text = Arguments.asText("startswith", one).string();
            budget.steps(
                    Weight.ofCharacters(Math.min(text.length(), section.string().length())));
            if (section.exists() && affix.matches(section.string(), text)) {
                return Bool.TRUE;
            }
        }
        return Bool.FALSE;
    }

    private static Value found(Int index) {
        if (index.clamped() < 0) {
            throw TemplateException.value("substring not found");
        }
        return index;
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
        arguments.accept("replace", 2, "", "", "");
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
        TextSearch search = new TextSearch(self.string(), old.string(), budget);
        int at = search.first(0);
        for (int done = 0; at >= 0 && done != count; done++) {
            out.append(self.sub(copied, at)).append(replacement);
            copied = at + old.string().length();
            int next = old.isEmpty() ? nextCharacter(self.string(), at) : copied;
            at = next > self.string().length() ? -1 : search.first(next);
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
            Value element = elements.next();
            out.append(first ? Text.EMPTY : self)
                    .append(
                            self.markup()
                                    ? Markup.escaped(element.text(rendering.budget()), rendering.budget())
                                    : Arguments.asText("join", element));
        }
        return out.toText().asMarkup(self.markup());
    }

    /** How many of the missing columns go to the left. */
    static int leftOf(int missing, int width) {
        return missing / 2 + (missing & width & 1);
    }

    private static Value pad(Text self, Arguments arguments, Rendering rendering, IntBinaryOperator left) {
        arguments.accept("just", 1, "", "");
        int width = Arguments.asInteger("just", arguments.required(0)).clamped();
        Text fill = arguments.text("just", 1, Text.of(" "));
        if (fill.length() != 1) {
            throw TemplateException.type("The fill character must be exactly one character long");
        }
        int missing = Math.max(0, width - self.length());
        int before = left.applyAsInt(missing, width);
        return repeat(fill, before, rendering)
                .concat(self, rendering.budget())
                .concat(repeat(fill, missing - before, rendering), rendering.budget())
                .asMarkup(self.markup());
    }

    private static Text repeat(Text fill, int times, Rendering rendering) {
        return (Text) BinaryOperator.MULTIPLY.apply(fill, Int.of(times), rendering.budget());
    }

    private static Value expandTabs(Text self, Arguments arguments, Rendering rendering) {
        arguments.accept("expandtabs", 0, "tabsize");
        int size = arguments.integer("expandtabs", 0, Int.of(8)).clamped();
        TextBuilder out = new TextBuilder(rendering.budget());
        int column = 0;
        for (Iterator<Value> characters = self.iterate(); characters.hasNext(); ) {
            Text character = (Text) characters.next();
            char unit = character.string().charAt(0);
            if (unit == '\t') {
                int blanks = size <= 0 ? 0 : size - column % size;
                rendering.budget().build(blanks);
                out.append(" ".repeat(blanks));
                column += blanks;
            } else {
                out.append(character);
                column = unit == '\n' || unit == '\r' ? 0 : column + 1;
            }
        }
        return out.toText();
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
}
