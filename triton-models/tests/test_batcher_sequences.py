"""The batcher over a model that counts: sequences of one request, the KV cache that is shared, log-probabilities."""

import pytest

from executor.request import FinishReason, SamplingParams
from fakes import NAN_AFTER

PROMPT = tuple(range(1, 18))


def by_sequence(recorder):
    """The outputs of each sequence, in order."""
    indexes = sorted({output.sequence_index for output in recorder.outputs})
    return [[each for each in recorder.outputs if each.sequence_index == index] for index in indexes]


def ids(outputs):
    return [token for output in outputs for token in output.token_ids]


def test_several_sequences_of_one_request_end_one_by_one_and_finally_once(bench):
    b = bench()
    recorder = b.submit(1, tokens=3, num_sequences=3)
    recorder.await_end()
    assert [ids(outputs) for outputs in by_sequence(recorder)] == [[2, 3, 4]] * 3
    ends = [output for output in recorder.outputs if output.finish_reason]
    assert [(end.finish_reason, end.others_open, end.is_final) for end in ends] == [
        (FinishReason.LENGTH, 2, False),
        (FinishReason.LENGTH, 1, False),
        (FinishReason.LENGTH, 0, True),
    ]


def test_each_sequence_draws_with_a_seed_of_its_own(bench):
    b = bench()
    sampling = {"top_p": 1.0, "temperature": 9.0}
    together = b.submit(1, num_sequences=3, sampling=SamplingParams(seed=2**64 - 2, **sampling))
    together.await_end()
    alone = [b.submit(1, sampling=SamplingParams(seed=seed, **sampling)) for seed in (2**64 - 2, 2**64 - 1, 0)]
    for each in alone:
        each.await_end()
    assert [ids(outputs) for outputs in by_sequence(together)] == [each.token_ids for each in alone]


@pytest.mark.parametrize("reuses", [True, False])
def test_the_prompt_is_read_once_for_all_sequences(bench, reuses):
    b = bench(prefill_chunk_tokens=8, reuses_kv_cache=reuses)
    recorder = b.submit(*range(1, 21), tokens=2, num_sequences=3)
    recorder.await_end()
    assert [b.sizes(call) for call in range(4)] == [[8], [8], [4], [1, 1, 1]]
    assert [ids(outputs) for outputs in by_sequence(recorder)] == [[21, 22]] * 3
    assert {output.cached_tokens for output in recorder.outputs} == {0}


def test_deterministic_sequences_read_the_prompt_each_for_itself(bench):
    b = bench(prefill_chunk_tokens=8, deterministic=True)
    b.submit(*PROMPT, num_sequences=2).await_end()
    assert sum(len(span.tokens) for call in b.evaluator.calls for span in call if span.first < len(PROMPT)) == 34


def test_more_sequences_than_slots_wait_like_requests(bench):
    b = bench(slots=2)
    recorder = b.submit(*PROMPT, tokens=3, num_sequences=5)
    recorder.await_end()
    assert len(by_sequence(recorder)) == 5
    assert max(len(call) for call in b.evaluator.calls) == 2
    assert sum(output.is_final for output in recorder.outputs) == 1
    assert {output.cached_tokens for output in recorder.outputs} == {0}


def test_the_kv_budget_counts_every_sequence(bench):
    b = bench(slots=4, kv_cache_tokens=40)
    b.hold_with(1, tokens=9, num_sequences=3)
    stats = b.engine.stats()
    assert (stats.kv_used, stats.active) == (30, 3)
    waiting = b.submit(31, tokens=20)
    b.evaluator.step()
    assert b.engine.stats().kv_used == 30
    b.evaluator.release()
    assert waiting.await_end().finish_reason is FinishReason.LENGTH


def test_cancel_ends_running_and_waiting_sequences(bench):
    b = bench(slots=2)
    recorder = b.hold_with(1, tokens=20, num_sequences=5)
    recorder.generation.cancel()
    b.evaluator.release()
    recorder.await_end()
    ends = [output for output in recorder.outputs if output.finish_reason]
    assert [end.finish_reason for end in ends] == [FinishReason.CANCELLED] * 5
    assert sorted(end.sequence_index for end in ends) == [0, 1, 2, 3, 4]
    assert [end.is_final for end in ends] == [False] * 4 + [True]
    assert b.engine.stats().kv_used == 0


def test_an_error_of_one_sequence_ends_them_all_with_that_error(bench):
    b = bench(slots=2)
    other = b.hold_with(21, tokens=6)
    failing = b.submit(NAN_AFTER, num_sequences=3)
    b.evaluator.release()
    assert "not finite" in str(failing.await_end().error)
    assert len(failing.outputs) == 1
    other.await_end()
    assert other.token_ids == [22, 23, 24, 25, 26, 27]
    assert b.engine.stats().kv_used == 0


def test_close_ends_all_sequences_with_one_error(bench):
    b = bench(slots=2)
    recorder = b.submit(1, tokens=30, num_sequences=4)
    recorder.await_tokens(1)
    b.engine.close()
    assert "unloaded" in str(recorder.await_end().error)
    assert sum(output.is_final for output in recorder.outputs) == 1


def test_a_prompt_that_was_here_before_is_not_read_again(bench):
    b = bench(prefill_chunk_tokens=16)
    first = b.submit(*PROMPT, tokens=3)
    first.await_end()
    before = len(b.evaluator.calls)
    second = b.submit(*PROMPT, *first.token_ids, 40, tokens=2)
    second.await_end()
    assert b.sizes(before) == [5]  # what is behind the last whole block
    assert second.token_ids == [41, 42]
    assert {output.cached_tokens for output in second.outputs} == {16}
    assert b.engine.stats().kv_reused == 16


def test_a_prompt_that_is_just_being_read_is_shared(bench):
    b = bench(prefill_chunk_tokens=16)
    first = b.hold_with(*PROMPT, 30, tokens=8)
    second = b.submit(*PROMPT, 40, tokens=2)
    b.evaluator.release()
    second.await_end()
    first.await_end()
    assert b.sizes(1) == [2, 2]
    assert second.outputs[0].cached_tokens == 16
    assert second.token_ids == [41, 42]
    assert first.token_ids == list(range(31, 39))


def test_deterministic_reuses_nothing(bench):
    b = bench(deterministic=True)
    b.submit(*PROMPT).await_end()
    assert b.submit(*PROMPT).await_end().cached_tokens == 0
    assert b.evaluator.remembered() == 0


def test_log_probs_come_with_their_tokens(bench):
    b = bench()
    recorder = b.submit(1, tokens=3, returns_log_probs=True, num_top_log_probs=2)
    recorder.await_end()
    assert all(len(output.log_probs) == len(output.token_ids) == 1 for output in recorder.outputs)
    assert [output.log_probs[0].top_ids.tolist() for output in recorder.outputs] == [[2, 3], [3, 4], [4, 5]]
    chosen = [output.log_probs[0].chosen for output in recorder.outputs]
    assert [output.cum_log_prob for output in recorder.outputs] == pytest.approx(
        [sum(chosen[: count + 1]) for count in range(3)]
    )


def test_the_end_id_counts_in_the_sum_and_has_no_entry(bench):
    b = bench()
    recorder = b.submit(1, tokens=5, end_id=3, returns_log_probs=True)
    end = recorder.await_end()
    assert (recorder.token_ids, end.token_ids, end.log_probs) == ([2], (), ())
    assert end.cum_log_prob == pytest.approx(2 * recorder.outputs[0].cum_log_prob)


def test_a_stop_word_has_its_log_probs(bench):
    b = bench()
    recorder = b.submit(1, tokens=5, stop_words=((3,),), returns_log_probs=True)
    end = recorder.await_end()
    assert (end.token_ids, len(end.log_probs)) == ((3,), 1)


def test_log_probs_are_not_made_unasked(bench):
    end = bench().submit(1).await_end()
    assert (end.log_probs, end.cum_log_prob) == ((), 0.0)
