"""The sampling tensors act on the real model; the deterministic setting makes the answers comparable."""

import numpy as np
import pytest
from prompts import END_OF_TURN, FRANCE

from triton_server import ids_of

VOCAB_SIZE = 49152
WILD = {"runtime_top_p": 1.0, "temperature": 2.0}


def ask(client, tokens=6, **values):
    return ids_of(client.ask(FRANCE, tokens, **values))


@pytest.fixture
def greedy(exact_client):
    return ask(exact_client)


def bias(**values):
    vector = np.zeros(VOCAB_SIZE, np.float32)
    for token, value in values.items():
        vector[int(token[1:])] = value
    return vector


def test_temperature_alone_changes_nothing(exact_client, greedy):
    assert ask(exact_client, temperature=5.0) == greedy


@pytest.mark.parametrize(
    "values", [{"runtime_top_k": 1}, {"runtime_top_p": 1e-4}, {"min_p": 1.0, **WILD}, {**WILD, "temperature": 0.0}]
)
def test_settings_that_leave_one_candidate_are_greedy(exact_client, greedy, values):
    assert ask(exact_client, **values) == greedy


def test_a_seed_is_repeatable_and_zero_when_absent(exact_client):
    assert ask(exact_client, seed=5, **WILD) == ask(exact_client, seed=5, **WILD)
    assert ask(exact_client, **WILD) == ask(exact_client, seed=0, **WILD)


def test_seeds_up_to_64_bits_differ(exact_client):
    answers = {tuple(ask(exact_client, seed=seed, **WILD)) for seed in (1, 2**32 + 1, 2**64 - 1)}
    assert len(answers) == 3


def test_embedding_bias_forces_and_bans(exact_client, greedy):
    assert ask(exact_client, 3, embedding_bias=bias(t42=1000.0)) == [42, 42, 42]
    assert greedy[0] not in ask(exact_client, 3, embedding_bias=bias(**{f"t{greedy[0]}": -1000.0}))


def test_penalties_count_the_prompt_too(exact_client):
    favourite = {"embedding_bias": bias(**{f"t{FRANCE[-1]}": 100.0})}
    assert ask(exact_client, 1, **favourite) == [FRANCE[-1]]
    assert ask(exact_client, 1, presence_penalty=200.0, **favourite) != [FRANCE[-1]]
    assert ask(exact_client, 1, frequency_penalty=200.0, **favourite) != [FRANCE[-1]]
    assert ask(exact_client, 1, repetition_penalty=100.0, **favourite) != [FRANCE[-1]]


def test_min_tokens_keeps_the_end_away(exact_client):
    end = {"embedding_bias": bias(**{f"t{END_OF_TURN}": 1000.0}), "end_id": END_OF_TURN}
    assert ask(exact_client, **end) == []
    assert len(ask(exact_client, min_tokens=3, **end)) == 3


def test_pad_id_changes_nothing(exact_client, greedy):
    assert ask(exact_client, pad_id=END_OF_TURN) == greedy
