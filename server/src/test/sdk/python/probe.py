"""Checks a live server with OpenAI's own SDK for Python: one line `ok <name>` for each check, exit status 1 if any fails.

CONCH_BASE_URL says where it is (see live_server.py); CONCH_API_KEY, if set, is a key that it takes, and then a wrong one must be
turned away. This file is about chat as everybody uses it; the other probe_*.py, each about what its name says, have the same form.
No check generates more than 16 tokens for a choice. What the model says is never compared, only what is true of any answer; where a
check needs a certain end it makes it certain, by a stop sequence that every English sentence has.
"""

import asyncio
import time

from live_server import (
    API_KEY,
    MODEL,
    OPTIONS,
    QUESTION,
    YEAR_2025,
    Failed,
    ask,
    check,
    client,
    expect,
    expect_equal,
    expect_error,
    expect_usage,
    finish_reasons,
    run_checks,
    text_of,
)
from openai import AsyncOpenAI, AuthenticationError, BadRequestError, NotFoundError

MANY_SCRIPTS = "Grüße, мир, 日本語, 한국어, 👩‍👩‍👧 and 𝒞"
COMMON_LETTERS = ["e", "a", "o", "t"]


@check
def lists_models():
    models = client.models.list().data
    expect(MODEL in [model.id for model in models], f"no {MODEL} among {[model.id for model in models]}")
    for model in models:
        expect_equal(model.object, "model", "object")
        expect(model.created > YEAR_2025, f"created: {model.created}")
        expect(model.owned_by, "owned_by is empty")


@check
def retrieves_a_model():
    model = client.models.retrieve(MODEL)
    expect_equal(model.id, MODEL, "id")
    expect(model.max_model_len >= 4096, f"max_model_len: {model.max_model_len} (expected: 4096 or more)")


@check
def does_not_find_an_unknown_model():
    try:
        client.models.retrieve("no/such-model")
    except NotFoundError as error:
        expect_equal((error.code, error.param), ("model_not_found", "model"), "code and param")
        return
    raise Failed("was found")


@check
def answers():
    answer = ask()
    expect(answer.id.startswith("chatcmpl-"), f"id: {answer.id}")
    expect_equal(answer.object, "chat.completion", "object")
    expect(YEAR_2025 < answer.created <= time.time() + 60, f"created: {answer.created}")
    expect_equal(answer.model, MODEL, "model")
    expect_equal([choice.index for choice in answer.choices], [0], "indices of the choices")
    expect_equal(answer.choices[0].message.role, "assistant", "role")
    expect_equal(answer.choices[0].message.refusal, None, "refusal")
    expect(answer.choices[0].message.content, "content is empty")
    expect(answer.choices[0].finish_reason in ("stop", "length"), f"finish_reason: {answer.choices[0].finish_reason}")
    expect_usage(answer.usage, most_tokens=8)


@check
def names_each_answer():
    first, second = ask(max_completion_tokens=1), ask(max_completion_tokens=1)
    for answer in (first, second):
        expect((answer._request_id or "").startswith("req_"), f"_request_id: {answer._request_id}")
    expect(first._request_id != second._request_id, f"_request_id twice: {first._request_id}")
    expect(first.id != second.id, f"id twice: {first.id}")


@check
def streams():
    chunks = list(ask(stream=True))
    expect_equal({chunk.object for chunk in chunks}, {"chat.completion.chunk"}, "object")
    for field in ("id", "created", "model"):
        expect_equal(len({getattr(chunk, field) for chunk in chunks}), 1, f"different values of {field}")
    roles = [chunk.choices[0].delta.role for chunk in chunks]
    expect_equal(roles, ["assistant"] + [None] * (len(chunks) - 1), "roles")
    expect(text_of(chunks), "the deltas have no text")
    expect(len(finish_reasons(chunks)) == 1, f"finish reasons: {finish_reasons(chunks)}")
    expect(chunks[-1].choices[0].finish_reason in ("stop", "length"), "the last chunk has no finish_reason")
    expect(all(chunk.usage is None for chunk in chunks), "there is a usage that nobody asked for")


@check
def streams_usage_last():
    *others, last = ask(stream=True, stream_options={"include_usage": True})
    expect_equal(last.choices, [], "choices of the last chunk")
    expect_usage(last.usage, most_tokens=8)
    expect(all(chunk.choices for chunk in others), "a chunk before the last has no choices")
    expect(all(chunk.usage is None for chunk in others), "a chunk before the last has a usage")


@check
def streams_events():
    with client.chat.completions.with_streaming_response.create(
        model=MODEL, messages=[{"role": "user", "content": QUESTION}], max_completion_tokens=2, stream=True
    ) as response:
        expect(response.headers["content-type"].startswith("text/event-stream"), response.headers["content-type"])
        expect(response.headers.get("x-request-id", "").startswith("req_"), "no x-request-id")
        lines = [line for line in response.iter_lines() if line]
    expect(all(line.startswith(("data: ", ":")) for line in lines), f"lines: {lines}")
    expect_equal(lines[-1], "data: [DONE]", "last line")


@check
def folds_a_stream_with_the_sdk():
    # The SDK's fold raises when the token limit ends the answer, so a stop string ends it.
    with client.chat.completions.stream(
        model=MODEL, messages=[{"role": "user", "content": QUESTION}], stop=" ", max_completion_tokens=16, temperature=0
    ) as stream:
        text = "".join(event.delta for event in stream if event.type == "content.delta")
        final = stream.get_final_completion()
    expect(text, "there is no text")
    expect_equal(final.choices[0].message.content, text, "content of the folded answer")
    expect_equal(final.choices[0].message.role, "assistant", "role of the folded answer")


@check
def streams_to_an_async_client():
    async def one(async_client):
        stream = await async_client.chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": QUESTION}], max_completion_tokens=4, stream=True
        )
        return [chunk async for chunk in stream]

    async def several():
        async with AsyncOpenAI(**OPTIONS) as async_client:
            return await asyncio.gather(*(one(async_client) for _ in range(4)))

    for chunks in asyncio.run(several()):
        expect(len(finish_reasons(chunks)) == 1, f"finish reasons: {finish_reasons(chunks)}")


@check
def stops_at_a_stop_string():
    choice = ask(stop=" ", max_completion_tokens=16).choices[0]
    expect(" " not in choice.message.content, f"content has the stop string: {choice.message.content!r}")
    expect_equal(choice.finish_reason, "stop", "finish_reason")


@check
def stops_a_stream_at_the_first_of_several():
    chunks = list(ask(stop=COMMON_LETTERS, max_completion_tokens=16, stream=True))
    found = [letter for letter in COMMON_LETTERS if letter in text_of(chunks)]
    expect_equal(found, [], f"stop strings in {text_of(chunks)!r}")
    expect_equal(finish_reasons(chunks), ["stop"], "finish reasons")


@check
def counts_to_the_limit():
    for name in ("max_completion_tokens", "max_tokens"):
        answer = ask(**{"max_completion_tokens": None, name: 2})
        expect_equal(answer.choices[0].finish_reason, "length", f"finish_reason with {name}")
        expect_equal(answer.usage.completion_tokens, 2, f"completion_tokens with {name}")


@check
def takes_all_roles():
    conversation = [
        {"role": "system", "content": "You are brief."},
        {"role": "developer", "content": "Answer in English."},
        {"role": "user", "name": "ada", "content": "What is the time?"},
        {"role": "assistant", "content": "I look at the clock."},
        {"role": "tool", "tool_call_id": "call_1", "content": "12:00"},
        {"role": "user", "content": "So?"},
    ]
    tokens = [ask(conversation[:length], max_completion_tokens=1).usage.prompt_tokens for length in range(3, 7)]
    expect(tokens == sorted(set(tokens)), f"prompt_tokens do not grow with each message: {tokens}")


@check
def takes_text_parts():
    def tokens(*texts):
        parts = [{"type": "text", "text": text} for text in texts]
        return ask([{"role": "user", "content": parts}], max_completion_tokens=1).usage.prompt_tokens

    as_string = ask(max_completion_tokens=1).usage.prompt_tokens
    expect_equal(tokens(QUESTION), as_string, "prompt_tokens of one part")
    expect(tokens(QUESTION, QUESTION) > as_string, "a second part adds nothing to the prompt")


@check
def takes_sampling_parameters():
    answer = ask(temperature=0.7, top_p=0.9, frequency_penalty=0.5, presence_penalty=-0.5, seed=-7, user="ada", n=1)
    expect_usage(answer.usage, most_tokens=8)


@check
def keeps_characters_whole():
    text = text_of(ask(MANY_SCRIPTS, stream=True, max_completion_tokens=16))
    text.encode("utf-8")  # half a surrogate pair cannot be encoded
    error = expect_error(NotFoundError, "model_not_found", "model", model=MANY_SCRIPTS)
    expect(MANY_SCRIPTS in error.message, f"message: {error.message}")


@check
def refuses_an_unknown_model():
    expect_error(NotFoundError, "model_not_found", "model", model="gpt-4o")
    expect_error(NotFoundError, "model_not_found", "model", model="gpt-4o", stream=True)


@check
def refuses_a_bad_temperature():
    expect_error(BadRequestError, "invalid_value", "temperature", temperature=2.5)


@check
def refuses_a_wrong_type():
    expect_error(BadRequestError, "invalid_type", "messages[0].content", messages=[{"role": "user", "content": 7}])


@check
def refuses_more_than_the_context():
    error = expect_error(BadRequestError, "context_length_exceeded", "messages", max_completion_tokens=1_000_000)
    expect("1000000" in error.message.replace(",", ""), f"message does not say what was asked for: {error.message}")


@check
def refuses_what_it_does_not_honour():
    prediction = {"type": "content", "content": "Because of the salt."}
    error = expect_error(BadRequestError, "unsupported_parameter", "prediction", prediction=prediction)
    expect("'prediction'" in error.message, f"message: {error.message}")


@check
def survives_a_stream_that_is_closed_early():
    for _ in range(3):
        with ask(stream=True, max_completion_tokens=16) as stream:
            next(iter(stream))
    expect_usage(ask().usage, most_tokens=8)


def refuses_a_wrong_key():
    intruder = client.with_options(api_key="not-" + API_KEY)
    for call in (intruder.models.list, lambda: intruder.chat.completions.create(model=MODEL, messages=[])):
        try:
            call()
        except AuthenticationError as error:
            expect_equal(error.code, "invalid_api_key", "code")
        else:
            raise Failed("was let in")

if __name__ == "__main__":
    if API_KEY:
        check(refuses_a_wrong_key)
    run_checks()
