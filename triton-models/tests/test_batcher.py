"""The batcher over a model that counts: what joins, what leaves, what shares a step, and what a failure takes along."""

import threading

import pytest

from engine_contract import EngineContract
from executor.batching import sequence
from executor.batching.batcher import InflightBatcher
from executor.batching.sampler import Sampler
from executor.errors import RequestError
from executor.request import FinishReason, GenerationRequest, SamplingParams
from fakes import NAN_AFTER, UNEVALUABLE, CountingEvaluator, Recorder
from triton_server import await_that


class BatcherContract(EngineContract):
    deterministic = False

    @pytest.fixture
    def engine(self):
        evaluator = CountingEvaluator(max_seq_len=256)
        engine = InflightBatcher(evaluator, prefill_chunk_tokens=4, deterministic=self.deterministic)
        yield engine
        engine.close()

    @pytest.fixture
    def own_engine(self, engine):
        return engine


class TestContract(BatcherContract):
    pass


class TestDeterministicContract(BatcherContract):
    deterministic = True
    reuses_kv_cache = False


class Bench:
    """A batcher whose steps the test can hold."""

    def __init__(
        self, prefill_chunk_tokens=8, max_queue_size=0, deterministic=False, reuses_kv_cache=True, **evaluator
    ):
        self.evaluator = CountingEvaluator(**evaluator)
        self.engine = InflightBatcher(
            self.evaluator, prefill_chunk_tokens, max_queue_size, deterministic, reuses_kv_cache
        )

    def submit(self, *prompt, tokens=4, **rest):
        recorder = Recorder()
        recorder.generation = self.engine.submit(GenerationRequest(prompt, tokens, **rest), recorder)
        return recorder

    def hold_with(self, *prompt, **rest):
        """A request that is being evaluated while the test goes on."""
        self.evaluator.hold()
        recorder = self.submit(*prompt, **rest)
        self.evaluator.await_held()
        return recorder

    def refuses_as_unloaded(self):
        try:
            self.submit(1)
        except RequestError as refusal:
            return "unloaded" in str(refusal)
        return False

    def sizes(self, call):
        return [len(span.tokens) for span in self.evaluator.calls[call]]


@pytest.fixture
def bench():
    benches = []

    def make(**rest):
        benches.append(Bench(**rest))
        return benches[-1]

    yield make
    for each in benches:
        each.evaluator.release()
        each.engine.close()


def test_running_sequences_share_one_call(bench):
    b = bench()
    first = b.hold_with(1)
    second, third = b.submit(11), b.submit(21)
    b.evaluator.release()
    for recorder, start in ((first, 1), (second, 11), (third, 21)):
        recorder.await_end()
        assert recorder.token_ids == list(range(start + 1, start + 5))
    assert max(len(call) for call in b.evaluator.calls) == 3


def test_a_long_prompt_is_read_in_chunks_beside_the_decoding_sequences(bench):
    b = bench(prefill_chunk_tokens=4)
    decoding = b.hold_with(1, tokens=6)
    reading = b.submit(*range(10, 20), tokens=2)
    b.evaluator.release()
    decoding.await_end()
    reading.await_end()
    assert [b.sizes(call) for call in range(4)] == [[1], [1, 4], [1, 4], [1, 2]]
    assert reading.token_ids == [20, 21]


def test_several_prompts_share_one_chunk(bench):
    b = bench(prefill_chunk_tokens=8)
    b.hold_with(1)
    others = [b.submit(10, 11, 12), b.submit(20, 21, 22, 23, 24, 25, 26)]
    b.evaluator.release()
    for other in others:
        other.await_end()
    assert b.sizes(1) == [1, 3, 5]


def test_deterministic_calls_hold_one_sequence_and_never_share_a_chunk(bench):
    b = bench(prefill_chunk_tokens=8, deterministic=True)
    b.hold_with(1)
    others = [b.submit(10, 11, 12), b.submit(20, 21, 22, 23, 24, 25, 26)]
    b.evaluator.release()
    for other in others:
        other.await_end()
    assert all(len(call) == 1 for call in b.evaluator.calls)
    assert (20, 21, 22, 23, 24, 25, 26) in [call[0].tokens for call in b.evaluator.calls]


def test_a_request_waits_for_a_slot_and_takes_the_one_that_is_freed(bench):
    b = bench(slots=1)
    first, second = b.hold_with(1, tokens=2), b.submit(11, tokens=2)
    assert second.outputs == []
    b.evaluator.release()
    assert second.await_end().finish_reason is FinishReason.LENGTH
    assert first.token_ids == [2, 3]
    assert second.token_ids == [12, 13]


def test_a_request_waits_for_kv_room_for_its_whole_length_and_is_not_overtaken(bench):
    b = bench(kv_cache_tokens=32)
    first = b.hold_with(1, tokens=24)
    large, small = b.submit(11, tokens=8), b.submit(21, tokens=1)
    b.evaluator.release()
    first.await_end()
    large.await_end()
    small.await_end()
    starts = [span.tokens[0] for call in b.evaluator.calls for span in call if span.first == 0]
    assert starts == [1, 11, 21]


def test_queue_full_is_said_in_the_words_of_tensorrt_llm(bench):
    b = bench(slots=1, max_queue_size=1)
    b.hold_with(1)
    b.submit(2)
    with pytest.raises(RequestError, match="^Maximum queue size of 1 has been reached, please try again later$"):
        b.submit(3)


def test_a_full_queue_refuses_nobody_while_slots_are_free(bench):
    b = bench(slots=3, max_queue_size=1)
    b.hold_with(1)
    taken = [b.submit(number) for number in (11, 21, 31)]
    with pytest.raises(RequestError, match="Maximum queue size"):
        b.submit(41)
    b.evaluator.release()
    assert [each.await_end().finish_reason for each in taken] == [FinishReason.LENGTH] * 3


def test_a_request_without_kv_room_waits_in_the_queue_although_slots_are_free(bench):
    b = bench(kv_cache_tokens=32, max_queue_size=1)
    b.hold_with(1, tokens=24)
    b.submit(11, tokens=8)
    with pytest.raises(RequestError, match="Maximum queue size"):
        b.submit(21, tokens=1)


def test_a_request_that_waits_has_no_sampler_yet(bench, monkeypatch):
    made = []

    def make(*arguments):
        made.append(arguments)
        return Sampler(*arguments)

    monkeypatch.setattr(sequence, "Sampler", make)
    b = bench(slots=1)
    b.hold_with(1)
    waiting = b.submit(2, sampling=SamplingParams(presence_penalty=1.0))
    assert made == []
    b.evaluator.release()
    waiting.await_end()
    assert len(made) == 2


def test_cancel_while_queued(bench):
    b = bench(slots=1)
    running, queued = b.hold_with(1), b.submit(11)
    queued.generation.cancel()
    b.evaluator.release()
    assert queued.await_end().finish_reason is FinishReason.CANCELLED
    assert queued.token_ids == []
    assert running.await_end().finish_reason is FinishReason.LENGTH


def test_cancel_within_the_prompt_takes_one_step(bench):
    b = bench(prefill_chunk_tokens=2)
    reading = b.hold_with(*range(1, 21))
    reading.generation.cancel()
    b.evaluator.release()
    assert reading.await_end().finish_reason is FinishReason.CANCELLED
    assert len(b.evaluator.calls) == 1
    assert reading.token_ids == []


def test_cancel_while_decoding_takes_one_step(bench):
    b = bench()
    decoding = b.hold_with(1, tokens=20)
    decoding.generation.cancel()
    b.evaluator.release()
    assert decoding.await_end().finish_reason is FinishReason.CANCELLED
    assert decoding.token_ids == [2]


def test_an_end_frees_slot_and_cache(bench):
    b = bench()
    b.submit(1, tokens=2).await_end()
    b.engine.close()
    assert b.evaluator.remembered() == 0
    assert b.evaluator.closed


def test_a_sequence_that_cannot_be_evaluated_ends_alone(bench):
    b = bench()
    good = b.hold_with(1, tokens=6)
    bad, other = b.submit(UNEVALUABLE), b.submit(21)
    b.evaluator.release()
    assert "an unevaluable token" in str(bad.await_end().error)
    good.await_end()
    other.await_end()
    assert good.token_ids == [2, 3, 4, 5, 6, 7]
    assert other.token_ids == [22, 23, 24, 25]


def test_a_sequence_with_nan_logits_ends_alone(bench):
    b = bench()
    good = b.hold_with(1, tokens=6)
    bad = b.submit(NAN_AFTER)
    b.evaluator.release()
    assert "not finite" in str(bad.await_end().error)
    good.await_end()
    assert good.token_ids == [2, 3, 4, 5, 6, 7]


def test_a_fault_of_the_engine_ends_what_runs_and_the_loop_goes_on(bench, monkeypatch, capfd):
    b = bench()
    faults = iter([ZeroDivisionError("boom")])
    evaluate = b.evaluator.evaluate

    def faulty(spans):
        for fault in faults:
            raise fault
        return evaluate(spans)

    monkeypatch.setattr(b.evaluator, "evaluate", faulty)
    assert "boom" in str(b.submit(1).await_end().error)
    assert "ZeroDivisionError" in capfd.readouterr().err
    assert b.submit(1).await_end().finish_reason is FinishReason.LENGTH


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


def test_stats_tell_prefill_from_decode_and_count_what_waits(bench):
    b = bench(slots=2, prefill_chunk_tokens=4)
    b.hold_with(1, tokens=30)
    b.submit(*range(10, 20), tokens=2)
    b.submit(31)
    b.evaluator.step()
    stats = b.engine.stats()
    assert (stats.max, stats.active, stats.scheduled, stats.context, stats.generation) == (2, 3, 2, 1, 1)
    assert (stats.waiting, stats.context_tokens, stats.iteration) == (1, 4, 2)
    assert (stats.kv_used, stats.kv_max) == (31 + 12, 64)


def test_close_ends_running_and_queued_requests_and_the_thread(bench):
    b = bench(slots=1)
    running, queued = b.hold_with(1, tokens=20), b.submit(2)
    closing = threading.Thread(target=b.engine.close)
    closing.start()
    await_that(b.refuses_as_unloaded)
    b.evaluator.release()
    closing.join(10)
    assert not closing.is_alive()
    assert "unloaded" in str(queued.await_end().error)
    assert "unloaded" in str(running.await_end().error)
    assert "inflight-batcher" not in [thread.name for thread in threading.enumerate()]
    with pytest.raises(RequestError, match="unloaded"):
        b.submit(3)
