package dev.conch.chat.jinja;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Filters that cut something into parts, or put parts together for a page of the web. Prompts hardly ever use them. */
final class PartFilters {
    private static final int DEFAULT_TRUNCATED_LENGTH = 255;
    private static final int DEFAULT_LEEWAY = 5;
    private static final List<String> SIZES = List.of("k", "M", "G", "T", "P", "E", "Z", "Y");

    private PartFilters() {}

    static void register(Map<String, Filter> filters) {
        filters.put("batch", PartFilters::batch);
        filters.put("filesizeformat", PartFilters::fileSize);
        filters.put("pprint", PrettyPrint::format);
        filters.put("slice", PartFilters::slice);
        filters.put("truncate", PartFilters::truncate);
        filters.put("urlencode", PartFilters::urlEncode);
        filters.put("xmlattr", PartFilters::xmlAttributes);
        for (String name : List.of("random", "striptags", "urlize", "wordwrap")) {
            filters.put(name, (_, _, _) -> {
                throw new TemplateException("the filter '" + name + "' is not supported");
            });
        }
    }

    private static Value batch(Value input, Arguments arguments, Rendering rendering) {
        arguments.accept("batch", 1, "linecount", "fill_with");
        Value size = arguments.required(0);
        List<Value> batches = new ArrayList<>();
        List<Value> batch = new ArrayList<>();
        for (Iterator<Value> elements = input.iterate(); elements.hasNext(); ) {
            rendering.budget().step();
            if (size.equals(Int.of(batch.size()))) {
                batches.add(Sequence.list(batch));
                batch = new ArrayList<>();
            }
            batch.add(elements.next());
        }
        if (!batch.isEmpty()) {
            Value filler = arguments.optional(1, None.NONE);
            if (filler != None.NONE) {
                Int missing = Int.of(Arguments.asInteger("batch", size).clamped() - batch.size());
                batch.addAll(copies(filler, missing, rendering));
            }
            batches.add(Sequence.list(batch));
        }
        return new Generator(batches.iterator());
    }

    private static List<Value> copies(Value filler, Int count, Rendering rendering) {
        Value copies = BinaryOperator.MULTIPLY.apply(Sequence.list(List.of(filler)), count, rendering.budget());
        return ((Sequence) copies).elements();
    }

    private static Value slice(Value input, Arguments arguments, Rendering rendering) {
        arguments.accept("slice", 1, "slices", "fill_with");
        List<Value> elements =
                Sequence.collect(input.iterate(), rendering.budget()).elements();
        int slices = Arguments.asInteger("slice", arguments.required(0)).clamped();
        Value filler = arguments.optional(1, None.NONE);
        if (slices == 0) {
            throw new TemplateException("ZeroDivisionError: integer division or modulo by zero");
        }
        rendering.budget().steps(Math.max(0, slices));
        List<Value> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < slices; i++) {
            boolean longer = i < elements.size() % slices;
            int end = start + elements.size() / slices + (longer ? 1 : 0);
            List<Value> part = new ArrayList<>(elements.subList(start, end));
            if (!longer && filler != None.NONE) {
                part.add(filler);
            }
            parts.add(Sequence.list(part));
            start = end;
        }
        return new Generator(parts.iterator());
    }

    private static Value truncate(Value input, Arguments arguments, Rendering rendering) {
        arguments.accept("truncate", 0, "length", "killwords", "end", "leeway");
        int length = arguments
                .integer("truncate", 0, Int.of(DEFAULT_TRUNCATED_LENGTH))
                .clamped();
        Text end = arguments.text("truncate", 2, Text.of("..."));
        Value leeway = arguments.optional(3, None.NONE);
        long tolerated = leeway == None.NONE
                ? DEFAULT_LEEWAY
                : Arguments.asInteger("truncate", leeway).clamped();
        if (length < end.length() || tolerated < 0) {
            throw new TemplateException("AssertionError: truncate to " + length + " with a leeway of " + tolerated);
        }
        if (input.length() <= length + tolerated) {
            return input;
        }
        Text start = Arguments.asText("truncate", input).slice(null, Int.of(length - end.length()), null);
        boolean killsWords = arguments.optional(1, Bool.FALSE).truthy();
        int space = killsWords ? -1 : start.string().lastIndexOf(' ');
        return Markup.add(space < 0 ? start : start.sub(0, space), end, rendering.budget());
    }

    private static Value urlEncode(Value input, Arguments arguments, Rendering rendering) {
        arguments.accept("urlencode", 0);
        Budget budget = rendering.budget();
        if (input instanceof Text || input instanceof Numeric || input == None.NONE) {
            return quoted(input.text(budget), "/", budget);
        }
        Value pairs = input instanceof Dict dict ? new DictView(DictView.Kind.ITEMS, dict) : input;
        TextBuilder out = new TextBuilder(budget);
        for (Iterator<Value> elements = pairs.iterate(); elements.hasNext(); ) {
            List<Value> pair =
                    Sequence.collect(elements.next().iterate(), budget).elements();
            if (pair.size() != 2) {
                throw TemplateException.value("too many or not enough values to unpack (expected 2)");
            }
            out.append(out.length() == 0 ? "" : "&")
                    .append(ofQuery(pair.get(0), budget))
                    .append("=")
                    .append(ofQuery(pair.get(1), budget));
        }
        return out.toText();
    }

    private static Text ofQuery(Value value, Budget budget) {
        Text quoted = quoted(value.text(budget), "", budget);
        return TextMethods.replace(quoted, Text.of("%20"), Text.of("+"), -1, budget);
    }

    private static Text quoted(Text text, String safe, Budget budget) {
        StringBuilder out = new StringBuilder();
        for (byte unit : text.string().getBytes(StandardCharsets.UTF_8)) {
            char ascii = (char) (unit & 0xFF);
            boolean plain = ascii < 0x80 && (Character.isLetterOrDigit(ascii) || ("_.-~" + safe).indexOf(ascii) >= 0);
            out.append(plain ? String.valueOf(ascii) : "%%%02X".formatted((int) ascii));
        }
        budget.build(out.length());
        return text.derive(out.toString()).asMarkup(false);
    }

    private static Value fileSize(Value input, Arguments arguments, Rendering rendering) {
        boolean binary = arguments
                .accept("filesizeformat", 0, "binary")
                .optional(0, Bool.FALSE)
                .truthy();
        double bytes = size(input);
        double base = binary ? 1024 : 1000;
        if (bytes == 1) {
            return Text.of("1 Byte");
        }
        if (bytes < base) {
            return Text.of((long) bytes + " Bytes");
        }
        double unit = base * base;
        int size = 0;
        for (; size < SIZES.size() - 1 && bytes >= unit; size++) {
            unit *= base;
        }
        String prefix = SIZES.get(size);
        String name = binary ? prefix.toUpperCase(Locale.ROOT) + "iB" : prefix + "B";
        return Text.of(RealFormat.of(base * bytes / unit, 'f', 1, false) + " " + name);
    }

    private static double size(Value input) {
        Value number = switch (input) {
            case Numeric numeric -> new Real(numeric.toDouble());
            case Text text -> PythonNumbers.real(text.string(), None.NONE);
            default -> None.NONE;
        };
        if (number instanceof Real real && Double.isFinite(real.value())) {
            return real.value();
        }
        throw TemplateException.type("filesizeformat: expected a number, not '" + input.type() + "'");
    }

    private static Value xmlAttributes(Value input, Arguments arguments, Rendering rendering) {
        boolean spaced = arguments
                .accept("xmlattr", 0, "autospace")
                .optional(0, Bool.TRUE)
                .truthy();
        if (!(input instanceof Dict dict)) {
            throw TemplateException.type("xmlattr: expected dict, not '" + input.type() + "'");
        }
        TextBuilder out = new TextBuilder(rendering.budget());
        dict.entries().forEach((key, value) -> {
            Text name = Arguments.asText("xmlattr", key);
            if (value != None.NONE && !(value instanceof Undefined)) {
                requireName(name);
                out.append(out.length() > 0 || spaced ? " " : "")
                        .append(Markup.escaped(name, out.budget()))
                        .append("=\"")
                        .append(Markup.escaped(value.text(out.budget()), out.budget()))
                        .append("\"");
            }
        });
        return out.toText();
    }

    private static void requireName(Text name) {
        if (name.string().chars().anyMatch(letter -> PythonSpace.is(letter) || "/>=".indexOf(letter) >= 0)) {
            throw TemplateException.value("Invalid character in attribute name: " + PythonRepr.of(name.string()));
        }
    }
}
