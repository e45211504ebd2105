"""Answers of a form that was asked for, at temperature 1, each CONCH_REPEATS times (10). Form and rules: probe.py."""

import json
import re
from typing import Annotated, Literal, Optional, Union

from pydantic import BaseModel, Field

from live_server import ask, chat_parameters, check, client, complete, expect, expect_equal, expect_error, expect_refusal, run_checks, text_of
from openai import BadRequestError
from repeats import repeats

FREE = {"max_completion_tokens": 200, "temperature": 1}
SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 12},
        "legs": {"type": "integer", "minimum": 0, "maximum": 99},
        "tags": {"type": "array", "items": {"enum": ["wild", "tame", "größer"]}, "maxItems": 3},
    },
    "required": ["name", "legs", "tags"],
    "additionalProperties": False,
}

# What no engine keeps to stands beside what one does: without "strict" it is taken.
LOOSE = {
    "type": "object",
    "properties": {
        "price": {"type": "integer", "minimum": 5, "maximum": 95, "multipleOf": 5},
        "share": {"type": "number", "minimum": 0, "maximum": 1, "multipleOf": 0.25},
        "sizes": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 9}, "uniqueItems": True, "minItems": 2, "maxItems": 4},
    },
    "required": ["price", "share", "sizes"],
    "additionalProperties": False,
    "not": {"properties": {"price": {"const": 50}}, "required": ["price"]},
    "dependentRequired": {"price": ["sizes"]},
}


class Step(BaseModel):
    text: str = Field(max_length=16)
    done: bool


class Plan(BaseModel):
    kind: Literal["short", "long"]
    steps: list[Step] = Field(min_length=1, max_length=2)


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"
    lives: int = Field(default=9, ge=1, le=9)
    friend: "Optional[Pet]" = None


class Dog(BaseModel):
    kind: Literal["dog", "puppy"] = "dog"
    name: str = Field(max_length=8)


class Fish(BaseModel):
    kind: Literal["fish"] = "fish"


Mammal = Annotated[Union[Cat, Dog], Field(discriminator="kind")]
Pet = Annotated[Union[Mammal, Fish], Field(discriminator="kind")]


Cat.model_rebuild()


class Owner(BaseModel):
    pet: Pet
    others: list[Mammal] = Field(default_factory=list, max_length=1)


def named(schema, **more):
    return {"type": "json_schema", "json_schema": {"name": "animal", "schema": schema, **more}}


def expect_animal(text):
    animal = json.loads(text)
    expect_equal(set(animal), {"name", "legs", "tags"}, "members")
    expect(len(animal["name"]) <= 12 and 0 <= animal["legs"] <= 99 and len(animal["tags"]) <= 3, f"animal: {animal}")
    # Nothing is spent on blanks between the tokens of the JSON.
    expect(text == text.strip() and "\n" not in text, f"blanks: {text!r}")


@check
@repeats
def keeps_to_a_schema():
    choice = ask(response_format=named(SCHEMA, strict=True), **FREE).choices[0]
    expect_equal((choice.finish_reason, choice.message.refusal), ("stop", None), "end and refusal")
    expect_animal(choice.message.content)


@check
@repeats
def keeps_to_what_it_can_of_a_schema_that_is_not_strict():
    offer = json.loads(ask(response_format=named(LOOSE), **FREE).choices[0].message.content)
    expect_equal(set(offer), {"price", "share", "sizes"}, "members")
    expect(5 <= offer["price"] <= 95 and offer["price"] % 5 == 0 and offer["share"] in (0, 0.25, 0.5, 0.75, 1), f"offer: {offer}")
    expect(2 <= len(offer["sizes"]) <= 4 and all(1 <= size <= 9 for size in offer["sizes"]), f"sizes: {offer}")


@check
@repeats
def streams_what_keeps_to_a_schema():
    expect_animal(text_of(list(ask(response_format=named(SCHEMA), stream=True, **FREE))))


@check
@repeats
def parses_with_pydantic():
    answer = client.chat.completions.parse(**chat_parameters(response_format=Plan, **FREE))
    expect(isinstance(answer.choices[0].message.parsed, Plan), f"parsed: {answer.choices[0].message}")


@check
@repeats
def streams_and_parses_with_pydantic():
    with client.chat.completions.stream(**chat_parameters(response_format=Plan, **FREE)) as stream:
        for _ in stream:
            pass
        expect(isinstance(stream.get_final_completion().choices[0].message.parsed, Plan), "not parsed")


@check
@repeats
def keeps_to_the_schema_that_pydantic_writes():
    schema = Owner.model_json_schema()
    for strict in (False, True):
        choice = ask(response_format=named(schema, strict=strict), **FREE).choices[0]
        if choice.finish_reason == "stop":
            Owner.model_validate_json(choice.message.content)


@check
def writes_any_object():
    choice = ask(response_format={"type": "json_object"}, max_completion_tokens=300, temperature=0).choices[0]
    if choice.finish_reason == "stop":
        expect(isinstance(json.loads(choice.message.content), dict), f"content: {choice.message.content!r}")
    else:
        expect(choice.message.content.startswith("{"), f"content: {choice.message.content!r}")


@check
@repeats
def keeps_to_an_expression():
    text = ask(extra_body={"guided_regex": "(0[1-9]|1[0-2])/20[0-9]{2}"}, **FREE).choices[0].message.content
    expect(re.fullmatch("(0[1-9]|1[0-2])/20[0-9]{2}", text), f"text: {text!r}")


@check
@repeats
def chooses():
    text = ask(extra_body={"structured_outputs": {"choice": ["ja", 'n"ein', "vielleicht"]}}, **FREE).choices[0].message.content
    expect(text in ("ja", 'n"ein', "vielleicht"), f"text: {text!r}")


@check
@repeats
def keeps_to_a_grammar():
    grammar = 'root ::= sum\nsum ::= num (" + " num){1,3}\nnum ::= [1-9] [0-9]?'
    text = ask(extra_body={"guided_grammar": grammar}, **FREE).choices[0].message.content
    expect(re.fullmatch(r"[1-9]\d?( \+ [1-9]\d?){1,3}", text), f"text: {text!r}")


@check
@repeats
def keeps_to_a_structural_tag():
    tag = {"type": "structural_tag", "format": {"type": "tag", "begin": "<n>", "content": {"type": "regex", "pattern": "[0-9]{1,4}"}, "end": "</n>"}}
    text = ask(response_format=tag, **FREE).choices[0].message.content
    expect(re.fullmatch("<n>[0-9]{1,4}</n>", text), f"text: {text!r}")


@check
@repeats
def completions_keep_to_a_schema_too():
    text = complete(extra_body={"guided_json": SCHEMA}, max_tokens=200, temperature=1).choices[0].text
    expect_animal(text)


@check
def every_choice_keeps_to_it():
    answer = ask(n=4, response_format=named(SCHEMA), **FREE)
    for choice in answer.choices:
        expect_animal(choice.message.content)


@check
def a_cut_answer_says_so():
    choice = ask(response_format=named(SCHEMA), max_completion_tokens=3).choices[0]
    expect_equal(choice.finish_reason, "length", "finish_reason")


@check
def refuses_what_cannot_be_kept_to():
    broken = named({"type": "no such type"})
    error = expect_refusal(lambda: ask(response_format=broken), "invalid_json_schema", "response_format.json_schema.schema.type")
    expect("type" in error.message, f"message: {error.message}")
    expect_error(BadRequestError, "invalid_grammar", "guided_regex", extra_body={"guided_regex": "("})
    expect_refusal(lambda: ask(response_format=named(LOOSE, strict=True)), "invalid_json_schema", "response_format.json_schema.schema.not")


run_checks()
