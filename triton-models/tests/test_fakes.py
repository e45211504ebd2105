"""The fakes do what the tests take for granted."""

import threading

import numpy as np
import pytest

from executor.batching.evaluator import EvaluationFailed, Span
from executor.request import FinishReason, GenerationRequest, Output
from fakes import (
    NAN_AFTER,
    UNEVALUABLE,
    CountingEvaluator,
    FakeEngine,
    PausingRecorder,
    Recorder,
    RecordingChannel,
)


def span(*tokens, slot=0, first=0):
    return Span(slot, first, tokens, wants_logits=True)


def test_counting_evaluator_prefers_the_next_number():
    [logits] = CountingEvaluator().evaluate([span(5)])
    assert np.argsort(-logits)[:2].tolist() == [6, 7]


def test_counting_evaluator_gives_logits_only_where_they_are_wanted():
    evaluator = CountingEvaluator()
    assert evaluator.evaluate([Span(0, 0, (1, 2), wants_logits=False)]) == [None]


def test_counting_evaluator_insists_on_consecutive_positions():
    evaluator = CountingEvaluator()
    evaluator.evaluate([span(1, 2)])
    with pytest.raises(AssertionError, match="slot 0 holds 2"):
        evaluator.evaluate([span(3, first=3)])


def test_counting_evaluator_forgets_the_tail_of_a_slot():
    evaluator = CountingEvaluator()
    evaluator.evaluate([span(1, 2, 3)])
    evaluator.forget(0, 1)
    assert evaluator.remembered() == 1
    evaluator.evaluate([span(7, first=1)])


def test_counting_evaluator_shares_what_slots_hold():
    evaluator = CountingEvaluator()
    evaluator.evaluate([span(1, 2, 3)])
    assert evaluator.share(0, 1, 2) == 2
    assert (evaluator.held(0), evaluator.held(1)) == ((1, 2, 3), (1, 2))
    assert evaluator.share(0, 0, 1) == 1
    assert evaluator.held(0) == (1,)
    with pytest.raises(AssertionError, match="slot 1 holds 2, not 3"):
        evaluator.share(1, 0, 3)


def test_counting_evaluator_may_be_unable_to_share():
    evaluator = CountingEvaluator(rewinds=False)
    evaluator.evaluate([span(1, 2, 3)])
    assert evaluator.share(0, 0, 2) == 0
    assert evaluator.held(0) == ()


def test_counting_evaluator_can_fail_and_give_nan():
    evaluator = CountingEvaluator()
    assert np.isnan(evaluator.evaluate([span(NAN_AFTER)])[0]).all()
    with pytest.raises(EvaluationFailed):
        evaluator.evaluate([span(UNEVALUABLE, slot=1)])


def test_counting_evaluator_runs_step_by_step_while_held():
    evaluator = CountingEvaluator()
    evaluator.hold()
    feeding = threading.Thread(target=lambda: [evaluator.evaluate([span(each, first=each)]) for each in range(3)])
    feeding.start()
    evaluator.await_held()
    assert len(evaluator.calls) == 0
    evaluator.step()
    assert len(evaluator.calls) == 1
    evaluator.release()
    feeding.join(10)
    assert len(evaluator.calls) == 3


def test_recorder_waits_for_tokens_and_for_the_end():
    recorder = Recorder()
    recorder(Output((1,)))
    recorder.await_tokens(1)
    recorder(Output((2,), FinishReason.LENGTH))
    assert recorder.await_end().finish_reason is FinishReason.LENGTH
    assert recorder.token_ids == [1, 2]


def test_pausing_recorder_holds_who_calls_it():
    recorder = PausingRecorder()
    engine = threading.Thread(target=lambda: [recorder(Output((token,))) for token in (1, 2)])
    engine.start()
    recorder.await_tokens(1)
    assert recorder.token_ids == [1]
    recorder.go_on()
    recorder.await_tokens(2)
    engine.join(10)


def test_recording_channel_keeps_what_is_sent():
    channel = RecordingChannel()
    channel.send({"a": 1}, final=True)
    assert channel.sent == [({"a": 1}, True)]


def test_fake_engine_tells_what_it_is_told_and_can_refuse():
    engine, recorder = FakeEngine(), Recorder()
    generation = engine.submit(GenerationRequest((1,), 2), recorder)
    generation.tell(Output((7,)))
    generation.cancel()
    assert engine.taken == [generation]
    assert generation.cancelled
    assert recorder.token_ids == [7]
    engine.fault = ValueError("full")
    with pytest.raises(ValueError, match="full"):
        engine.submit(GenerationRequest((1,), 2), recorder)
