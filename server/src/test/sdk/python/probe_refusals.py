"""What chat refuses: each with OpenAI's error object, its code, and the parameter by name. Form and rules: probe.py."""

from live_server import MODEL, QUESTION, ask, check, client, expect, expect_equal, expect_refusal, expect_usage, run_checks

WEATHER = {"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {}}}}
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGk="}}
AUDIO = {"type": "input_audio", "input_audio": {"data": "aGk=", "format": "wav"}}
FILE = {"type": "file", "file": {"file_data": "aGk=", "filename": "a.pdf"}}


def expect_refusals(rows):
    for parameters, code, param in rows:
        expect_refusal(lambda: ask(**parameters), code, param)
        expect_refusal(lambda: ask(**parameters, **({} if "stream" in parameters else {"stream": True})), code, param)


def extension(**fields):
    return {"extra_body": fields}


def user(content):
    return {"messages": [{"role": "user", "content": content}]}


@check
def refuses_what_is_out_of_range():
    expect_refusals([
        ({"temperature": -0.1}, "invalid_value", "temperature"),
        ({"top_p": 1.1}, "invalid_value", "top_p"),
        ({"frequency_penalty": 2.1}, "invalid_value", "frequency_penalty"),
        ({"presence_penalty": -2.1}, "invalid_value", "presence_penalty"),
        ({"n": 0}, "invalid_value", "n"),
        ({"n": 17}, "integer_above_max_value", "n"),
        ({"max_completion_tokens": 0}, "invalid_value", "max_completion_tokens"),
        ({"max_completion_tokens": None, "max_tokens": -1}, "invalid_value", "max_tokens"),
        ({"logprobs": True, "top_logprobs": 21}, "integer_above_max_value", "top_logprobs"),
        ({"top_logprobs": 2}, "invalid_value", "top_logprobs"),
        ({"seed": 2**63}, "invalid_value", "seed"),
        ({"logit_bias": {"5": 101}}, "invalid_value", "logit_bias.5"),
        ({"logit_bias": {"five": 1}}, "invalid_value", "logit_bias"),
        ({"logit_bias": {"9999999": 1}}, "invalid_value", "logit_bias.9999999"),
        ({"stop": ["a", "b", "c", "d", "e"]}, "array_above_max_length", "stop"),
        ({"stop": "x" * 257}, "string_above_max_length", "stop"),
        ({"metadata": {"a": "x" * 513}}, "string_above_max_length", "metadata.a"),
    ])


@check
def refuses_wrong_types():
    expect_refusals([
        ({"temperature": "hot"}, "invalid_type", "temperature"),
        ({"n": 1.5}, "invalid_type", "n"),
        ({"max_completion_tokens": "8"}, "invalid_type", "max_completion_tokens"),
        ({"logprobs": 1}, "invalid_type", "logprobs"),
        ({"logit_bias": [1]}, "invalid_type", "logit_bias"),
        ({"stop": 7}, "invalid_type", "stop"),
        ({"seed": 0.5}, "invalid_type", "seed"),
        ({"user": 7}, "invalid_type", "user"),
        ({"stream": True, "stream_options": 7}, "invalid_type", "stream_options"),
        ({"stream": True, "stream_options": {"include_usage": 1}}, "invalid_type", "stream_options.include_usage"),
    ])
    expect_refusal(lambda: ask(stream="yes"), "invalid_type", "stream")
    expect_refusal(lambda: ask(stream_options={"include_usage": True}), "invalid_value", "stream_options")


@check
def refuses_bad_messages():
    expect_refusals([
        ({"messages": []}, "invalid_value", "messages"),
        (user(None), "missing_required_parameter", "messages[0].content"),
        ({"messages": [{"content": "a"}]}, "missing_required_parameter", "messages[0].role"),
        ({"messages": [{"role": "king", "content": "a"}]}, "invalid_value", "messages[0].role"),
        (user([{"type": "text"}]), "missing_required_parameter", "messages[0].content[0].text"),
        (user([{"type": "text", "text": 7}]), "invalid_type", "messages[0].content[0].text"),
        (user([{"type": "text", "text": "a"}, {"type": "smell"}]), "invalid_value", "messages[0].content[1].type"),
    ])


@check
def refuses_contents_that_the_model_cannot_take():
    for part, kind in ((IMAGE, "image_url"), (AUDIO, "input_audio"), (FILE, "file")):
        parts = [{"type": "text", "text": QUESTION}, part]
        error = expect_refusal(lambda: ask(**user(parts)), "unsupported_content", "messages[0].content[1]")
        expect(kind.split("_")[-1] in error.message or kind in error.message, f"message: {error.message}")


@check
def refuses_openai_parameters_that_it_does_not_honour():
    expect_refusals([
        ({"tools": [{"type": "custom", "custom": {"name": "a"}}]}, "invalid_value", "tools[0].type"),
        ({"tools": [WEATHER], "functions": [WEATHER["function"]]}, "invalid_value", "functions"),
        ({"response_format": {"type": "grammar"}}, "invalid_value", "response_format.type"),
        ({"modalities": ["text", "audio"]}, "unsupported_parameter", "modalities"),
        ({"audio": {"voice": "alloy", "format": "wav"}}, "unsupported_parameter", "audio"),
        ({"web_search_options": {}}, "unsupported_parameter", "web_search_options"),
        ({"prediction": {"type": "content", "content": "a"}}, "unsupported_parameter", "prediction"),
        ({"store": True}, "unsupported_parameter", "store"),
        ({"service_tier": "priority"}, "unsupported_parameter", "service_tier"),
        ({"reasoning_effort": "low"}, "unsupported_parameter", "reasoning_effort"),
        ({"verbosity": "low"}, "unsupported_parameter", "verbosity"),
    ])


@check
def refuses_extensions_that_it_does_not_honour():
    expect_refusals([
        (extension(prompt_logprobs=1), "unsupported_parameter", "prompt_logprobs"),
        (extension(cache_salt="a"), "unsupported_parameter", "cache_salt"),
        (extension(guided_decoding_backend="xgrammar"), "unsupported_parameter", "guided_decoding_backend"),
        (extension(use_beam_search=True), "unsupported_parameter", "use_beam_search"),
        (extension(echo=True), "unsupported_parameter", "echo"),
        (extension(prompt="a"), "unsupported_parameter", "prompt"),
        (extension(suffix="a"), "unsupported_parameter", "suffix"),
    ])


@check
def refuses_bad_extensions():
    expect_refusals([
        (extension(top_k=-2), "invalid_value", "top_k"),
        (extension(min_p=1.1), "invalid_value", "min_p"),
        (extension(repetition_penalty=0), "invalid_value", "repetition_penalty"),
        (extension(min_tokens=9), "invalid_value", "min_tokens"),
        (extension(min_tokens=-1), "invalid_value", "min_tokens"),
        (extension(stop_token_ids=["a"]), "invalid_type", "stop_token_ids[0]"),
        (extension(stop_token_ids=[-1]), "invalid_value", "stop_token_ids[0]"),
        (extension(allowed_token_ids=[10_000_000]), "invalid_value", "allowed_token_ids[0]"),
        (extension(bad_words=["a", ""]), "invalid_value", "bad_words[1]"),
        (extension(bad_words="a"), "invalid_type", "bad_words"),
        (extension(truncate_prompt_tokens=0), "invalid_value", "truncate_prompt_tokens"),
        (extension(request_id="no spaces"), "invalid_value", "request_id"),
        (extension(ignore_eos="yes"), "invalid_type", "ignore_eos"),
        (extension(chat_template="{{ messages }}"), "unsupported_parameter", "chat_template"),
        (extension(chat_template_kwargs={"secret": 1}), "unsupported_parameter", "chat_template_kwargs.secret"),
        (extension(continue_final_message=True), "invalid_value", "continue_final_message"),
    ])


@check
def refuses_a_request_without_model_or_messages():
    for body, param in (({"messages": []}, "model"), ({"model": MODEL}, "messages")):
        call = lambda: client.post("/chat/completions", cast_to=object, body=body)
        expect_refusal(call, "missing_required_parameter", param)


@check
def refuses_a_prompt_longer_than_the_context():
    error = expect_refusal(lambda: ask("salt " * 5000), "context_length_exceeded", "messages")
    expect("4096" in error.message.replace(",", ""), f"message does not name the limit: {error.message}")


@check
def echoes_little_of_what_it_refuses():
    error = expect_refusal(lambda: ask(stop="x" * 5000), "string_above_max_length", "stop")
    expect(len(error.message) < 300, f"length of the message: {len(error.message)}")


@check
def answers_after_all_of_this():
    expect_usage(ask().usage, most_tokens=8)
    expect_equal(ask().choices[0].index, 0, "index")


if __name__ == "__main__":
    run_checks()
