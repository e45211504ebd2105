"""What the real model writes under a JSON Schema satisfies it, by the judgement of another library; it is compact."""

import json
from collections import Counter
from pathlib import Path

import pytest
from guided import ask, ask_all, guide, most_finished
from jsonschema import Draft202012Validator

CASES = [json.loads(line) for line in (Path(__file__).parent / "data" / "guide_schemas.jsonl").read_text().splitlines()]
CLASSES = 20


def faults(schema, text):
    """Why `text` is no compact JSON that satisfies the schema; empty when it is."""
    try:
        value = json.loads(text)
    except ValueError as fault:
        return [str(fault)]
    checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [fault.message for fault in checker.iter_errors(value)] + _loose(text)


def _loose(text):
    """White space outside of strings."""
    outside = "".join(text.replace("\\\\", "").replace('\\"', "").split('"')[::2])
    return ["white space"] if any(char.isspace() for char in outside) else []


def test_the_schemas_are_of_all_classes():
    assert len(CASES) >= 200
    assert len(Counter(case["class"] for case in CASES)) >= CLASSES
    for case in CASES:
        Draft202012Validator.check_schema(case["schema"])


def test_the_judge_finds_faults():
    schema = {"type": "object", "properties": {"day": {"format": "date"}}}
    assert not faults(schema, '{"day":"2024-02-29","a b":" \\" "}')
    assert faults(schema, '{"day":"2023-02-29"}')
    assert faults(schema, '{"day": "2024-02-29"}') == ["white space"]
    assert faults(schema, '{"day"')


def test_every_finished_answer_satisfies_its_schema(client):
    answers = ask_all(client, [guide("json_schema", case["schema"]) for case in CASES], "JSON", tokens=120)
    assert [answer.error for answer in answers if answer.error] == []
    wrong = [
        (case["schema"], answer.text, found)
        for case, answer in zip(CASES, answers, strict=True)
        if answer.finished and (found := faults(case["schema"], answer.text))
    ]
    assert wrong == []
    assert most_finished(answers)


def test_any_json_is_an_object(client):
    answers = ask_all(client, [guide("json")] * 8, "A tiny JSON object", tokens=120)
    finished = [answer for answer in answers if answer.finished]
    assert finished
    for answer in finished:
        assert not faults({"type": "object"}, answer.text), answer.text


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"const": {"a": [1, {"b": None}], "c": "d e"}}, '{"a":[1,{"b":null}],"c":"d e"}'),
        ({"const": 1, "x-guidance": {"whitespace_flexible": True}}, "1"),
    ],
)
def test_constants_come_out_compact(client, schema, text):
    assert ask(client, guide("json_schema", schema)).text == text


@pytest.mark.parametrize(
    ("schema", "detail"),
    [
        ("{", "no JSON"),
        ("[]", "an object or a boolean is expected"),
        ({"type": "nothing"}, "Invalid type: nothing"),
        ({"type": "string", "format": "iri"}, "iri"),
        ({"not": {"type": "string"}}, "not"),
        ({"type": "array", "uniqueItems": True}, "uniqueItems"),
        ({"$ref": "https://example.com/other.json"}, "example.com"),
        ({"$ref": "#/$defs/missing"}, "missing"),
        ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, "oneOf"),
        ({"type": "string", "pattern": "(?=a)b"}, "(?=a)b"),
        ({"allOf": [{"type": "string"}, {"type": "null"}]}, "Unsatisfiable"),
        (False, "false"),
        ({"type": "object", "minProperties": 2}, "minProperties: 2 (expected: at most one more than required has)"),
    ],
)
def test_what_cannot_be_kept_is_refused_before_anything_is_written(client, schema, detail):
    answer = ask(client, guide("json_schema", schema))
    assert answer.error.startswith("guided decoding: invalid guide: json_schema: "), answer.error
    assert detail in answer.error
