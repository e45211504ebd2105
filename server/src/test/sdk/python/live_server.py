"""The server that the probes look at: how it is asked, what is expected of any answer and any refusal, and how checks are run.

CONCH_BASE_URL (http://127.0.0.1:8080/v1) says where it is, CONCH_API_KEY which key to show.
"""

import os
import sys

from openai import APIStatusError, BadRequestError, OpenAI

MODEL = "smollm2-135m-instruct"
QUESTION = "Why is the sea salty?"
YEAR_2025 = 1_735_689_600

API_KEY = os.environ.get("CONCH_API_KEY")
OPTIONS = {
    "base_url": os.environ.get("CONCH_BASE_URL") or "http://127.0.0.1:8080/v1",
    "api_key": API_KEY or "unused",
    "max_retries": 0,  # a failure that the SDK hides by asking again is a failure
    "timeout": 300,  # of the longest answer, beside others, on cores that have other work too
}
client = OpenAI(**OPTIONS)


class Failed(Exception):
    """A check found something else than it expected."""


CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def run_checks():
    """Prints one line for each check, `ok <name>` or `FAILED <name>: <why>`, and ends the program: with status 1 if one failed."""
    failed = 0
    for function in CHECKS:
        name = function.__name__.replace("_", " ")
        try:
            function()
            print(f"ok {name}", flush=True)
        except Exception as failure:
            failed += 1
            print(f"FAILED {name}: {failure if isinstance(failure, Failed) else repr(failure)}", flush=True)
    sys.exit(1 if failed else 0)


def expect(holds, what):
    if not holds:
        raise Failed(what)


def expect_equal(actual, expected, what):
    expect(actual == expected, f"{what}: {actual!r} (expected: {expected!r})")


def ask(messages=QUESTION, **parameters):
    return client.chat.completions.create(**chat_parameters(messages, **parameters))


def chat_parameters(messages=QUESTION, **parameters):
    if isinstance(messages, str):
        messages = [{"role": "user", "content": messages}]
    return {"model": MODEL, "messages": messages, "max_completion_tokens": 8, "temperature": 0, **parameters}


def token_ids(text):
    """The ids that the model's tokenizer has for a text, without special ones."""
    body = {"model": MODEL, "prompt": text, "add_special_tokens": False}
    return client.post("/tokenize", cast_to=object, body=body)["tokens"]


def complete(prompt="The sea is", **parameters):
    return client.completions.create(**{"model": MODEL, "prompt": prompt, "max_tokens": 8, "temperature": 0, **parameters})


def expect_refusal(call, code, param, kind=BadRequestError):
    """Expects OpenAI's error object, complete, and returns the SDK's exception."""
    try:
        call()
    except APIStatusError as error:
        expect(type(error) is kind, f"{type(error).__name__}: {error} (expected: {kind.__name__})")
        expect_equal((error.code, error.param), (code, param), f"code and param of {error.message!r}")
        expect_equal(error.type, "invalid_request_error", "type")
        body = error.response.json()
        expect_equal(set(body), {"error"}, "members of the body")
        expect_equal(set(body["error"]), {"message", "type", "param", "code"}, "members of the error")
        expect((error.request_id or "").startswith("req_"), f"request_id: {error.request_id}")
        return error
    raise Failed(f"was answered (expected: {kind.__name__} {code} about {param})")


def expect_error(kind, code, param, **parameters):
    return expect_refusal(lambda: ask(**parameters), code, param, kind)


def expect_usage(usage, most_tokens):
    expect(usage.prompt_tokens > 0, f"prompt_tokens: {usage.prompt_tokens}")
    expect(0 < usage.completion_tokens <= most_tokens, f"completion_tokens: {usage.completion_tokens}")
    expect_equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens, "total_tokens")


def text_of(chunks, index=None):
    return "".join(choice.delta.content or "" for choice in choices_of(chunks, index))


def choices_of(chunks, index=None):
    return [choice for chunk in chunks for choice in chunk.choices if index in (None, choice.index)]


def finish_reasons(chunks, index=None):
    return [choice.finish_reason for choice in choices_of(chunks, index) if choice.finish_reason]
