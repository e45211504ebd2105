package dev.conch.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputConstraint.AnyJson;
import dev.conch.generation.OutputConstraint.Ebnf;
import dev.conch.generation.OutputConstraint.Regex;
import dev.conch.openai.ResponseFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked for otherwise than by a schema: text, patterns, grammars, choices. */
class ConstraintsTest {
    private static final Constraints CONSTRAINTS = new Constraints(System::nanoTime);

    @Test
    void makesNothingOfText() {
        assertThat(CONSTRAINTS.of(new ResponseFormat.Text())).isNull();
        assertThat(CONSTRAINTS.of(new ResponseFormat.JsonObject())).isEqualTo(new AnyJson());
        assertThat(CONSTRAINTS.of(new ResponseFormat.JsonSchema(Map.of(), true, "p")))
                .isEqualTo(new AnyJson());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                abc | abc
                ^a;b$ | a;b
                \\d+\\D | [0-9]+[^0-9]
                \\s\\w | [\\t-\\n\f-\\r ][0-9A-Z_a-z]
                . | [^\\n]
                (?P<year>\\d{4})-(?<m>\\d\\d) | [0-9]{4}-[0-9][0-9]
                (?:a;b)+? | (?:a;b)+
                ((a*)*)+ | a*
                [^\\x00-\\x20] | [!-\uDBFF\uDFFF]
                [\\^a-] | [a\\-\\^]
                [\\^] | \\^
                [[:digit:]x] | [0-9x]
                [^\\D] | [0-9]
                \\u0041\\x42\\x{43} | ABC
                a{2}b{3,}c{0,1} | a{2}b{3,}c?
                \\{a\\} {x} | \\{a\\} \\{x\\}
                a{0} | ``
                (a;) | a;
                """)
    void writesPatternsInWordsThatAllEnginesShare(String pattern, String shared) {
        assertThat(CONSTRAINTS.of(new ResponseFormat.Regex(pattern.replace(';', '|'), "guided_regex")))
                .isEqualTo(new Regex(shared == null ? "" : shared.replace(';', '|')));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a^b",
                "a$b",
                "(^a)*",
                "(a$)b",
                "\\bfoo",
                "(?i)a",
                "(?P=n)",
                "\\k<n>",
                "\\Qa\\E",
                "\\C",
                "[[:nonsense:]]",
                "a{,5}",
                "x\\0",
                "[^\\x00-\\x{10FFFF}]",
                "\\x{D800}",
                "\\u12",
                ")",
                "*",
                "(?<1",
                "(?<n",
                "a{2}{3}",
                "[a",
                "[a-\\d"
            })
    void refusesPatternsThatEnginesDoNotShare(String pattern) {
        var refusal = catchThrowableOfType(
                GenerationException.class, () -> CONSTRAINTS.of(new ResponseFormat.Regex(pattern, "guided_regex")));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_GRAMMAR);
        assertThat(refusal.param()).isEqualTo("guided_regex");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                root ::= "a" ; "b" | root ::= "a" ; "b"~
                x-y ::= [0-9]+~root ::= x-y? # comment | root ::= r1?~r1 ::= [0-9]+~
                root ::= a ;~  b~a::="x"~b ::= ("y")* | root ::= r1 ; r2~r1 ::= "x"~r2 ::= "y"*~
                root ::= ("a"+)? [^^\\]-] | root ::= ("a"+ "")? [^-\\]^]~
                root ::= "\\u0001a\\"\\/" | root ::= "\\x01" "a\\"/"~
                root ::= "(" root ")" ; "" | root ::= ("(" root ")") ; ""~
                root ::= "a"{ 2 , 3 } "b"{2} "c"{1,} | root ::= "a"{2,3} "b"{2} "c"+~
                """)
    void writesGrammarsInWordsThatAllEnginesShare(String grammar, String shared) {
        String asked = grammar.replace('~', '\n').replace(';', '|');
        assertThat(CONSTRAINTS.of(new ResponseFormat.Grammar(asked, "guided_grammar")))
                .isEqualTo(new Ebnf(shared.replace('~', '\n').replace(';', '|')));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                root ::= . | '.'
                root ::= Regex("a") | macros
                root[max_tokens=3] ::= "a" | options
                root ::= (="a") | lookahead
                root ::= [\\d] | escape
                root ::= [] | without characters
                root ::= "a" "\\x123" | two digits
                root ::= "a"~root ::= "b" | twice
                root ::= "a"{,3} | repeat
                root ::= "a" ) | name of a rule
                root = "a" | '::='
                root ::= x~x ::= "" x | never comes to an end
                root ::= "" root ; "a" | begins with itself
                root ::= a~a ::= "x"~b ::= c | 'c' is not defined
                """)
    void refusesGrammarsByWhatIsWrong(String grammar, String word) {
        var refusal = catchThrowableOfType(
                GenerationException.class,
                () -> CONSTRAINTS.of(
                        new ResponseFormat.Grammar(grammar.replace('~', '\n').replace(';', '|'), "guided_grammar")));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_GRAMMAR);
        assertThat(refusal.clientMessage()).contains(word);
    }

    @Test
    void spellsChoicesAsAGrammar() {
        assertThat(CONSTRAINTS.of(
                        new ResponseFormat.Choice(List.of("yes", "n\"o\\\n", "yes", "\u0007!"), "guided_choice")))
                .isEqualTo(new Ebnf("root ::= \"yes\" | \"n\\\"o\\\\\\n\" | (\"\\x07\" \"!\")\n"));
    }
}
