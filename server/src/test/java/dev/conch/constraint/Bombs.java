package dev.conch.constraint;

import static dev.conch.generation.ErrorCode.GRAMMAR_TOO_COMPLEX;
import static dev.conch.generation.ErrorCode.INVALID_GRAMMAR;
import static dev.conch.generation.ErrorCode.INVALID_JSON_SCHEMA;
import static java.util.stream.Collectors.joining;

import dev.conch.generation.ErrorCode;
import dev.conch.openai.ResponseFormat;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Schemas, patterns and grammars that have killed servers, or would. Each names what it is answered with. */
final class Bombs {
    /** @param code what it is refused with */
    record Bomb(String name, ResponseFormat format, ErrorCode code) {
        @Override
        public String toString() {
            return name;
        }
    }

    private Bombs() {}

    static List<Bomb> all() {
        return Stream.of(
                        deepSchemas(),
                        largeSchemas(),
                        references(),
                        otherSchemas(),
                        patterns(),
                        grammars(),
                        choicesAndTags())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Bomb> deepSchemas() {
        return List.of(
                schema("200 levels of lists", nested(200, "items"), GRAMMAR_TOO_COMPLEX),
                schema("2,000 levels of lists", nested(2_000, "items"), GRAMMAR_TOO_COMPLEX),
                schema("200 levels of properties", nestedProperties(200), GRAMMAR_TOO_COMPLEX),
                schema("70 levels of anyOf", nestedLists(70, "anyOf"), GRAMMAR_TOO_COMPLEX),
                schema("70 levels of allOf", nestedLists(70, "allOf"), GRAMMAR_TOO_COMPLEX),
                schema("70 levels inside of a default", Map.of("default", nested(70, "items")), GRAMMAR_TOO_COMPLEX),
                schema("70 levels inside of a constant", Map.of("const", nested(70, "x")), GRAMMAR_TOO_COMPLEX));
    }

    private static List<Bomb> largeSchemas() {
        return List.of(
                schema("20,000 properties", Map.of("properties", many(20_000, i -> Map.of())), GRAMMAR_TOO_COMPLEX),
                schema("20,000 definitions", Map.of("$defs", many(20_000, i -> Map.of())), GRAMMAR_TOO_COMPLEX),
                schema("20,001 enumerated", Map.of("enum", numbers(20_001)), GRAMMAR_TOO_COMPLEX),
                schema("twelve enumerations of 1,000", enumerations(12, 1_000), GRAMMAR_TOO_COMPLEX),
                schema(
                        "an enumerated text of a megabyte",
                        Map.of("enum", List.of("x".repeat(1 << 20))),
                        GRAMMAR_TOO_COMPLEX),
                schema(
                        "a property's name of a megabyte",
                        Map.of("properties", Map.of("x".repeat(1 << 20), Map.of())),
                        GRAMMAR_TOO_COMPLEX),
                schema("a description of a megabyte", Map.of("description", "x".repeat(1 << 20)), GRAMMAR_TOO_COMPLEX),
                schema(
                        "10,000 alternatives",
                        Map.of("anyOf", repeated(10_000, Map.of("type", "null"))),
                        GRAMMAR_TOO_COMPLEX),
                schema("1,000 exclusive alternatives", Map.of("oneOf", constants(1_000)), GRAMMAR_TOO_COMPLEX),
                schema(
                        "minItems of a billion",
                        Map.of("type", "array", "minItems", 1_000_000_000L),
                        GRAMMAR_TOO_COMPLEX),
                schema("maxItems of 1,001", Map.of("type", "array", "maxItems", 1_001L), GRAMMAR_TOO_COMPLEX),
                schema("minLength of 10^300", Map.of("type", "string", "minLength", 1e300), INVALID_JSON_SCHEMA),
                schema("maxLength of 2^62", Map.of("type", "string", "maxLength", 1L << 62), GRAMMAR_TOO_COMPLEX),
                schema(
                        "60 lists of 1,000",
                        Map.of("properties", many(60, i -> Map.of("type", "array", "minItems", 1_000L))),
                        GRAMMAR_TOO_COMPLEX));
    }

    private static List<Bomb> references() {
        return List.of(
                schema("a reference to itself", Map.of("$ref", "#"), INVALID_JSON_SCHEMA),
                schema("a reference to the reference back", loop(2), INVALID_JSON_SCHEMA),
                schema("a loop of 50 references", loop(50), INVALID_JSON_SCHEMA),
                schema("a chain of 2,000 references", chain(2_000), GRAMMAR_TOO_COMPLEX),
                schema(
                        "a loop through alternatives",
                        Map.of("anyOf", List.of(Map.of("type", "null"), Map.of("$ref", "#"))),
                        INVALID_JSON_SCHEMA),
                schema("a reference into nowhere", Map.of("$ref", "#/$defs/a"), INVALID_JSON_SCHEMA),
                schema(
                        "a reference to a server inside",
                        Map.of("$ref", "http://169.254.169.254/latest/meta-data"),
                        INVALID_JSON_SCHEMA),
                schema("a reference to a file", Map.of("$ref", "file:///etc/passwd"), INVALID_JSON_SCHEMA),
                schema(
                        "a reference to something that is no schema",
                        Map.of("$ref", "#/default", "default", Map.of("type", 7L)),
                        INVALID_JSON_SCHEMA),
                schema("a dynamic reference", Map.of("$dynamicRef", "#meta"), INVALID_JSON_SCHEMA));
    }

    private static List<Bomb> otherSchemas() {
        return List.of(
                schema(
                        "uniqueItems of 1,000",
                        Map.of("type", "array", "uniqueItems", true, "maxItems", 1_000L),
                        INVALID_JSON_SCHEMA),
                schema("a negation", Map.of("not", Map.of("pattern", "(a*)*")), INVALID_JSON_SCHEMA),
                schema("a bound of 10^308", Map.of("type", "integer", "minimum", 1e308), INVALID_JSON_SCHEMA),
                schema("a pattern with a backreference", pattern("^(a+)\\1$"), INVALID_JSON_SCHEMA),
                schema("a pattern counted a million times", pattern("(a{1000}){1000}"), GRAMMAR_TOO_COMPLEX),
                schema(
                        "60 patterns counted 1,000 times",
                        Map.of("properties", many(60, i -> pattern("a{1000}"))),
                        GRAMMAR_TOO_COMPLEX));
    }

    private static List<Bomb> patterns() {
        return List.of(
                regex("(", INVALID_GRAMMAR),
                regex("foo**", INVALID_GRAMMAR),
                regex("a{1000}{1000}", INVALID_GRAMMAR),
                regex("(a{1000}){2}", GRAMMAR_TOO_COMPLEX),
                regex("((a{100}){100}){100}", GRAMMAR_TOO_COMPLEX),
                regex("a{1001}", GRAMMAR_TOO_COMPLEX),
                regex("a{99999999999999999999}", GRAMMAR_TOO_COMPLEX),
                regex("a{1,2147483648}", GRAMMAR_TOO_COMPLEX),
                regex("(".repeat(1_000), GRAMMAR_TOO_COMPLEX),
                regex("(".repeat(500) + "a" + ")".repeat(500), GRAMMAR_TOO_COMPLEX),
                regex("(".repeat(100) + "a" + ")*".repeat(100), GRAMMAR_TOO_COMPLEX),
                regex("a".repeat(1_025), GRAMMAR_TOO_COMPLEX),
                regex("[" + "a-z".repeat(1_000) + "]", GRAMMAR_TOO_COMPLEX),
                regex("(?:a{900}|b)".repeat(80), GRAMMAR_TOO_COMPLEX),
                regex("(?=(a+))\\1", INVALID_GRAMMAR),
                regex("(a+)+(?<!b)", INVALID_GRAMMAR),
                regex("a++", INVALID_GRAMMAR),
                regex("[", INVALID_GRAMMAR),
                regex("[z-a]", INVALID_GRAMMAR),
                regex("\\", INVALID_GRAMMAR),
                regex("x{2,1}", INVALID_GRAMMAR),
                regex("\\p{L}{50}", INVALID_GRAMMAR));
    }

    private static List<Bomb> grammars() {
        return List.of(
                grammar("root ::= root \"a\" | \"a\"", INVALID_GRAMMAR),
                grammar("root ::= a\na ::= b?  c*  root \"x\"\nb ::= \"b\"\nc ::= \"\"", INVALID_GRAMMAR),
                grammar(rules(900, i -> "r" + i + " ::= r" + (i + 1) % 900) + "root ::= r0\n", INVALID_GRAMMAR),
                grammar("root ::= \"a\" root", INVALID_GRAMMAR),
                grammar("root ::= \"never closed", INVALID_GRAMMAR),
                grammar("root ::= [never closed", INVALID_GRAMMAR),
                grammar("root ::= ((((\"a\"", INVALID_GRAMMAR),
                grammar("root ::= \"a\"**", INVALID_GRAMMAR),
                grammar("root ::= nobody", INVALID_GRAMMAR),
                grammar("rood ::= \"a\"", INVALID_GRAMMAR),
                grammar("", INVALID_GRAMMAR),
                grammar("root ::= " + "(".repeat(30_000), GRAMMAR_TOO_COMPLEX),
                grammar("root ::= " + "(".repeat(5_000) + "\"a\"" + ")*".repeat(5_000), GRAMMAR_TOO_COMPLEX),
                grammar("root ::= (\"a\"{1000}){1000}", GRAMMAR_TOO_COMPLEX),
                grammar("root ::= \"a\"{99999999999}", GRAMMAR_TOO_COMPLEX),
                grammar("root ::= " + "\"a\"{1000} ".repeat(100), GRAMMAR_TOO_COMPLEX),
                grammar("root ::= \"a\"" + "|\"a\"".repeat(10_000), GRAMMAR_TOO_COMPLEX),
                grammar(rules(2_000, i -> "r" + i + " ::= \"a\""), GRAMMAR_TOO_COMPLEX),
                grammar("# ".repeat(40_000), GRAMMAR_TOO_COMPLEX));
    }

    private static List<Bomb> choicesAndTags() {
        return List.of(
                new Bomb("10,000 choices", new ResponseFormat.Choice(texts(10_000), "p"), GRAMMAR_TOO_COMPLEX),
                new Bomb(
                        "a choice of a megabyte",
                        new ResponseFormat.Choice(List.of("x".repeat(1 << 20)), "p"),
                        GRAMMAR_TOO_COMPLEX),
                new Bomb("an empty choice", new ResponseFormat.Choice(List.of("a", ""), "p"), INVALID_GRAMMAR),
                tag("200 levels of sequences", nestedTags(200), GRAMMAR_TOO_COMPLEX),
                tag("a tag of a kind that nobody knows", Map.of("type", "recursive"), INVALID_GRAMMAR),
                tag(
                        "a bomb inside of a tag",
                        Map.of("type", "regex", "pattern", "(a{1000}){1000}"),
                        GRAMMAR_TOO_COMPLEX),
                tag(
                        "6,000 literal texts",
                        Map.of("type", "or", "elements", repeated(6_000, Map.of("type", "const_string", "value", "a"))),
                        GRAMMAR_TOO_COMPLEX));
    }

    /**
     * Parameters of functions that are taken: small schemas, but with 30 references from each definition to the next they are trees of
     * millions of leaves, which list strings, or none, or are no strings; and one whose 600 parameters are each one of 600.
     */
    static List<Map<String, ?>> wideParameters() {
        return List.of(
                wide(5, Map.of("const", "x")),
                wide(5, Map.of("type", "string")),
                wide(5, Map.of("type", "integer")),
                Map.of(
                        "properties", many(600, i -> Map.of("$ref", "#/$defs/p0")),
                        "$defs",
                                Map.of(
                                        "p0",
                                        Map.of("anyOf", repeated(600, Map.of("$ref", "#/$defs/p1"))),
                                        "p1",
                                        Map.of("const", "x")),
                        "type", "object"));
    }

    private static Map<String, ?> wide(int levels, Map<String, ?> leaf) {
        Map<String, ?> definitions = many(
                levels + 1,
                i -> i == levels ? leaf : Map.of("anyOf", repeated(30, Map.of("$ref", "#/$defs/p" + (i + 1)))));
        return Map.of("type", "object", "properties", Map.of("p0", Map.of("$ref", "#/$defs/p0")), "$defs", definitions);
    }

    private static Bomb schema(String name, Map<String, ?> schema, ErrorCode code) {
        return new Bomb("schema: " + name, new ResponseFormat.GuidedJson(schema, "p"), code);
    }

    private static Bomb regex(String pattern, ErrorCode code) {
        return new Bomb("regex: " + Place.shown(pattern), new ResponseFormat.Regex(pattern, "p"), code);
    }

    private static Bomb grammar(String grammar, ErrorCode code) {
        return new Bomb("grammar: " + Place.shown(grammar), new ResponseFormat.Grammar(grammar, "p"), code);
    }

    private static Bomb tag(String name, Map<String, ?> format, ErrorCode code) {
        return new Bomb("tag: " + name, new ResponseFormat.StructuralTag(Map.of("format", format), "p"), code);
    }

    private static Map<String, ?> nested(int levels, String keyword) {
        Map<String, ?> schema = Map.of();
        for (int i = 0; i < levels; i++) {
            schema = Map.of(keyword, schema);
        }
        return schema;
    }

    private static Map<String, ?> nestedProperties(int levels) {
        Map<String, ?> schema = Map.of();
        for (int i = 0; i < levels; i++) {
            schema = Map.of("properties", Map.of("a", schema));
        }
        return schema;
    }

    private static Map<String, ?> nestedLists(int levels, String keyword) {
        Map<String, ?> schema = Map.of();
        for (int i = 0; i < levels; i++) {
            schema = Map.of(keyword, List.of(schema));
        }
        return schema;
    }

    private static Map<String, ?> nestedTags(int levels) {
        Map<String, ?> tag = Map.of("type", "any_text");
        for (int i = 0; i < levels; i++) {
            tag = Map.of("type", "sequence", "elements", List.of(tag));
        }
        return tag;
    }

    private static Map<String, ?> many(int count, IntFunction<Map<String, ?>> schema) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        IntStream.range(0, count).forEach(i -> named.put("p" + i, schema.apply(i)));
        return named;
    }

    private static List<?> repeated(int count, Map<String, ?> schema) {
        return Collections.nCopies(count, schema);
    }

    private static List<?> constants(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Map.of("const", (long) i))
                .toList();
    }

    private static List<Long> numbers(int count) {
        return IntStream.range(0, count).mapToObj(i -> (long) i).toList();
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(i -> "c" + i).toList();
    }

    private static Map<String, ?> enumerations(int count, int each) {
        return Map.of("properties", many(count, i -> Map.of("enum", numbers(each))));
    }

    private static Map<String, ?> pattern(String pattern) {
        return Map.of("type", "string", "pattern", pattern);
    }

    private static Map<String, ?> loop(int length) {
        Map<String, ?> definitions = many(length, i -> Map.of("$ref", "#/$defs/p" + (i + 1) % length));
        return Map.of("$ref", "#/$defs/p0", "$defs", definitions);
    }

    private static Map<String, ?> chain(int length) {
        Map<String, ?> definitions =
                many(length, i -> i == length - 1 ? Map.of() : Map.of("$ref", "#/$defs/p" + (i + 1)));
        return Map.of("$ref", "#/$defs/p0", "$defs", definitions);
    }

    private static String rules(int count, IntFunction<String> rule) {
        return IntStream.range(0, count).mapToObj(rule).collect(joining("\n", "", "\n"));
    }
}
