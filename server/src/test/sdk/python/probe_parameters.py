"""What parameters do to an answer, OpenAI's and the usual extensions. Form and rules: probe.py."""

from live_server import (
    QUESTION,
    ask,
    check,
    expect,
    expect_equal,
    expect_usage,
    finish_reasons,
    run_checks,
    text_of,
    token_ids,
)

END_OF_TURN = "<|im_end|>"


def ask_with(extensions, **parameters):
    return ask(extra_body=extensions, **parameters)


def content(answer):
    return answer.choices[0].message.content


def forced(text, **parameters):
    """An answer that has one token alone, because the bias lets no other come; how long it is says `parameters`."""
    (token,) = token_ids(text)
    return ask(logit_bias={str(token): 100}, temperature=1, **parameters)


@check
def biases_a_token_so_that_nothing_else_comes():
    expect_equal(content(forced(" salt", max_completion_tokens=3)), " salt" * 3, "content")


@check
def biases_a_token_away():
    (token,) = token_ids(" salt")
    choice = ask(extra_body={"allowed_token_ids": token_ids(" salt sugar")}, logit_bias={str(token): -100}).choices[0]
    expect("salt" not in choice.message.content, f"content has the token: {choice.message.content!r}")


@check
def allows_listed_tokens_alone():
    words = [" salt", " water", " sand"]
    allowed = [token for word in words for token in token_ids(word)]
    text = content(ask_with({"allowed_token_ids": allowed}, temperature=2))
    for word in words:
        text = text.replace(word, "")
    expect_equal(text, "", "what is left of the content")


@check
def keeps_bad_words_out():
    words = [" salt", " sugar"]
    allowed = [token for word in words for token in token_ids(word)]
    for stream in (False, True):
        answer = ask_with({"allowed_token_ids": allowed, "bad_words": ["salt"]}, temperature=2, stream=stream)
        text = text_of(answer) if stream else content(answer)
        expect("sugar" in text and "salt" not in text, f"content: {text!r}")


@check
def samples_the_best_token_with_top_k_1():
    expect_equal(content(ask_with({"top_k": 1}, temperature=2)), content(ask()), "content")


@check
def samples_the_best_token_with_min_p_1():
    expect_equal(content(ask_with({"min_p": 1}, temperature=2)), content(ask()), "content")


@check
def takes_top_k_that_means_all():
    for value in (0, -1):
        expect_usage(ask_with({"top_k": value}).usage, most_tokens=8)


@check
def takes_penalties():
    for extensions in ({"repetition_penalty": 1.3}, {"no_repeat_ngram_size": 2}):
        expect_usage(ask_with(extensions, frequency_penalty=2, presence_penalty=-2).usage, most_tokens=8)


@check
def forbids_the_ngrams_of_a_size():
    text = content(ask_with({"no_repeat_ngram_size": 1, "allowed_token_ids": token_ids(" salt sugar sand sun")},
                            max_completion_tokens=4))
    words = text.split()
    expect_equal(len(set(words)), len(words), f"words of {text!r}")


@check
def repeats_itself_for_a_seed():
    first, second = (content(ask(seed=4711, temperature=1.5)) for _ in range(2))
    expect_equal(second, first, "content of the second answer")


@check
def differs_without_a_seed():
    texts = {content(ask(temperature=2, max_completion_tokens=16)) for _ in range(3)}
    expect(len(texts) > 1, f"three times the same: {texts}")


@check
def takes_any_64_bits_as_a_seed():
    for seed in (-(2**63), 2**63 - 1, 0):
        expect_usage(ask(seed=seed, max_completion_tokens=1).usage, most_tokens=1)


@check
def waits_for_min_tokens():
    (end,) = token_ids(END_OF_TURN)
    for ends in ({}, {"stop_token_ids": token_ids(" salt")}):
        bias = {str(end): 100} if not ends else {str(token): 100 for token in token_ids(" salt")}
        answer = ask_with({"min_tokens": 5, **ends}, logit_bias=bias, max_completion_tokens=7)
        expect(answer.usage.completion_tokens >= 5, f"completion_tokens: {answer.usage.completion_tokens} (with {ends})")


@check
def ends_where_the_model_ends():
    answer = forced(END_OF_TURN)
    expect_equal(answer.choices[0].finish_reason, "stop", "finish_reason")
    expect_equal(content(answer) or "", "", "content")


@check
def ignores_the_end_of_the_model():
    (end,) = token_ids(END_OF_TURN)
    answer = ask_with({"ignore_eos": True}, logit_bias={str(end): 100}, max_completion_tokens=4)
    expect_equal((answer.choices[0].finish_reason, answer.usage.completion_tokens), ("length", 4), "end")
    expect_equal(content(answer) or "", "", "content, special tokens left out")


@check
def shows_special_tokens_if_asked():
    (end,) = token_ids(END_OF_TURN)
    extensions = {"ignore_eos": True, "skip_special_tokens": False, "spaces_between_special_tokens": False}
    answer = ask_with(extensions, logit_bias={str(end): 100}, max_completion_tokens=2)
    expect_equal(content(answer), END_OF_TURN * 2, "content")


@check
def stops_at_a_token():
    (token,) = token_ids(" salt")
    answer = forced(" salt", extra_body={"stop_token_ids": [token]})
    expect_equal(answer.choices[0].finish_reason, "stop", "finish_reason")
    expect("salt" not in (content(answer) or ""), f"content: {content(answer)!r}")


@check
def leaves_the_stop_string_out_or_in():
    for kept, expected in ((False, " salt salt sa"), (True, " salt salt salt")):
        # "salt salt salt", and ends inside of a token
        stop = "lt salt salt"
        extensions = {"include_stop_str_in_output": kept}
        text = content(forced(" salt", stop=stop, extra_body=extensions))
        expect_equal(text, " sa" + (stop if kept else ""), "content")


@check
def never_shows_the_beginning_of_a_stop_string():
    (token,) = token_ids(" salt")
    chunks = list(ask(logit_bias={str(token): 100}, stop=["salt salt salt s"], stream=True))
    expect_equal(text_of(chunks), " ", "joined text")
    expect_equal(finish_reasons(chunks), ["stop"], "finish reasons")


@check
def takes_a_stop_string_that_never_comes():
    chunks = list(ask(stop=["\u2603\u2603\u2603"], stream=True))
    expect_equal(text_of(chunks), content(ask()), "joined text")


@check
def returns_token_ids():
    answer = ask_with({"return_token_ids": True})
    expect_equal(len(answer.choices[0].token_ids), answer.usage.completion_tokens, "number of token_ids")
    expect_equal(len(answer.prompt_token_ids), answer.usage.prompt_tokens, "number of prompt_token_ids")


@check
def streams_token_ids():
    chunks = list(ask_with({"return_token_ids": True}, stream=True, stream_options={"include_usage": True}))
    ids = [token for chunk in chunks for choice in chunk.choices for token in getattr(choice, "token_ids", None) or []]
    expect_equal(len(ids), chunks[-1].usage.completion_tokens, "number of token_ids")
    expect_equal(len(chunks[0].prompt_token_ids), chunks[-1].usage.prompt_tokens, "number of prompt_token_ids")
    same = ask_with({"return_token_ids": True}).choices[0].token_ids
    expect_equal(ids, same, "token_ids of the stream, beside those of the single answer")


@check
def streams_usage_continuously():
    options = {"include_usage": True, "continuous_usage_stats": True}
    *chunks, last = ask(stream=True, stream_options=options)
    counts = [chunk.usage.completion_tokens for chunk in chunks]
    expect_equal(counts, sorted(counts), "completion_tokens of the chunks")
    expect_equal(counts[-1], last.usage.completion_tokens, "completion_tokens of the last chunks")
    for chunk in chunks:
        expect_equal(chunk.usage.total_tokens, chunk.usage.prompt_tokens + chunk.usage.completion_tokens, "total_tokens")


@check
def pads_chunks_if_asked():
    padded = list(ask(stream=True, stream_options={"include_obfuscation": True}))
    expect(any(getattr(chunk, "obfuscation", None) for chunk in padded), "no chunk has an obfuscation")
    plain = list(ask(stream=True))
    expect(all(getattr(chunk, "obfuscation", None) is None for chunk in plain), "an obfuscation that nobody asked for")


@check
def truncates_the_prompt_if_asked():
    answer = ask_with({"truncate_prompt_tokens": 5}, messages=QUESTION * 20)
    expect_equal(answer.usage.prompt_tokens, 5, "prompt_tokens")


@check
def names_the_answer_as_asked():
    answer = ask_with({"request_id": "my-own.name:1"})
    expect("my-own.name:1" in answer.id, f"id: {answer.id}")


@check
def continues_the_final_message():
    messages = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "Because of the"}]
    answer = ask_with({"continue_final_message": True, "add_generation_prompt": False}, messages=messages)
    rendered = ask(messages)
    expect(answer.usage.prompt_tokens < rendered.usage.prompt_tokens, "the message was closed before it was continued")


@check
def leaves_the_generation_prompt_out():
    without = ask_with({"add_generation_prompt": False}).usage.prompt_tokens
    expect(without < ask().usage.prompt_tokens, f"prompt_tokens: {without}")


@check
def takes_what_asks_nothing_of_the_answer():
    answer = ask(
        user="ada",
        metadata={"purpose": "probe"},
        store=False,
        service_tier="auto",
        modalities=["text"],
        parallel_tool_calls=True,
        response_format={"type": "text"},
        safety_identifier="ada-1",
        prompt_cache_key="probe",
        tool_choice="none",
        n=1,
        logprobs=False,
    )
    expect_usage(answer.usage, most_tokens=8)


@check
def counts_reasoning_and_cached_tokens():
    usage = ask().usage
    expect(usage.prompt_tokens_details.cached_tokens >= 0, f"prompt_tokens_details: {usage.prompt_tokens_details}")
    expect_equal(usage.completion_tokens_details.reasoning_tokens, 0, "reasoning_tokens")


@check
def names_fields_that_nobody_defined():
    from live_server import chat_parameters, client

    raw = client.chat.completions.with_raw_response.create(**chat_parameters(), extra_body={"shibboleth_42": 1})
    named = [name for name, value in raw.headers.items() if "shibboleth_42" in value]
    expect_equal(len(named), 1, f"headers that name the field among {dict(raw.headers)}")
    expect_usage(raw.parse().usage, most_tokens=8)


@check
def fingerprints_its_answers():
    first, second = ask(max_completion_tokens=1), ask(max_completion_tokens=1)
    expect(first.system_fingerprint, "there is no system_fingerprint")
    expect_equal(second.system_fingerprint, first.system_fingerprint, "system_fingerprint")
    chunk = next(iter(ask(max_completion_tokens=1, stream=True)))
    expect_equal(chunk.system_fingerprint, first.system_fingerprint, "system_fingerprint of a chunk")


if __name__ == "__main__":
    run_checks()
