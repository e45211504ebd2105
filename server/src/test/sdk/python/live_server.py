"""The server that the probe looks at: how it is asked, and what is expected of any answer and any refusal.

CONCH_BASE_URL (http://127.0.0.1:8080/v1) says where it is, CONCH_API_KEY which key to show.
"""

import os

from openai import APIError, OpenAI

MODEL = "smollm2-135m-instruct"
QUESTION = "Why is the sea salty?"

API_KEY = os.environ.get("CONCH_API_KEY")
OPTIONS = {
    "base_url": os.environ.get("CONCH_BASE_URL") or "http://127.0.0.1:8080/v1",
    "api_key": API_KEY or "unused",
    "max_retries": 0,  # a failure that the SDK hides by asking again is a failure
    "timeout": 60,
}
client = OpenAI(**OPTIONS)


class Failed(Exception):
    """A check found something else than it expected."""


def expect(holds, what):
    if not holds:
        raise Failed(what)


def expect_equal(actual, expected, what):
    expect(actual == expected, f"{what}: {actual!r} (expected: {expected!r})")


def ask(messages=QUESTION, **parameters):
    if isinstance(messages, str):
        messages = [{"role": "user", "content": messages}]
    parameters = {"model": MODEL, "max_completion_tokens": 8, "temperature": 0, **parameters}
    return client.chat.completions.create(messages=messages, **parameters)


def expect_error(kind, code, param, **parameters):
    try:
        ask(**parameters)
    except APIError as error:
        expect(type(error) is kind, f"{type(error).__name__}: {error} (expected: {kind.__name__})")
        expect_equal(error.code, code, "code")
        expect_equal(error.param, param, "param")
        expect_equal(error.type, "invalid_request_error", "type")
        return error
    raise Failed(f"was answered (expected: {kind.__name__} {code})")


def expect_usage(usage, most_tokens):
    expect(usage.prompt_tokens > 0, f"prompt_tokens: {usage.prompt_tokens}")
    expect(0 < usage.completion_tokens <= most_tokens, f"completion_tokens: {usage.completion_tokens}")
    expect_equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens, "total_tokens")


def text_of(chunks):
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


def finish_reasons(chunks):
    return [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason]
