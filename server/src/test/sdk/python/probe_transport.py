"""Headers, raw answers, requests that are not chat at all, many clients at once. Form and rules: probe.py."""

import asyncio

from live_server import (
    MODEL,
    OPTIONS,
    ask,
    chat_parameters,
    check,
    client,
    expect,
    expect_equal,
    expect_refusal,
    expect_usage,
    run_checks,
    text_of,
)
from openai import APIStatusError, AsyncOpenAI, NotFoundError


def raw(**parameters):
    return client.chat.completions.with_raw_response.create(**chat_parameters(**parameters))


@check
def tells_headers():
    answer = raw()
    expect_equal(answer.headers["content-type"].split(";")[0], "application/json", "content-type")
    expect(answer.headers["x-request-id"].startswith("req_"), f"x-request-id: {answer.headers['x-request-id']}")
    expect(int(answer.headers["openai-processing-ms"]) >= 0, "openai-processing-ms")
    expect_usage(answer.parse().usage, most_tokens=8)


@check
def tells_headers_of_a_stream():
    answer = raw(stream=True)
    expect(answer.headers["content-type"].startswith("text/event-stream"), f"content-type: {answer.headers['content-type']}")
    expect("no-cache" in answer.headers["cache-control"], f"cache-control: {answer.headers['cache-control']}")
    expect_equal(answer.headers["x-accel-buffering"], "no", "x-accel-buffering")
    expect(answer.headers["x-request-id"].startswith("req_"), f"x-request-id: {answer.headers['x-request-id']}")
    expect(int(answer.headers["openai-processing-ms"]) >= 0, "openai-processing-ms")
    expect(text_of(list(answer.parse())), "there is no text")


@check
def takes_the_name_of_a_request():
    answer = raw(extra_headers={"x-request-id": "trace-me_42"})
    expect_equal(answer.headers["x-request-id"], "trace-me_42", "x-request-id")
    strange = raw(extra_headers={"x-request-id": "no good <id>"})
    expect(strange.headers["x-request-id"].startswith("req_"), f"x-request-id: {strange.headers['x-request-id']}")


@check
def refuses_other_urls_and_methods():
    expect_refusal(lambda: client.get("/nowhere", cast_to=object), "unknown_url", None, NotFoundError)
    expect_refusal(lambda: client.embeddings.create(model=MODEL, input="a"), "unknown_url", None, NotFoundError)
    error = expect_refusal(lambda: client.get("/chat/completions", cast_to=object), "method_not_allowed", None, APIStatusError)
    expect_equal(error.status_code, 405, "status")
    expect("POST" in error.response.headers["allow"], f"allow: {error.response.headers['allow']}")


@check
def refuses_other_media_types():
    headers = {"content-type": "text/plain"}
    error = expect_refusal(lambda: ask(extra_headers=headers), "unsupported_media_type", None, APIStatusError)
    expect_equal(error.status_code, 415, "status")


@check
def refuses_broken_json():
    headers = {"content-type": "application/json"}
    contents = (b"", b"{", b"[]", b"null", b'{"model":1} x', b'{"a":NaN}', b'{"a":"\xff"}', '{"a":1}'.encode("utf-16"))
    for content, param in [(content, None) for content in contents] + [(b'{"a":[{"b":1,"b":2}]}', "a[0].b")]:
        call = lambda: client.post("/chat/completions", cast_to=object, content=content, options={"headers": headers})
        expect_refusal(call, "invalid_json", param)


@check
def answers_many_at_once():
    async def some(async_client, number):
        prompt = f"Say {number}."
        if number % 2:
            return (await async_client.chat.completions.create(**chat_parameters(prompt))).choices[0].finish_reason
        stream = await async_client.chat.completions.create(**chat_parameters(prompt, stream=True))
        return [chunk async for chunk in stream][-1].choices[0].finish_reason

    async def many():
        async with AsyncOpenAI(**OPTIONS) as async_client:
            return await asyncio.gather(*(some(async_client, number) for number in range(24)))

    reasons = asyncio.run(many())
    expect(all(reason in ("stop", "length") for reason in reasons), f"finish reasons: {reasons}")


@check
def folds_a_stream_for_an_async_client():
    async def fold():
        async with AsyncOpenAI(**OPTIONS) as async_client:
            parameters = chat_parameters(stop=" ", max_completion_tokens=16)
            async with async_client.chat.completions.stream(**parameters) as stream:
                text = "".join([event.delta async for event in stream if event.type == "content.delta"])
                return text, await stream.get_final_completion()

    text, final = asyncio.run(fold())
    expect_equal(final.choices[0].message.content, text, "content of the folded answer")


@check
def survives_async_clients_that_leave():
    async def leave(async_client):
        stream = await async_client.chat.completions.create(**chat_parameters(max_completion_tokens=64, stream=True))
        await anext(stream)
        await stream.close()

    async def all_leave():
        async with AsyncOpenAI(**OPTIONS) as async_client:
            await asyncio.gather(*(leave(async_client) for _ in range(8)))

    asyncio.run(all_leave())
    expect_usage(ask().usage, most_tokens=8)


if __name__ == "__main__":
    run_checks()
