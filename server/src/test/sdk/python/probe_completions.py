"""Legacy completions. Form and rules: probe.py."""

import asyncio

from live_server import (
    MODEL,
    OPTIONS,
    YEAR_2025,
    check,
    complete,
    expect,
    expect_equal,
    expect_refusal,
    expect_usage,
    run_checks,
    token_ids,
)
from openai import AsyncOpenAI, NotFoundError

PROMPT = "The sea is"


def texts(answer):
    return [choice.text for choice in answer.choices]


def joined(chunks, index=0):
    return "".join(choice.text for chunk in chunks for choice in chunk.choices if choice.index == index)


@check
def completes_a_text():
    answer = complete()
    expect(answer.id.startswith("cmpl-"), f"id: {answer.id}")
    expect_equal(answer.object, "text_completion", "object")
    expect(answer.created > YEAR_2025, f"created: {answer.created}")
    expect_equal(answer.model, MODEL, "model")
    (choice,) = answer.choices
    expect_equal((choice.index, choice.logprobs), (0, None), "index and logprobs")
    expect(choice.text, "there is no text")
    expect(choice.finish_reason in ("stop", "length"), f"finish_reason: {choice.finish_reason}")
    expect_usage(answer.usage, most_tokens=8)


@check
def generates_sixteen_tokens_unless_told():
    answer = complete(max_tokens=None, extra_body={"ignore_eos": True})
    expect_equal(answer.usage.completion_tokens, 16, "completion_tokens")


@check
def completes_token_ids_as_it_does_their_text():
    ids = token_ids(PROMPT)
    by_ids, by_text = complete(ids), complete(PROMPT, extra_body={"add_special_tokens": False})
    expect_equal(by_ids.usage.prompt_tokens, len(ids), "prompt_tokens")
    expect_equal(texts(by_ids), texts(by_text), "text")


@check
def completes_several_texts():
    answer = complete([PROMPT, "A river has", PROMPT])
    expect_equal([choice.index for choice in answer.choices], [0, 1, 2], "indices")
    first, second, third = texts(answer)
    expect(first and second and third, f"texts: {texts(answer)}")
    single = complete(PROMPT).usage.prompt_tokens + complete("A river has").usage.prompt_tokens
    expect_equal(answer.usage.prompt_tokens, single + complete(PROMPT).usage.prompt_tokens, "prompt_tokens")


@check
def completes_several_lists_of_token_ids():
    answer = complete([token_ids(PROMPT), token_ids("A river has")], max_tokens=2)
    expect_equal([choice.index for choice in answer.choices], [0, 1], "indices")
    expect_equal(answer.usage.prompt_tokens, len(token_ids(PROMPT)) + len(token_ids("A river has")), "prompt_tokens")


@check
def numbers_the_choices_of_several_prompts():
    answer = complete([PROMPT, "A river has"], n=2, temperature=1)
    expect_equal([choice.index for choice in answer.choices], [0, 1, 2, 3], "indices")


@check
def echoes_the_prompt():
    answer = complete(echo=True)
    expect(texts(answer)[0].startswith(PROMPT), f"text: {texts(answer)[0]!r}")
    expect_equal(texts(answer)[0], PROMPT + texts(complete())[0], "text")


@check
def echoes_in_a_stream():
    chunks = list(complete(echo=True, stream=True))
    expect(joined(chunks).startswith(PROMPT), f"text: {joined(chunks)!r}")


@check
def returns_the_best_of_several():
    answer = complete(best_of=4, n=2, temperature=1, logprobs=0)
    expect_equal([choice.index for choice in answer.choices], [0, 1], "indices")
    likelihoods = [sum(choice.logprobs.token_logprobs) / len(choice.logprobs.token_logprobs) for choice in answer.choices]
    expect(likelihoods[0] >= likelihoods[1], f"mean logprobs: {likelihoods}")
    expect(answer.usage.completion_tokens > sum(len(choice.logprobs.tokens) for choice in answer.choices),
           "completion_tokens do not count what was thrown away")


@check
def tells_logprobs():
    answer = complete(logprobs=3)
    (choice,) = answer.choices
    logprobs = choice.logprobs
    lengths = {len(logprobs.tokens), len(logprobs.token_logprobs), len(logprobs.top_logprobs), len(logprobs.text_offset)}
    expect_equal(len(lengths), 1, f"lengths of the four lists: {lengths}")
    expect_equal("".join(logprobs.tokens), choice.text, "joined tokens")
    expect_equal(logprobs.text_offset[0], 0, "first offset")
    for token, offset in zip(logprobs.tokens, logprobs.text_offset):
        expect_equal(choice.text[offset : offset + len(token)], token, f"text at offset {offset}")
    for token, logprob, best in zip(logprobs.tokens, logprobs.token_logprobs, logprobs.top_logprobs):
        expect(logprob <= 0, f"logprob of {token!r}: {logprob}")
        expect(token in best, f"the greedy token {token!r} is not among the best: {best}")
        expect(3 <= len(best) <= 4, f"top_logprobs: {best}")


@check
def streams():
    chunks = list(complete(stream=True, stream_options={"include_usage": True}))
    usage = chunks.pop().usage
    expect_equal({chunk.object for chunk in chunks}, {"text_completion"}, "object")
    expect_equal(len({chunk.id for chunk in chunks}), 1, "different values of id")
    expect_equal(joined(chunks), texts(complete())[0], "joined text")
    ends = [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason]
    expect_equal(len(ends), 1, f"finish reasons: {ends}")
    expect_usage(usage, most_tokens=8)


@check
def streams_several_prompts():
    chunks = list(complete([PROMPT, "A river has"], n=2, stream=True, temperature=1))
    for index in range(4):
        expect(joined(chunks, index), f"choice {index} has no text")
        ends = [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.index == index and choice.finish_reason]
        expect_equal(len(ends), 1, f"finish reasons of choice {index}: {ends}")


@check
def streams_logprobs():
    chunks = list(complete(stream=True, logprobs=1))
    told = [choice.logprobs for chunk in chunks for choice in chunk.choices if choice.logprobs]
    expect_equal("".join(token for part in told for token in part.tokens), joined(chunks), "joined tokens")
    offsets = [offset for part in told for offset in part.text_offset]
    expect_equal(offsets, sorted(offsets), "offsets")


@check
def streams_to_an_async_client():
    async def one(async_client):
        stream = await async_client.completions.create(model=MODEL, prompt=PROMPT, max_tokens=4, stream=True)
        return [chunk async for chunk in stream]

    async def several():
        async with AsyncOpenAI(**OPTIONS) as async_client:
            return await asyncio.gather(*(one(async_client) for _ in range(4)))

    for chunks in asyncio.run(several()):
        expect(joined(chunks), "there is no text")


@check
def stops_at_a_stop_string():
    (choice,) = complete(stop=" ", max_tokens=16).choices
    expect(" " not in choice.text, f"text has the stop string: {choice.text!r}")
    expect_equal(choice.finish_reason, "stop", "finish_reason")


@check
def obeys_special_tokens_of_the_prompt():
    as_one = complete("<|im_start|>user\n").usage.prompt_tokens
    expect(as_one < complete("<|im _start|>user\n").usage.prompt_tokens, f"prompt_tokens: {as_one}")


@check
def returns_token_ids():
    answer = complete(token_ids(PROMPT), extra_body={"return_token_ids": True})
    expect_equal(answer.choices[0].prompt_token_ids, token_ids(PROMPT), "prompt_token_ids")
    expect_equal(len(answer.choices[0].token_ids), answer.usage.completion_tokens, "number of token_ids")


@check
def refuses_what_it_cannot_complete():
    for parameters, code, param in [
        ({"suffix": "."}, "unsupported_parameter", "suffix"),
        ({"prompt": []}, "invalid_value", "prompt"),
        ({"prompt": [[]]}, "invalid_value", "prompt[0]"),
        ({"prompt": [1, "a"]}, "invalid_type", "prompt[1]"),
        ({"prompt": [-1]}, "invalid_value", "prompt[0]"),
        ({"prompt": [10_000_000]}, "invalid_value", "prompt"),
        ({"prompt": 7}, "invalid_type", "prompt"),
        ({"best_of": 1, "n": 2}, "invalid_value", "best_of"),
        ({"best_of": 21}, "integer_above_max_value", "best_of"),
        ({"best_of": 2, "stream": True}, "invalid_value", "best_of"),
        ({"logprobs": 6}, "integer_above_max_value", "logprobs"),
        ({"logprobs": True}, "invalid_type", "logprobs"),
        ({"max_tokens": 0}, "invalid_value", "max_tokens"),
        ({"max_tokens": 1_000_000}, "context_length_exceeded", "prompt"),
        ({"prompt": "a " * 5000}, "context_length_exceeded", "prompt"),
    ]:
        expect_refusal(lambda: complete(**parameters), code, param)
    expect_refusal(lambda: complete(model="davinci-002"), "model_not_found", "model", NotFoundError)


@check
def refuses_a_completion_without_a_prompt():
    from live_server import client

    body = {"model": MODEL}
    expect_refusal(lambda: client.post("/completions", cast_to=object, body=body), "missing_required_parameter", "prompt")


if __name__ == "__main__":
    run_checks()
