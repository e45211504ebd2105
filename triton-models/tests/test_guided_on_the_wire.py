"""Every type of guide on the real model, and what else a request may ask for beside it."""

import json
import re

import numpy as np
import pytest
from guided import WILD, ask, ask_all, guide, most_finished, tag
from prompts import END_OF_TURN, TOKENIZER_FILE, chat

from triton_server import ids_of

START_OF_TURN = 1
CHOICES = ["red", "green", "dark blue", "é", "a/b", '"quoted"']
REGEXES = [
    "[a-z]{3,8}",
    "\\d{3}-\\d{4}",
    "(?:yes|no|maybe)",
    "#[0-9a-f]{6}",
    "[A-Z][a-z]{1,9}( [A-Z][a-z]{1,9}){0,2}",
    "[^,\\s]{1,5}(,[^,\\s]{1,5}){2}",
    "\\w{1,8}@\\w{1,8}\\.com|none",
    "[é-ü]{2,4}",
    '"(?:[^"\\\\]|\\\\.){0,12}"',
    "(?i:hello) world",
    "-?[0-9]{1,3}(\\.[0-9]{1,2})?",
    "[01]{16}",
]
DATE = 'root ::= year "-" two "-" two\nyear ::= [12] [0-9]{3}\ntwo ::= [0-9] [0-9]'
SUM = 'root ::= n ("+" n){1,3} "=" n\nn ::= [1-9] [0-9]{0,2}'
NESTED = 'root ::= "(" (root | [a-z]{1,3}) ")"'
LIST = 'root ::= "- " item ("\\n- " item){0,3}\nitem ::= [a-z ]{1,12}'
GRAMMARS = [
    (DATE, "[12]\\d{3}-\\d\\d-\\d\\d"),
    (SUM, "\\d{1,3}(\\+\\d{1,3}){1,3}=\\d{1,3}"),
    (NESTED, "\\(+[a-z]{1,3}\\)+"),
    (LIST, "- [a-z ]{1,12}(\n- [a-z ]{1,12}){0,3}"),
    ('root ::= "<|im_start|>" [a-z]{1,5} "<|im_start|>" "!"', "<\\|im_start\\|>[a-z]{1,5}<\\|im_start\\|>!"),
]
CITY = {"type": "object", "properties": {"city": {"enum": ["Rome", "Oslo"]}}, "required": ["city"]}
CALL = {
    "type": "tag",
    "begin": "<call>",
    "content": {"type": "json_schema", "json_schema": {**CITY, "additionalProperties": False}},
    "end": "</call>",
}
THOUGHT = {
    "type": "tag",
    "begin": "<think>",
    "content": {"type": "regex", "pattern": "[a-z ]{1,20}"},
    "end": "</think>",
}
ONE_CALL = '<call>\\{"city":"(Rome|Oslo)"\\}</call>'
TAGS = [
    (CALL, ONE_CALL),
    ({"type": "sequence", "elements": [THOUGHT, CALL]}, "<think>[a-z ]{1,20}</think>" + ONE_CALL),
    (
        {
            "type": "triggered_tags",
            "triggers": ["<call>"],
            "tags": [CALL],
            "at_least_one": True,
            "stop_after_first": True,
        },
        ONE_CALL,
    ),
    (
        {
            "type": "tags_with_separator",
            "tags": [CALL],
            "separator": ";",
            "at_least_one": True,
            "stop_after_first": True,
        },
        ONE_CALL,
    ),
    ({"type": "or", "elements": [CALL, {"type": "const_string", "value": "none"}]}, f"({ONE_CALL}|none)"),
]


def grammar_of(choices):
    return "root ::= " + " | ".join(json.dumps(each, ensure_ascii=False) for each in choices)


def check(answers, patterns):
    assert [answer.error for answer in answers if answer.error] == []
    for answer, pattern in zip(answers, patterns, strict=True):
        assert not answer.finished or re.fullmatch(pattern, answer.text), (pattern, answer.text)
    assert most_finished(answers)


def test_the_model_tells_which_types_it_takes(client):
    told = client.config().parameters["guided_decoding_types"].string_value
    assert told == "json,json_schema,regex,ebnf_grammar,structural_tag"


def test_regexes(client):
    check(ask_all(client, [guide("regex", regex) for regex in REGEXES] * 2, "Hi", tokens=60), REGEXES * 2)


def test_choices(client):
    answers = ask_all(client, [guide("ebnf_grammar", grammar_of(CHOICES))] * 12, "A colour?")
    assert all(answer.finished and answer.text in CHOICES for answer in answers), answers
    assert len({answer.text for answer in answers}) > 1


def test_grammars(client):
    guides = [guide("ebnf_grammar", grammar) for grammar, _ in GRAMMARS] * 3
    check(ask_all(client, guides, "Hi"), [pattern for _, pattern in GRAMMARS] * 3)


def test_structural_tags(client):
    guides = [tag(form) for form, _ in TAGS] * 2
    check(ask_all(client, guides, "Hi"), [pattern for _, pattern in TAGS] * 2)


def test_free_text_may_hold_tags_and_no_other_trigger(client):
    form = {"type": "triggered_tags", "triggers": ["<"], "tags": [CALL]}
    favour = np.zeros(49152, np.float32)
    favour[TOKENIZER_FILE.token_to_id("<")] = 12
    for answer in ask_all(client, [tag(form)] * 4, "Hi", tokens=60, embedding_bias=favour):
        assert "<" in answer.text
        left = re.sub(ONE_CALL, "", answer.text)
        assert "<" not in left or not answer.finished


def test_a_control_token_in_a_literal_is_that_token(client):
    answer = ask(client, guide("ebnf_grammar", 'root ::= "<|im_start|>" "x" "<|im_start|>"'))
    assert [token for token in answer.ids if token <= END_OF_TURN] == [START_OF_TURN] * 2


def test_a_stream_has_the_same_text(client):
    settings = {"end_id": END_OF_TURN, **guide("regex", "[a-f]{12}")}
    responses = client.ask(chat("Hi"), 40, streaming=True, **settings)
    assert re.fullmatch("[a-f]{12}", TOKENIZER_FILE.decode(ids_of(responses)))
    assert responses[-1].finish_reason == "stop"


@pytest.mark.parametrize("end", [{}, {"end_id": END_OF_TURN}, {"stop_words_list": [[END_OF_TURN], [1]]}])
@pytest.mark.parametrize("least", [0, 30])
def test_a_complete_answer_ends_whatever_ends_others(client, end, least):
    responses = client.ask(chat("Hi"), 40, min_tokens=least, **end, **guide("regex", "ab|cd"))
    assert TOKENIZER_FILE.decode(ids_of(responses)) in ("ab", "cd")
    assert responses[-1].finish_reason == "stop"


def test_an_answer_that_was_cut_off_says_so(client):
    answer = ask(client, guide("regex", "[a-z]{400}"), tokens=5)
    assert answer.finish_reason == "length"
    assert re.fullmatch("[a-z]+", answer.text)


def test_several_answers_each_keep_to_the_guide(client):
    responses = client.ask(
        chat("Hi"), 40, num_return_sequences=4, end_id=END_OF_TURN, **WILD, **guide("regex", "[a-z]{9}")
    )
    texts = [TOKENIZER_FILE.decode(response.ids) for response in responses]
    assert all(re.fullmatch("[a-z]{9}", text) for text in texts), texts
    assert len(set(texts)) > 1


def test_beside_everything_else(client):
    values = {
        "return_log_probs": True,
        "num_logprobs": 2,
        "frequency_penalty": 0.5,
        "repetition_penalty": 1.2,
        "no_repeat_ngram_size": 2,
        "bad_words_list": [TOKENIZER_FILE.encode("a").ids, [1]],
        "end_id": END_OF_TURN,
    }
    [response] = client.ask(chat("Hi"), 40, **values, **WILD, **guide("regex", "[a-z]{6}"))
    assert re.fullmatch("[a-z]{6}", TOKENIZER_FILE.decode(response.ids))
    told = response.array("output_log_probs").reshape(-1)
    assert told.size == len(response.ids)
    assert (told > -100).all()


def test_the_same_seed_gives_the_same_answer(exact_client):
    tensors = guide("regex", "[a-z ]{30}")
    first = ask(exact_client, tensors, tokens=40)
    assert ask(exact_client, tensors, tokens=40).ids == first.ids


def test_a_ban_that_the_guide_does_not_leave_is_told(client):
    banned = [[token] for token in range(49152) if "q" in TOKENIZER_FILE.decode([token])]
    words = [[token for word in banned for token in word], list(range(1, len(banned) + 1))]
    answer = ask(client, guide("regex", "q{3}"), bad_words_list=words)
    assert answer.error == "guided decoding: dead end: regex: nothing that may follow can be sampled"
    assert ask(client, guide("regex", "q{3}")).text == "qqq"


@pytest.mark.parametrize(
    ("tensors", "told"),
    [
        (guide("choice", "x"), "unknown guide type: choice (expected: json, "),
        ({"guided_decoding_guide": b"x"}, "unknown guide type: (empty)"),
        (guide("regex"), "invalid guide: regex: guided_decoding_guide is absent or empty"),
        (guide("regex", "(a"), "invalid guide: regex: "),
        (guide("ebnf_grammar", "x"), "invalid guide: ebnf_grammar: line 1: ::= is expected"),
        (guide("structural_tag", "{}"), "invalid guide: structural_tag: "),
        (guide("regex", "a" * 300_000), "limit exceeded: regex: 300000 bytes"),
    ],
)
def test_what_is_no_guide_is_refused_by_its_fault(client, tensors, told):
    assert ask(client, tensors).error.startswith(f"guided decoding: {told}")
