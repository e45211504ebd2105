package dev.conch.chat.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Filters that make text of text. What is not text becomes text first. */
final class TextFilters {
    private static final Pattern WORD_START = Pattern.compile("[-\\s({\\[<]+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

    private TextFilters() {}

    static void register(Map<String, Filter> filters) {
        filters.put(
                "capitalize",
                (input, arguments, rendering) ->
                        arguments.none("capitalize", TextCases.capitalize(text(input, rendering))));
        filters.put("center", TextFilters::center);
        filters.put("e", TextFilters::escape);
        filters.put("escape", TextFilters::escape);
        filters.put(
                "forceescape",
                (input, arguments, rendering) ->
                        arguments.none("forceescape", Markup.forced(text(input, rendering), rendering.budget())));
        filters.put("format", TextFilters::format);
        filters.put("indent", TextFilters::indent);
        filters.put("lower", (input, arguments, rendering) -> arguments.none("lower", lower(text(input, rendering))));
        filters.put("replace", TextFilters::replace);
        filters.put(
                "safe",
                (input, arguments, rendering) ->
                        arguments.none("safe", text(input, rendering).asMarkup(true)));
        filters.put("string", (input, arguments, rendering) -> arguments.none("string", text(input, rendering)));
        filters.put(
                "title",
                (input, arguments, rendering) ->
                        arguments.none("title", title(text(input, rendering), rendering.budget())));
        filters.put("trim", TextFilters::trim);
        filters.put("upper", (input, arguments, rendering) -> arguments.none("upper", upper(text(input, rendering))));
        filters.put(
                "wordcount",
                (input, arguments, rendering) -> arguments.none(
                        "wordcount",
                        Int.of(WORD.matcher(text(input, rendering).string())
                                .results()
                                .count())));
    }

    /** Lower case, as far as Java's rules are Python's. */
    static Text lower(Text text) {
        return text.derive(text.string().toLowerCase(Locale.ROOT));
    }

    static Text upper(Text text) {
        return text.derive(text.string().toUpperCase(Locale.ROOT));
    }

    private static Text text(Value input, Rendering rendering) {
        return input.text(rendering.budget());
    }

    private static Value escape(Value input, Arguments arguments, Rendering rendering) {
        return arguments.none("escape", Markup.escaped(text(input, rendering), rendering.budget()));
    }

    private static Value center(Value input, Arguments arguments, Rendering rendering) {
        arguments.accept("center", 0, "width");
        Text text = text(input, rendering);
        int width = arguments.integer("center", 0, Int.of(80)).clamped();
        int missing = Math.max(0, width - text.length());
        rendering.budget().build(missing);
        int left = TextMethods.leftOf(missing, width);
        return Text.of(" ".repeat(left))
                .concat(text, rendering.budget())
                .concat(Text.of(" ".repeat(missing - left)), rendering.budget())
                .asMarkup(text.markup());
    }

    private static Value format(Value input, Arguments arguments, Rendering rendering) {
        if (arguments.count() > 0 && !arguments.named().isEmpty()) {
            throw TemplateException.type("can't handle positional and keyword arguments at the same time");
        }
        Value values = arguments.named().isEmpty() ? Sequence.tuple(arguments.from(0)) : named(arguments);
        return PercentFormat.apply(text(input, rendering), values, rendering.budget());
    }

    private static Value named(Arguments arguments) {
        return new Dict(Map.copyOf(arguments.named()));
    }

    private static Value trim(Value input, Arguments arguments, Rendering rendering) {
        arguments.accept("trim", 0, "chars");
        return TextMethods.strip(text(input, rendering), arguments.optional(0, None.NONE), true, true, rendering);
    }

    private static Value replace(Value input, Arguments arguments, Rendering rendering) {
        arguments.accept("replace", 2, "old", "new", "count");
        Value count = arguments.optional(2, None.NONE);
        return TextMethods.replace(
                text(input, rendering).asMarkup(false),
                text(arguments.required(0), rendering),
                text(arguments.required(1), rendering),
                count == None.NONE ? -1 : Arguments.asInteger("replace", count).clamped(),
                rendering.budget());
    }

    /** Upper case after a space, hyphen or bracket, lower case elsewhere. */
    private static Text title(Text text, Budget budget) {
        TextBuilder out = new TextBuilder(budget);
        Matcher matcher = WORD_START.matcher(text.string());
        int copied = 0;
        while (matcher.find()) {
            titleWord(text.sub(copied, matcher.start()), out);
            out.append(text.sub(matcher.start(), matcher.end()));
            copied = matcher.end();
        }
        titleWord(text.sub(copied), out);
        return out.toText();
    }

    private static void titleWord(Text word, TextBuilder out) {
        if (!word.isEmpty()) {
            int first = word.string().offsetByCodePoints(0, 1);
            out.append(upper(word.sub(0, first))).append(lower(word.sub(first)));
        }
    }

    private static Value indent(Value input, Arguments arguments, Rendering rendering) {
        arguments.accept("indent", 0, "width", "first", "blank");
        Text text = Arguments.asText("indent", input);
        Text indention = indention(arguments.optional(0, Int.of(4)), rendering.budget());
        boolean first = arguments.optional(1, Bool.FALSE).truthy();
        boolean blank = arguments.optional(2, Bool.FALSE).truthy();
        TextBuilder out = new TextBuilder(rendering.budget());
        List<Text> lines = lines(text, rendering.budget());
        for (int i = 0; i < lines.size(); i++) {
            if (i > 0) {
                out.append("\n");
            }
            if (i == 0 ? first : blank || !lines.get(i).isEmpty()) {
                out.append(indention);
            }
            out.append(lines.get(i));
        }
        return out.toText().asMarkup(text.markup());
    }

    private static Text indention(Value width, Budget budget) {
        return width instanceof Text text
                ? text
                : (Text) BinaryOperator.MULTIPLY.apply(Text.of(" "), Arguments.asInteger("indent", width), budget);
    }

    /** The lines of a text, an empty last one included. */
    private static List<Text> lines(Text text, Budget budget) {
        return TextSplits.splitLines(text.concat(Text.of("\n"), budget), false);
    }
}
