"""Calls of functions: forced ones at temperature 1, each CONCH_REPEATS times (10), and what an SDK makes of them. Form and rules: probe.py."""

import json

from pydantic import BaseModel, Field

import openai
from live_server import QUESTION, ask, chat_parameters, check, choices_of, client, expect, expect_equal, expect_error, finish_reasons, run_checks
from openai import BadRequestError
from repeats import repeats

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a place.",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "enum": ["Zürich", "Oslo", "São Paulo"]},
                "days": {"type": "integer", "minimum": 1, "maximum": 14},
            },
            "required": ["city", "days"],
            "additionalProperties": False,
        },
    },
}
CLOCK = {"type": "function", "function": {"name": "clock", "parameters": {"type": "object", "properties": {}, "additionalProperties": False}}}
TOOLS = [WEATHER, CLOCK]
FREE = {"max_completion_tokens": 200, "temperature": 1}


class Weather(BaseModel):
    """The weather of a place."""

    city: str = Field(pattern="^[A-Z][a-z]{2,8}$")
    days: int = Field(ge=1, le=9)


def expect_call(call, names=("get_weather", "clock")):
    expect_equal(call.type, "function", "type")
    expect(call.id, "a call has no id")
    expect(call.function.name in names, f"name: {call.function.name}")
    arguments = json.loads(call.function.arguments)
    if call.function.name == "get_weather":
        expect_equal(set(arguments), {"city", "days"}, "arguments")
        expect(arguments["city"] in ("Zürich", "Oslo", "São Paulo"), f"city: {arguments['city']}")
        expect(1 <= arguments["days"] <= 14, f"days: {arguments['days']}")
    else:
        expect_equal(arguments, {}, "arguments")


@check
@repeats
def calls_when_it_must():
    choice = ask(tools=TOOLS, tool_choice="required", parallel_tool_calls=False, **FREE).choices[0]
    expect_equal((choice.finish_reason, choice.message.content, choice.message.refusal), ("tool_calls", None, None), "end, content, refusal")
    expect_equal(len(choice.message.tool_calls), 1, "calls")
    expect_call(choice.message.tool_calls[0])


@check
@repeats
def calls_what_it_is_told_to():
    chosen = {"type": "function", "function": {"name": "get_weather"}}
    choice = ask(tools=TOOLS, tool_choice=chosen, parallel_tool_calls=False, **FREE).choices[0]
    expect_equal(choice.finish_reason, "tool_calls", "finish_reason")
    expect_call(choice.message.tool_calls[0], names=("get_weather",))


@check
@repeats
def calls_only_what_is_allowed():
    allowed = {
        "type": "allowed_tools",
        "allowed_tools": {"mode": "required", "tools": [{"type": "function", "function": {"name": "clock"}}]},
    }
    choice = ask(tools=TOOLS, tool_choice=allowed, parallel_tool_calls=False, **FREE).choices[0]
    expect_call(choice.message.tool_calls[0], names=("clock",))


@check
@repeats
def streams_calls():
    chunks = list(ask(tools=TOOLS, tool_choice="required", parallel_tool_calls=False, stream=True, **FREE))
    deltas = [delta for choice in choices_of(chunks) for delta in choice.delta.tool_calls or []]
    first, rest = deltas[0], deltas[1:]
    expect(first.id and first.type == "function" and first.function.name, f"first delta: {first}")
    expect_equal(first.function.arguments, "", "arguments of the first delta")
    for delta in rest:
        expect_equal((delta.index, delta.id, delta.type, delta.function.name), (0, None, None, None), "a later delta")
    json.loads("".join(delta.function.arguments for delta in rest))
    expect_equal(finish_reasons(chunks), ["tool_calls"], "finish reasons")


@check
@repeats
def folds_a_stream_of_calls_with_the_sdk():
    tool = openai.pydantic_function_tool(Weather)
    with client.chat.completions.stream(**chat_parameters(tools=[tool], tool_choice="required", parallel_tool_calls=False, **FREE)) as stream:
        kinds = {event.type for event in stream}
        call = stream.get_final_completion().choices[0].message.tool_calls[0]
    expect("tool_calls.function.arguments.done" in kinds, f"events: {kinds}")
    expect(isinstance(call.function.parsed_arguments, Weather), f"parsed: {call.function.parsed_arguments!r}")


@check
@repeats
def parses_calls_with_pydantic():
    tool = openai.pydantic_function_tool(Weather)
    answer = client.chat.completions.parse(**chat_parameters(tools=[tool], tool_choice="required", parallel_tool_calls=False, **FREE))
    expect(isinstance(answer.choices[0].message.tool_calls[0].function.parsed_arguments, Weather), "not parsed")


@check
def takes_results_back():
    call = ask(tools=TOOLS, tool_choice="required", parallel_tool_calls=False, **FREE).choices[0].message
    messages = [
        {"role": "user", "content": QUESTION},
        call.model_dump(exclude_none=True),
        {"role": "tool", "tool_call_id": call.tool_calls[0].id, "content": "12 °C"},
    ]
    answer = ask(messages, tools=TOOLS, tool_choice="none").choices[0]
    expect(answer.message.content and not answer.message.tool_calls, f"answer: {answer.message}")


@check
def may_call_more_than_once():
    choice = ask(tools=TOOLS, tool_choice="required", **FREE).choices[0]
    ids = [call.id for call in choice.message.tool_calls]
    expect_equal(len(set(ids)), len(ids), "different ids")
    for call in choice.message.tool_calls[:-1]:
        expect_call(call)


@check
def a_call_that_is_cut_ends_with_length():
    choice = ask(tools=[WEATHER], tool_choice="required", max_completion_tokens=12, temperature=0).choices[0]
    expect_equal(choice.finish_reason, "length", "finish_reason")


@check
def knows_openais_older_form():
    answer = ask(functions=[WEATHER["function"]], function_call={"name": "get_weather"}, **FREE).choices[0]
    expect_equal(answer.finish_reason, "function_call", "finish_reason")
    expect_equal(answer.message.function_call.name, "get_weather", "name")
    json.loads(answer.message.function_call.arguments)
    expect(answer.message.tool_calls is None, "tool_calls beside function_call")
    history = [{"role": "user", "content": QUESTION}, answer.message, {"role": "function", "name": "get_weather", "content": "12 °C"}]
    told = client.chat.completions.create(**chat_parameters(messages=history, functions=[WEATHER["function"]], function_call="none"))
    expect(told.choices[0].message.content, f"answer: {told.choices[0]}")


@check
def answers_without_calling():
    choice = ask(tools=TOOLS, tool_choice="none").choices[0]
    expect(choice.message.content and choice.finish_reason in ("stop", "length"), f"answer: {choice}")


@check
def refuses_a_choice_of_nothing():
    expect_error(BadRequestError, "invalid_value", "tool_choice", tool_choice="required")
    chosen = {"type": "function", "function": {"name": "nobody"}}
    expect_error(BadRequestError, "invalid_value", "tool_choice.function.name", tools=TOOLS, tool_choice=chosen)


run_checks()
