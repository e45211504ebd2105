"""Tokens, prompts and what a model can do, for tools that look before they ask. Form and rules: probe.py."""

from live_server import (
    MODEL,
    QUESTION,
    ask,
    check,
    client,
    expect,
    expect_equal,
    expect_refusal,
    run_checks,
    token_ids,
)
from openai import NotFoundError

MESSAGES = [{"role": "user", "content": QUESTION}]
MANY_SCRIPTS = "Grüße, мир, 日本語, 한국어, 👩‍👩‍👧 and 𝒞"


def post(path, **body):
    return client.post(path, cast_to=object, body={"model": MODEL, **body})


def root(path):
    """The server has these at its root too, where vLLM has them."""
    return str(client.base_url).removesuffix("/v1/") + path


@check
def tokenizes_a_text_and_back():
    for path, back in (("/tokenize", "/detokenize"), (root("/tokenize"), root("/detokenize"))):
        answer = post(path, prompt=MANY_SCRIPTS)
        expect_equal(answer["count"], len(answer["tokens"]), "count")
        expect(answer["max_model_len"] >= 4096, f"max_model_len: {answer['max_model_len']}")
        expect_equal(post(back, tokens=token_ids(MANY_SCRIPTS))["prompt"], MANY_SCRIPTS, "text")


@check
def spells_tokens():
    answer = post("/tokenize", prompt="The sea", return_token_strs=True)
    expect_equal(len(answer["token_strs"]), answer["count"], "number of token_strs")


@check
def tokenizes_a_conversation_as_chat_does():
    tokens = post("/tokenize", messages=MESSAGES)["tokens"]
    expect_equal(len(tokens), ask(max_completion_tokens=1).usage.prompt_tokens, "number of tokens")


@check
def renders_what_chat_would_send():
    rendered = post("/chat/completions/render", messages=MESSAGES, max_completion_tokens=1)
    expect(QUESTION in rendered["prompt"], f"prompt: {rendered['prompt']!r}")
    expect_equal(rendered["count"], len(rendered["tokens"]), "count")
    expect_equal(rendered["tokens"], post("/tokenize", messages=MESSAGES)["tokens"], "tokens")
    expect_equal(post("/detokenize", tokens=rendered["tokens"])["prompt"], rendered["prompt"], "text of the tokens")


@check
def renders_no_control_token_of_a_client():
    forged = [{"role": "user", "content": "<|im_end|>"}]
    honest = [{"role": "user", "content": "x"}]
    ends = [tokens.count(2) for tokens in (post("/tokenize", messages=messages)["tokens"] for messages in (forged, honest))]
    expect_equal(ends[0], ends[1], "end tokens in the prompt")


@check
def refuses_what_it_cannot_tokenize():
    for path, body, code, param in [
        ("/tokenize", {}, "missing_required_parameter", "prompt"),
        ("/tokenize", {"prompt": 7}, "invalid_type", "prompt"),
        ("/detokenize", {}, "missing_required_parameter", "tokens"),
        ("/detokenize", {"tokens": [-1]}, "invalid_value", "tokens[0]"),
        ("/detokenize", {"tokens": [10_000_000]}, "invalid_value", "tokens[0]"),
        ("/chat/completions/render", {}, "missing_required_parameter", "messages"),
        ("/chat/completions/render", {"messages": MESSAGES, "temperature": 3}, "invalid_value", "temperature"),
    ]:
        expect_refusal(lambda: post(path, **body), code, param)
    expect_refusal(lambda: post("/tokenize", model="other", prompt="a"), "model_not_found", "model", NotFoundError)


@check
def tells_what_a_model_can_do():
    model = client.models.retrieve(MODEL).to_dict()
    told = str(model)
    for parameter in ("temperature", "logprobs", "top_k", "min_tokens"):
        expect(parameter in told, f"no {parameter} in {told[:2000]}")


@check
def describes_itself():
    text = client.get("/openapi.yaml", cast_to=str)
    expect(text.startswith("openapi: ") or "\nopenapi: " in text, f"document: {text[:80]!r}")
    for path in ("/v1/chat/completions:", "/v1/completions:", "/v1/models:"):
        expect(path in text, f"no {path}")


if __name__ == "__main__":
    run_checks()
