"""From a guide to what it lets through, without a model: grammars, structural tags, end tokens, errors."""

import json

import pytest
from characters import END, THINK, after, allows, compiled, complete, fault, refused, text_of

from executor.guided.errors import GuideError
from executor.guided.guides import MOST_BYTES, guide_of
from executor.request import Guide, GuideType


def ebnf(text):
    return compiled(GuideType.EBNF_GRAMMAR, text)


def test_a_guide_is_named_by_two_tensors():
    assert guide_of(b"", b"") is None
    assert guide_of(b"json", b"whatever") == Guide(GuideType.JSON)
    assert guide_of(b"regex", "é+".encode()) == Guide(GuideType.REGEX, "é+")


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        (
            b"choice",
            b"x",
            "unknown guide type: choice (expected: json, json_schema, regex, ebnf_grammar, structural_tag)",
        ),
        (b"", b"x", "unknown guide type: (empty) (expected: json"),
        (b"regex", b"", "invalid guide: regex: guided_decoding_guide is absent or empty"),
        (b"regex", b"\xff", "invalid guide: regex: no UTF-8"),
        (b"regex", b"a" * (MOST_BYTES + 1), "limit exceeded: regex: 262145 bytes (expected: at most 262144)"),
    ],
)
def test_what_is_no_guide_is_refused(kind, text, told):
    with pytest.raises(GuideError) as raised:
        guide_of(kind, text)
    assert str(raised.value).startswith(f"guided decoding: {told}")
    assert raised.value.invalid


@pytest.mark.parametrize("pattern", ["[a-c]{2}/\\d", "^[a-c]{2}/\\d$"])
def test_a_regex_is_of_the_whole_answer(pattern):
    regex = compiled(GuideType.REGEX, pattern)
    assert complete(regex, "ab/7")
    assert not allows(regex, "ad")
    assert not complete(regex, "ab/")


def test_a_dollar_may_be_meant():
    assert complete(compiled(GuideType.REGEX, "a\\$"), "a$")
    assert complete(compiled(GuideType.REGEX, "a\\\\$"), "a\\")


@pytest.mark.parametrize(
    ("grammar", "right", "wrong"),
    [
        ('root ::= "yes" | "no"', ["yes", "no"], ["y", "noo"]),
        ('root ::= "a" |\n  "b"\n| "c" # the last\n', ["a", "b", "c"], ["d"]),
        ('root ::= item ("," item)*\nitem ::= [0-9]{1,2}', ["1", "12,3"], ["123", "1,"]),
        ('root ::= item{2,} x?\nitem ::= "a"\nx ::= "b"', ["aa", "aaab"], ["a", "aabb"]),
        ('root ::= e\ne ::= e "+" t | t\nt ::= [0-9]+ | "(" e ")"', ["1+(2+3)", "12"], ["1+", "(1"]),
        ("root ::= [^a-c/]+", ["xyz"], ["a", "/"]),
        (r'root ::= "\u00e9\x41\n\"\\" [\]\-^]+', ['éA\n"\\]-^'], ["éA"]),
        ("root ::= [a&&b~~|-]+", ["a&&b~~|-"], ["c"]),
        ('root ::= foo-Bar foo_bar\nfoo-Bar ::= "a"\nfoo_bar ::= "b"?', ["a", "ab"], ["b"]),
        ('root ::= . "z"', ["\nz", "éz"], ["z"]),
        ('root ::= "" | "a"', ["", "a"], ["b"]),
        ('root ::= x("1" | x)\nx ::= "a"', ["a1", "aa"], ["a"]),
        ('root ::= "a" root "b" | "ab"', ["ab", "aabb", "aaabbb"], ["aab", "ba"]),
    ],
)
def test_a_grammar_lets_its_texts_through(grammar, right, wrong):
    guide = ebnf(grammar)
    assert [text for text in right if not complete(guide, text)] == []
    assert [text for text in wrong if complete(guide, text)] == []


@pytest.mark.parametrize(
    ("grammar", "text"),
    [
        ('root ::= word "z" rest\nword ::= [a-z]*\nrest ::= "(" rest ")" | "."', "abz(.)"),
        ('root ::= x "]" y\nx ::= [a-z\\]]+\ny ::= "!" y | "."', "a]!."),
        ('root ::= ("(" root ")" | [a-y]+) [a-z]{2}', "(ayz)bz"),
    ],
)
def test_a_part_that_could_swallow_what_follows_still_ends(grammar, text):
    assert complete(ebnf(grammar), text)


@pytest.mark.parametrize(
    ("grammar", "told"),
    [
        ("", "no rule is named root"),
        ('x ::= "a"', "no rule is named root"),
        ("root ::= x", "rule x is not defined"),
        ('root ::= "a', "line 1: the grammar ends too early"),
        ('root ::= ("a"', "line 1: ) is expected"),
        ("root ::= [z-a]", "line 1: the range is out of order"),
        ("root ::= []", "line 1: the class is empty"),
        ('root ::= (= "a")', "line 1: lookahead (= ...) is not supported"),
        ('root ::= "a" {2,1}', "line 1: the repetition has no end"),
        ('root ::= "a" {2000000}', "line 1: more than 100000 repetitions"),
        ('root ::= "\\q"', "line 1: the escape \\q is not known"),
        ('root ::= "\\ud800"', "line 1: the escape \\ud800 is no character"),
        ('root ::= "a"\nroot ::= "b"', "line 2: rule root is defined twice"),
        ("root = x", "line 1: ::= is expected"),
        ("root ::= root", "no text of rule root has an end"),
        ('root ::= "b" | x\nx ::= "a" x', "no text of rule x has an end"),
        ('root ::= TagDispatch(("a", root))', "line 1:"),
        ("root ::= " + "(" * 200, "line 1: parentheses are more than 100 deep"),
    ],
)
def test_a_malformed_grammar_is_refused_with_its_line(grammar, told):
    assert refused(GuideType.EBNF_GRAMMAR, grammar).startswith(f"guided decoding: invalid guide: ebnf_grammar: {told}")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (GuideType.JSON_SCHEMA, "[" * 5000),
        (GuideType.JSON_SCHEMA, '{"anyOf":[' * 3000 + "{}" + "]}" * 3000),
        (GuideType.STRUCTURAL_TAG, '{"a":' * 20000 + "1" + "}" * 20000),
        (GuideType.REGEX, "(" * 5000 + "a" + ")" * 5000),
    ],
)
def test_what_is_nested_too_deep_is_refused(kind, text):
    assert refused(kind, text).startswith("guided decoding: ")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (GuideType.REGEX, "(((a{50}){50}){50}){50}"),
        (GuideType.REGEX, "(a|b)*a(a|b){300}"),
        (GuideType.EBNF_GRAMMAR, 'root ::= "a"{9999} x{9999}\nx ::= "b"{9999}'),
        (GuideType.EBNF_GRAMMAR, 'root ::= e\ne ::= e e | "a" | "a" e "a"'),
    ],
)
def test_a_costly_guide_goes_on_or_says_why_not(kind, text):
    told = fault(lambda: after(compiled(kind, text), "a" * 60))
    assert told is None or told.startswith("guided decoding: limit exceeded: ")


def test_a_long_chain_of_rules_is_followed():
    rules = [f"r{number} ::= r{number + 1}" for number in range(2000)]
    assert complete(ebnf("\n".join(["root ::= r0", *rules, 'r2000 ::= "a"'])), "a")


def test_control_tokens_in_a_literal_are_tokens_and_other_text_is_text():
    guide = ebnf('root ::= "<think>" [a-z]+ "</b>"')
    assert complete(guide, [THINK, *text_of("abc</b>")])
    assert not allows(guide, "<think>")


def test_a_control_token_is_in_no_free_text():
    assert not allows(compiled(GuideType.REGEX, ".*"), [THINK])
    assert complete(compiled(GuideType.JSON_SCHEMA, '{"const":"<think>"}'), '"<think>"')


class TestEndTokens:
    def test_they_are_allowed_where_the_answer_may_end_and_nowhere_else(self):
        guide = compiled(GuideType.REGEX, "ab?")
        assert not allows(guide, [END], end_id=END)
        assert allows(guide, [*text_of("a"), END], end_id=END)

    def test_several_are_all_allowed_if_they_are_control_tokens(self):
        guide = compiled(GuideType.REGEX, "ab?")
        ends = {END, THINK}
        assert allows(guide, [*text_of("a"), END], end_id=END, end_ids=ends)
        assert allows(guide, [*text_of("a"), THINK], end_id=END, end_ids=ends)

    def test_a_stop_word_of_ordinary_text_comes_where_the_guide_has_it(self):
        [b] = text_of("b")
        assert not allows(compiled(GuideType.REGEX, "a(c)?"), [*text_of("a"), b], end_ids={b})
        assert allows(compiled(GuideType.REGEX, "ab"), [*text_of("a"), b], end_ids={b})

    def test_one_inside_of_the_guide_may_only_come_where_it_is_the_last(self):
        last, inner = ebnf('root ::= "a" "<think>"'), ebnf('root ::= "a" "<think>" "b"')
        assert allows(last, [*text_of("a"), THINK], end_ids={THINK})
        assert not allows(inner, [*text_of("a"), THINK], end_ids={THINK})
        assert allows(inner, [*text_of("a"), THINK])


def test_nothing_can_follow_a_complete_answer():
    state = compiled(GuideType.REGEX, "ab").start()
    for token in text_of("ab"):
        assert not state.is_complete
        state.accept(token)
    assert state.is_complete


def test_sequences_of_one_guide_do_not_disturb_each_other():
    guide = ebnf('root ::= "a"{3} | "b"{3}')
    one, other = guide.start(), guide.start()
    one.accept(*text_of("a"))
    other.accept(*text_of("b"))
    assert complete(guide, "aaa")
    assert not one.is_complete
    for token in text_of("bb"):
        other.accept(token)
    assert other.is_complete


def test_more_keys_than_can_be_told_apart_are_not_asked_for():
    schema = {"type": "object", "required": ["a"], "additionalProperties": {"const": 1}}
    told = refused(GuideType.JSON_SCHEMA, json.dumps({**schema, "minProperties": 3}))
    assert told.startswith("guided decoding: invalid guide: json_schema: minProperties: 3")
    guide = compiled(GuideType.JSON_SCHEMA, json.dumps({**schema, "minProperties": 2}))
    assert complete(guide, '{"a":1,"b":1}')
    assert not allows(guide, '{"a":1,"a"')


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        ("date", ["2024-02-29", "2000-02-29", "1999-12-31"], ["2023-02-29", "1900-02-29", "2024-04-31", "0000-01-01"]),
        ("time", ["23:59:59Z", "00:00:00.5+01:00"], ["23:59:60Z", "24:00:00Z", "12:00:00"]),
        ("date-time", ["2024-02-29T00:00:00Z"], ["2023-02-29T00:00:00Z", "2024-02-29T00:00:60Z"]),
    ],
)
def test_dates_and_times_are_those_that_there_are(form, right, wrong):
    guide = compiled(GuideType.JSON_SCHEMA, json.dumps({"type": "string", "format": form}))
    assert [text for text in right if not complete(guide, f'"{text}"')] == []
    assert [text for text in wrong if complete(guide, f'"{text}"')] == []


def test_what_is_no_schema_in_a_schema_stays_as_it_is():
    constant = {"format": "date", "minProperties": 9}
    assert complete(
        compiled(GuideType.JSON_SCHEMA, json.dumps({"const": constant})), '{"format":"date","minProperties":9}'
    )


def test_property_order_and_separators_of_json_are_fixed():
    schema = {
        "properties": {"b": {"const": 1}, "a": {"const": 2}},
        "required": ["a", "b"],
        "additionalProperties": False,
    }
    guide = compiled(GuideType.JSON_SCHEMA, json.dumps({"type": "object", **schema}))
    assert complete(guide, '{"b":1,"a":2}')
    assert not allows(guide, '{"a')
    assert not allows(guide, '{"b": ')
