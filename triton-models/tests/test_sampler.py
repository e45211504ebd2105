"""The sampler by numbers: order of the adjustments, candidate sets, ties, seeds."""

import numpy as np
import pytest

from executor.batching.sampler import Sampler, UnusableLogits
from executor.request import SamplingParams

NO_END = -1
VOCAB_SIZE = 5000


def sampler(prompt=(), end_id=NO_END, vocab_size=4, **params):
    return Sampler(SamplingParams(**params), prompt, [] if end_id == NO_END else [end_id], vocab_size)


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


def test_min_tokens_bans_every_token_that_would_end_it():
    one = Sampler(SamplingParams(min_tokens=1), (), {0, 1}, 4)
    logits = np.array([4, 3, 2, 0], np.float32)
    assert [one.choose(logits) for _ in range(2)] == [2, 0]


def test_a_bias_that_no_logit_outweighs_is_a_ban():
    only_the_end = np.array([0, -1e9, -1e9, -1e9], np.float32)
    with pytest.raises(UnusableLogits, match="every token is banned"):
        choose([4, 3, 0, 0], end_id=0, min_tokens=1, embedding_bias=only_the_end)


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


def test_bad_words_and_repetitions_are_not_chosen():
    assert choose([4, 3, 2, 0], bad_words=((0,),)) == 1
    assert choose([4, 3, 2, 0], prompt=(2,), bad_words=((2, 0), (1,))) == 2
    one = sampler(no_repeat_ngram_size=1)
    logits = np.array([4, 3, 2, 0], np.float32)
    assert [one.choose(logits) for _ in range(4)] == [0, 1, 2, 3]


def test_bans_come_after_everything_else():
    bias = np.array([np.inf, 0, 0, 0], np.float32)
    assert choose([4, 3, 0, 0], embedding_bias=bias, bad_words=((0,),), presence_penalty=1.0) == 1


def test_a_banned_token_is_never_drawn():
    assert chosen([9, 1, 1, 1], top_p=1.0, bad_words=((0,),)) == {1, 2, 3}


def test_when_everything_is_banned_nothing_is_chosen():
    with pytest.raises(UnusableLogits, match="every token is banned"):
        choose([1, 2], bad_words=((0,), (1,)))


def log_probs(logits, top=0, draws=1, **params):
    one = sampler(vocab_size=len(logits), **params)
    return [one.choose_with_log_probs(np.array(logits, np.float32), top) for _ in range(draws)][-1]


def test_log_probs_are_those_of_the_whole_vocabulary():
    token, told = log_probs(log(0.4, 0.3, 0.2, 0.1), top=3)
    assert token == 0
    assert np.isclose(told.chosen, np.log(0.4))
    assert told.top_ids.tolist() == [0, 1, 2]
    assert np.allclose(told.top, np.log([0.4, 0.3, 0.2]))
    assert (told.top_ids.dtype, told.top.dtype) == (np.int32, np.float32)


@pytest.mark.parametrize("params", [{"top_k": 1}, {"top_p": 0.1}, {"top_p": 1.0, "min_p": 1.0}])
def test_log_probs_know_nothing_of_the_candidates_left_out(params):
    token, told = log_probs(log(0.4, 0.3, 0.2, 0.1), top=4, **params)
    assert token == 0
    assert np.allclose(told.top, np.log([0.4, 0.3, 0.2, 0.1]))


@pytest.mark.parametrize("params", [{}, {"top_p": 1.0}])
def test_log_probs_follow_the_temperature_of_greedy_requests_too(params):
    _, told = log_probs([2, 0, 0, 0], top=1, temperature=2.0, **params)
    assert np.allclose(told.top, 1 - np.log(np.e + 3), atol=1e-5)


def test_log_probs_follow_bias_penalties_and_bans():
    bias = np.array([1, 0, 0, 0], np.float32)
    token, told = log_probs([0, 0, 0, 9], top=4, embedding_bias=bias, bad_words=((3,),), presence_penalty=1.0, draws=2)
    assert token in (0, 1)  # the first draw took 0, which is penalised now: three are equal
    assert set(told.top_ids[:3]) == {0, 1, 2}
    assert np.allclose(told.top[:3], -np.log(3), atol=1e-5)
    assert told.top[3] == np.finfo(np.float32).min


def test_the_chosen_token_need_not_be_among_the_best():
    token, told = log_probs([5, 0, 0, 0], top=1, top_p=1.0, temperature=90.0, seed=1)
    assert token != 0
    assert told.top_ids.tolist() == [0]
    assert told.chosen < told.top[0]


def test_without_a_top_there_is_only_the_chosen_one():
    _, told = log_probs([5, 0])
    assert told.top_ids.size == told.top.size == 0
    assert np.isclose(told.chosen, -np.log1p(np.exp(-5)))


def test_equals_rank_by_id():
    assert log_probs([1, 5, 5, 5], top=2)[1].top_ids.tolist() == [1, 2]


def test_asking_for_log_probs_changes_no_choice():
    logits = np.random.default_rng(1).normal(size=VOCAB_SIZE).astype(np.float32)
    plain, asked = (sampler(vocab_size=VOCAB_SIZE, top_p=0.9, temperature=1.3, seed=7) for _ in range(2))
    for _ in range(20):
        assert plain.choose(logits) == asked.choose_with_log_probs(logits, 5)[0]


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
