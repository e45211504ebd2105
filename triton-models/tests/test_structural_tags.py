"""Structural tags, each format node by the texts it lets through and those it does not."""

import json

import pytest
from characters import COMPILED, THINK, compiled, complete, refused, text_of

from executor.request import GuideType

CITY = {
    "type": "object",
    "properties": {"city": {"enum": ["Rome"]}},
    "required": ["city"],
    "additionalProperties": False,
}
WEATHER = {
    "type": "tag",
    "begin": "<f=weather>",
    "content": {"type": "json_schema", "json_schema": CITY},
    "end": "</f>",
}
TIME = {"type": "tag", "begin": "<f=time>", "content": {"type": "regex", "pattern": "[a-z]+"}, "end": "</f>"}
ROME, NOON = '<f=weather>{"city":"Rome"}</f>', "<f=time>noon</f>"
TRIGGERED = {"type": "triggered_tags", "triggers": ["<f="], "tags": [WEATHER, TIME]}
SEPARATED = {"type": "tags_with_separator", "tags": [WEATHER, TIME], "separator": ", "}
ANY = {"type": "any_text"}


def const(value):
    return {"type": "const_string", "value": value}


def sequence(*elements):
    return {"type": "sequence", "elements": list(elements)}


def tag(content, begin="<a>", end="</a>"):
    return {"type": "tag", "begin": begin, "content": content, "end": end}


def document(form):
    return json.dumps({"type": "structural_tag", "format": form})


FORMATS = [
    (const('say "hé"\n'), ['say "hé"\n'], ["say", 'say "hé"\n!']),
    ({"type": "json_schema", "json_schema": CITY}, ['{"city":"Rome"}'], ['{"city": "Rome"}']),
    ({"type": "json_schema", "json_schema": True, "style": "json"}, ["1", "[]"], ["x"]),
    ({"type": "regex", "pattern": "^a/b\\d+$"}, ["a/b12"], ["a/b"]),
    ({"type": "grammar", "grammar": 'root ::= [0-9]+ "!"'}, ["12!"], ["12"]),
    (ANY, ["", "anything\nat all"], []),
    ({"type": "or", "elements": [const("yes"), const("no")]}, ["yes", "no"], ["yesno"]),
    (sequence(const("a"), const(""), const("b")), ["ab"], ["a"]),
    (tag(ANY), ["<a></a>", "<a>x</b>\n</a>"], ["<a>x", "<a>x</a>y"]),
    (tag(ANY, end=["</a>", "</b>"]), ["<a>x</b>", "<a>x</a>"], ["<a>x</a></b>"]),
    (tag({"type": "regex", "pattern": ".*"}, "[", "]"), ["[a]", "[]"], ["[a]]"]),
    (tag({"type": "grammar", "grammar": "root ::= [a-z\\]]+"}, "[", "]"), ["[ab]", "[a]]"], ["[]"]),
    (tag(tag(ANY, "(", ")")), ["<a>(</a>)</a>"], ["<a>(</a>"]),
    (tag(ANY, end=""), ["<a>x"], ["x"]),
    (sequence(tag(ANY), const("\n\n"), tag(ANY, "<b>", "</b>")), ["<a>x</a>\n\n<b>y</b>"], ["<a>x</a>"]),
    (sequence(ANY, const("END")), ["xENxEND", "END"], ["x", "xEND!"]),
    (sequence(ANY, tag(ANY, "(", ")")), ["x(y)", "()"], ["x", "x(y"]),
    (sequence({"type": "or", "elements": [tag(ANY), const("-")]}, const("z")), ["<a></a>z", "-z"], ["-"]),
    (TRIGGERED, ["", "hi <f", f"hi {NOON} and {ROME}{NOON}"], ["<f=", "hi <f=foo>", "<f=time>12</f>"]),
    ({**TRIGGERED, "stop_after_first": True}, ["hi", f"hi {NOON}"], [f"{NOON}.", "<f="]),
    ({**TRIGGERED, "at_least_one": True}, [NOON, f"{NOON} and {ROME}."], ["", "hi", f"hi {NOON}"]),
    ({**TRIGGERED, "at_least_one": True, "stop_after_first": True}, [NOON, ROME], ["", f"{NOON}{ROME}"]),
    (tag(TRIGGERED), ["<a>hi</a>", f"<a>hi {NOON}, {ROME}</a>"], ["<a><f=x</a>", f"<a>{NOON}"]),
    (sequence(tag(ANY), TRIGGERED), [f"<a>x <f= y</a> then {NOON}"], ["hi"]),
    (SEPARATED, ["", NOON, f"{NOON}, {ROME}, {NOON}"], ["x", f"{NOON},", f"{NOON}{NOON}"]),
    ({**SEPARATED, "at_least_one": True}, [NOON, f"{NOON}, {ROME}"], [""]),
    ({**SEPARATED, "stop_after_first": True}, ["", NOON], [f"{NOON}, {NOON}"]),
    (tag(SEPARATED, "[", "]"), ["[]", f"[{NOON}, {ROME}]"], [f"[{NOON},]"]),
]


@pytest.mark.parametrize(("form", "right", "wrong"), FORMATS)
def test_a_format_lets_its_texts_through(form, right, wrong):
    guide = compiled(GuideType.STRUCTURAL_TAG, document(form))
    assert [text for text in right if not complete(guide, text)] == []
    assert [text for text in wrong if complete(guide, text)] == []


def test_every_format_is_tried():
    names = {form["type"] for form, _, _ in FORMATS}
    told = refused(GuideType.STRUCTURAL_TAG, document({"type": "nope"}))
    assert names == set(told.split("(expected: ")[1][:-1].split(", "))


class TestControlTokens:
    def test_as_begin_and_end_of_a_tag(self):
        guide = compiled(GuideType.STRUCTURAL_TAG, document(tag(ANY, "<think>", "<think>")))
        assert complete(guide, [THINK, *text_of("anything </think>"), THINK])
        assert not complete(guide, "<think>anything<think>")

    def test_as_trigger(self):
        tags = [tag(const("x"), "<think>go", "<end>")]
        form = {"type": "triggered_tags", "triggers": ["<think>"], "tags": tags}
        guide = compiled(GuideType.STRUCTURAL_TAG, document(form))
        assert complete(guide, [*text_of("hi "), THINK, *text_of("gox"), THINK - 1, *text_of(" bye")])
        assert not complete(guide, [*text_of("hi"), THINK, *text_of("no")])
        assert complete(guide, "this is <think> as text")

    def test_in_the_middle_of_a_marker(self):
        guide = compiled(GuideType.STRUCTURAL_TAG, document(tag(ANY, "(", "\n<think>)")))
        assert complete(guide, [*text_of("(a\nb\n"), THINK, *text_of(")")])
        assert not complete(guide, [*text_of("(a"), THINK, *text_of(")")])


def test_the_older_form_is_triggered_tags():
    structures = [{"begin": "<f=weather>", "schema": CITY, "end": "</f>"}]
    older = {"type": "structural_tag", "structures": structures, "triggers": ["<f="]}
    guide = compiled(GuideType.STRUCTURAL_TAG, json.dumps(older))
    assert complete(guide, f"hi {ROME} bye")
    assert not complete(guide, "<f=")


def test_a_tree_is_written_once_however_often_it_is_needed():
    form = ANY
    for number in range(20):
        inner = tag(form, f"<{number}>", f"</{number}>")
        form = {"type": "triggered_tags", "triggers": [f"<{number}>"], "tags": [inner], "at_least_one": True}
    assert refused(GuideType.STRUCTURAL_TAG, document(form)) == COMPILED


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"type": "nope"}, "format.type: nope (expected: const_string, "),
        ({}, "format.type: None"),
        ({"type": "const_string"}, "format.value: a text is expected"),
        ({"type": "const_string", "value": "x", "extra": 1}, "format.extra: not supported"),
        ({"type": "any_text", "max_tokens": 3}, "format.max_tokens: not supported"),
        ({"type": "json_schema", "json_schema": {}, "style": "qwen_xml"}, "format.style: qwen_xml (expected: json)"),
        ({"type": "json_schema", "json_schema": {"type": "x"}}, "failed to compile JSON schema: Invalid type: x"),
        ({"type": "regex", "pattern": "(a"}, 'invalid regex "(a"'),
        ({"type": "grammar", "grammar": "root ::="}, COMPILED),
        ({"type": "grammar", "grammar": "root = x"}, "line 1: ::= is expected"),
        ({"type": "sequence", "elements": []}, "format.elements: at least one is expected"),
        (sequence(ANY, {"type": "json_schema", "json_schema": {}}), "format.elements[0]: any_text needs an end"),
        (sequence(const("a"), "b"), "format.elements[1].type: None"),
        (sequence(TRIGGERED, SEPARATED), "format.elements[0]: triggered_tags need an end"),
        (tag(ANY, end=[]), "format.end: a text, or a list"),
        (tag(ANY, end=["x", ""]), "format.end: a text, or a list"),
        ({**TRIGGERED, "triggers": ["x"]}, "format.tags[0].begin: begins with 0 of the triggers"),
        ({**TRIGGERED, "triggers": ["<", "<f="]}, "format.tags[0].begin: begins with 2 of the triggers"),
        ({**TRIGGERED, "triggers": ["<f=", "?"]}, 'format.triggers: no tag begins with "?"'),
        ({**TRIGGERED, "at_least_one": 1}, "format.at_least_one: true or false is expected"),
        ({**SEPARATED, "tags": [ANY]}, "format.tags[0]: a tag is expected"),
        ({**SEPARATED, "tags": [tag(ANY, end="")]}, "format.tags[0].content: any_text needs an end"),
    ],
)
def test_a_malformed_format_is_refused_with_its_place(form, told):
    assert (
        refused(GuideType.STRUCTURAL_TAG, document(form))
        .removeprefix("guided decoding: invalid guide: structural_tag: ")
        .startswith(told)
    )


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"type":"structural_tag"}', '{"type":"x","format":{"type":"any_text"}}']
)
def test_what_is_no_structural_tag_is_refused(text):
    assert refused(GuideType.STRUCTURAL_TAG, text).startswith("guided decoding: invalid guide: structural_tag: ")
