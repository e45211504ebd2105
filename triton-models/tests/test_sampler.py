"""The sampler by numbers: order of the adjustments, candidate sets, ties, seeds."""

import numpy as np
import pytest

from executor.batching.sampler import Sampler, UnusableLogits
from executor.request import SamplingParams

NO_END = -1
VOCAB_SIZE = 5000


def sampler(prompt=(), end_id=NO_END, vocab_size=4, **params):
    return Sampler(SamplingParams(**params), prompt, end_id, vocab_size)


def choose(logits, prompt=(), end_id=NO_END, **params):
    return sampler(prompt, end_id, len(logits), **params).choose(np.array(logits, np.float32))


def chosen(logits, draws=400, **params):
    """Every token that comes up in many draws."""
    one = sampler(vocab_size=len(logits), **params)
    return {one.choose(np.array(logits, np.float32)) for _ in range(draws)}


def log(*probabilities):
    return np.log(np.array(probabilities)).tolist()


def test_greedy_takes_the_best_and_the_lower_id_of_equals():
    assert choose([0, 3, 1, 3]) == 1


@pytest.mark.parametrize("temperature", [0.0, 0.1, 50.0])
def test_greedy_does_not_depend_on_temperature(temperature):
    assert choose([0, 3, 1, 2], temperature=temperature) == 1


def test_repetition_divides_positive_and_multiplies_negative_logits():
    assert choose([4, 3, 0, 0], prompt=(0,), repetition_penalty=2.0) == 1
    assert choose([-1, -1.5, -9, -9], prompt=(0,), repetition_penalty=2.0) == 1
    assert choose([4, 3, 0, 0], prompt=(0,), repetition_penalty=1.2) == 0


def test_presence_counts_once_and_frequency_every_time():
    assert choose([4, 3, 0, 0], prompt=(0, 0), presence_penalty=0.6) == 0
    assert choose([4, 3, 0, 0], prompt=(0, 0), frequency_penalty=0.6) == 1


def test_generated_tokens_count_as_well():
    one = sampler(presence_penalty=1.5)
    logits = np.array([4, 3, 0, 0], np.float32)
    assert [one.choose(logits), one.choose(logits), one.choose(logits)] == [0, 1, 0]


def test_temperature_comes_before_the_penalties():
    assert choose([4, 3, 0, 0], prompt=(0,), presence_penalty=1.5) == 1
    assert choose([4, 3, 0, 0], prompt=(0,), presence_penalty=1.5, temperature=0.5) == 0


def test_embedding_bias_comes_before_the_temperature():
    bias = np.array([0, 1.5, 0, 0], np.float32)
    assert choose([4, 3, 0, 0], embedding_bias=bias) == 1
    assert choose([4, 3, 0, 0], embedding_bias=bias, prompt=(1,), presence_penalty=0.6, temperature=0.5) == 1


def test_an_infinite_bias_is_the_largest_number():
    assert choose([4, 3, 0, 0], embedding_bias=np.array([0, 0, np.inf, 0], np.float32)) == 2
    assert choose([4, 3, 0, 0], embedding_bias=np.array([-np.inf, 0, 0, 0], np.float32)) == 1


def test_min_tokens_bans_the_end_until_it_is_reached():
    one = sampler(end_id=0, min_tokens=2)
    logits = np.array([4, 3, 0, 0], np.float32)
    assert [one.choose(logits) for _ in range(3)] == [1, 1, 0]


def test_top_k_keeps_the_best_k_and_the_lower_ids_of_equals():
    assert chosen([1, 5, 5, 5], top_k=2) == {1, 2}


def test_top_p_keeps_the_smallest_set_that_reaches_it():
    assert chosen(log(0.5, 0.3, 0.15, 0.05), top_p=0.79) == {0, 1}
    assert chosen(log(0.5, 0.3, 0.15, 0.05), top_p=0.81) == {0, 1, 2}
    assert chosen(log(0.5, 0.3, 0.15, 0.05), top_p=1.0) == {0, 1, 2, 3}


def test_top_p_is_taken_inside_the_renormalised_top_k():
    assert chosen(log(0.4, 0.3, 0.2, 0.1), top_p=0.55) == {0, 1}
    assert chosen(log(0.4, 0.3, 0.2, 0.1), top_k=2, top_p=0.55) == {0}


def test_min_p_is_relative_to_the_best():
    assert chosen(log(0.5, 0.3, 0.15, 0.05), top_p=1.0, min_p=0.5) == {0, 1}
    assert chosen(log(0.5, 0.3, 0.15, 0.05), top_k=4, min_p=0.2) == {0, 1, 2}


def test_a_wide_nucleus_is_the_one_of_a_full_sort():
    logits = np.random.default_rng(1).normal(size=VOCAB_SIZE).astype(np.float32)
    probabilities = np.exp(logits) / np.exp(logits).sum()
    order = np.argsort(-probabilities)
    nucleus = set(order[: np.searchsorted(np.cumsum(probabilities[order]), 0.95) + 1].tolist())
    drawn = chosen(logits, draws=3000, top_p=0.95)
    assert drawn <= nucleus
    assert len(drawn) > 1000


def test_draws_follow_the_probabilities():
    one = sampler(top_p=1.0, seed=3)
    logits = np.array(log(0.6, 0.3, 0.1, 1e-9), np.float32)
    counts = np.bincount([one.choose(logits) for _ in range(4000)], minlength=4) / 4000
    assert np.allclose(counts, [0.6, 0.3, 0.1, 0], atol=0.03)


def test_the_seed_alone_decides_the_draws():
    logits = np.zeros(VOCAB_SIZE, np.float32)

    def draws(seed):
        one = sampler(vocab_size=VOCAB_SIZE, top_p=1.0, seed=seed)
        return [one.choose(logits) for _ in range(5)]

    assert draws(2**64 - 1) == draws(2**64 - 1)
    assert draws(2**64 - 1) != draws(2**32 - 1)


@pytest.mark.parametrize("poison", [np.nan, np.inf])
def test_logits_that_are_not_finite_are_refused(poison):
    with pytest.raises(UnusableLogits):
        choose([1, poison, 2, 3])


def test_a_token_that_the_model_excludes_is_never_drawn():
    assert chosen([1, -np.inf, 2, 3], top_p=1.0) == {0, 2, 3}


def test_the_logits_are_left_as_they_were():
    logits = np.array([1, 2, 3, 4], np.float32)
    sampler(prompt=(1,), end_id=2, min_tokens=1, presence_penalty=1.0, top_p=0.9, temperature=2.0).choose(logits)
    assert logits.tolist() == [1, 2, 3, 4]
