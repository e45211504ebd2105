"""The batcher over a model that counts: what joins, what leaves, what shares a step, and what a failure takes along."""

import threading

import pytest

from engine_contract import EngineContract
from executor.batching import sequence
from executor.batching.batcher import InflightBatcher
from executor.batching.sampler import Sampler
from executor.errors import RequestError
from executor.request import FinishReason, SamplingParams
from fakes import NAN_AFTER, UNEVALUABLE, CountingEvaluator
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
