"""Several choices and log-probabilities of chat answers. Form and rules: probe.py."""

import math

from live_server import (
    MODEL,
    ask,
    chat_parameters,
    check,
    choices_of,
    client,
    expect,
    expect_equal,
    expect_usage,
    finish_reasons,
    run_checks,
    text_of,
)

EMOJI = "Repeat exactly: 🦀🎉 日本語 é"


def expect_logprobs(content, text, alternatives):
    """Expects one entry for each token, whose bytes join to the text."""
    expect(content, "there are no logprobs")
    told = b"".join(bytes(entry.bytes or []) for entry in content)
    expect(told.startswith(text.encode()), f"bytes: {told!r} (expected: those of {text!r})")
    for entry in content:
        expect(-math.inf < entry.logprob <= 0, f"logprob of {entry.token!r}: {entry.logprob}")
        expect_equal(len(entry.top_logprobs), alternatives, f"number of top_logprobs of {entry.token!r}")
        best = [other.logprob for other in entry.top_logprobs]
        expect_equal(best, sorted(best, reverse=True), f"order of the top_logprobs of {entry.token!r}")
        expect(sum(math.exp(value) for value in best) < 1.001, f"sum of the top probabilities of {entry.token!r}")
        for other in entry.top_logprobs:
            control = other.token.startswith("<|")  # the end of a turn may be likely anywhere, and has no bytes
            expect(other.token and (other.bytes is None) == control, f"top_logprobs of {entry.token!r}: {other}")


@check
def answers_n_times():
    answer = ask(n=3, temperature=2, max_completion_tokens=16)
    expect_equal([choice.index for choice in answer.choices], [0, 1, 2], "indices")
    texts = {choice.message.content for choice in answer.choices}
    expect(len(texts) > 1, f"three times the same: {texts}")
    expect(all(choice.finish_reason in ("stop", "length") for choice in answer.choices), "a choice has no end")


@check
def counts_the_tokens_of_all_choices():
    one = ask(max_completion_tokens=4, extra_body={"ignore_eos": True})
    four = ask(n=4, max_completion_tokens=4, extra_body={"ignore_eos": True})
    expect_equal(four.usage.completion_tokens, 4 * one.usage.completion_tokens, "completion_tokens")
    expect_equal(four.usage.prompt_tokens, one.usage.prompt_tokens, "prompt_tokens")


@check
def repeats_itself_when_greedy():
    texts = {choice.message.content for choice in ask(n=3).choices}
    expect_equal(len(texts), 1, f"different texts at temperature 0: {texts}")


@check
def streams_n_choices():
    chunks = list(ask(n=3, temperature=1.5, stream=True, stream_options={"include_usage": True}))
    usage = chunks.pop().usage
    for index in range(3):
        roles = [choice.delta.role for choice in choices_of(chunks, index)]
        expect_equal(roles, ["assistant"] + [None] * (len(roles) - 1), f"roles of choice {index}")
        expect(text_of(chunks, index), f"choice {index} has no text")
        expect_equal(len(finish_reasons(chunks, index)), 1, f"finish reasons of choice {index}")
        expect(choices_of(chunks, index)[-1].finish_reason, f"choice {index} goes on after its end")
    expect_equal({choice.index for choice in choices_of(chunks)}, {0, 1, 2}, "indices")
    expect_usage(usage, most_tokens=24)


@check
def folds_n_streams_with_the_sdk():
    with client.chat.completions.stream(**chat_parameters(n=2, stop=" ", max_completion_tokens=16)) as stream:
        for _ in stream:
            pass
        final = stream.get_final_completion()
    expect_equal([choice.index for choice in final.choices], [0, 1], "indices")
    expect_equal([choice.message.role for choice in final.choices], ["assistant"] * 2, "roles")


@check
def tells_logprobs():
    choice = ask(logprobs=True).choices[0]
    expect_logprobs(choice.logprobs.content, choice.message.content, alternatives=0)
    expect_equal(choice.logprobs.refusal, None, "refusal")


@check
def tells_no_logprobs_unasked():
    expect_equal(ask().choices[0].logprobs, None, "logprobs")
    chunks = list(ask(stream=True))
    expect(all(choice.logprobs is None for choice in choices_of(chunks)), "a chunk has logprobs")


@check
def tells_alternatives():
    answer = ask(logprobs=True, top_logprobs=5)
    choice = answer.choices[0]
    expect_logprobs(choice.logprobs.content, choice.message.content, alternatives=5)
    for entry in choice.logprobs.content:
        expect_equal(entry.top_logprobs[0].token, entry.token, "the best token of a greedy answer")
        expect_equal(entry.top_logprobs[0].logprob, entry.logprob, f"logprob of {entry.token!r}")
    expect_usage(answer.usage, most_tokens=8)


@check
def tells_twenty_alternatives():
    choice = ask(logprobs=True, top_logprobs=20, max_completion_tokens=2).choices[0]
    expect_logprobs(choice.logprobs.content, choice.message.content, alternatives=20)


@check
def streams_logprobs():
    parameters = {"logprobs": True, "top_logprobs": 2, "max_completion_tokens": 16, "messages": EMOJI}
    chunks = list(ask(stream=True, **parameters))
    streamed = [entry for choice in choices_of(chunks) for entry in (choice.logprobs.content if choice.logprobs else None) or []]
    expect_logprobs(streamed, text_of(chunks).rstrip("\ufffd"), alternatives=2)
    single = ask(**parameters).choices[0].logprobs.content
    expect_equal([entry.token for entry in streamed], [entry.token for entry in single], "tokens, beside those of the single answer")


@check
def folds_logprobs_with_the_sdk():
    parameters = chat_parameters(stop=" ", logprobs=True, top_logprobs=1, max_completion_tokens=16)
    with client.chat.completions.stream(**parameters) as stream:
        types = {event.type for event in stream}
        final = stream.get_final_completion()
    expect({"logprobs.content.delta", "logprobs.content.done"} <= types, f"types of events: {types}")
    expect(final.choices[0].logprobs.content, "the folded answer has no logprobs")


@check
def tells_logprobs_of_each_choice():
    for choice in ask(n=2, temperature=1, logprobs=True, top_logprobs=1).choices:
        expect_logprobs(choice.logprobs.content, choice.message.content, alternatives=1)


@check
def answers_as_many_times_as_allowed():
    answer = ask(n=16, max_completion_tokens=1)
    expect_equal(sorted(choice.index for choice in answer.choices), list(range(16)), "indices")


@check
def survives_a_stream_of_choices_that_is_closed_early():
    for _ in range(3):
        with ask(n=4, stream=True, max_completion_tokens=16) as stream:
            next(iter(stream))
    expect_equal(client.models.retrieve(MODEL).id, MODEL, "id")
    expect_usage(ask().usage, most_tokens=8)


if __name__ == "__main__":
    run_checks()
