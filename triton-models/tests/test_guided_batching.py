"""How the batcher and the sampler go along with guides, over a model that counts and guides that name tokens."""

import numpy as np
import pytest
from fake_guides import FakeGuides, guided_by

from executor.batching.batcher import InflightBatcher
from executor.batching.sampler import GuideComplete, Sampler
from executor.errors import RequestError
from executor.guided.errors import GuideError
from executor.request import FinishReason, GenerationRequest, SamplingParams
from fakes import VOCAB_SIZE, CountingEvaluator, Recorder

END = 50


class Bench:
    def __init__(self, **settings):
        self.guides = FakeGuides()
        self.evaluator = CountingEvaluator(slots=4, max_seq_len=64)
        self.engine = InflightBatcher(self.evaluator, 8, guides=self.guides, **settings)

    def submit(self, guide, **rest):
        recorder = Recorder()
        asked = {"prompt": (1, 2), "max_new_tokens": 8, "end_id": END, **rest}
        request = GenerationRequest(guide=guide and guided_by(guide), **asked)
        recorder.generation = self.engine.submit(request, recorder)
        return recorder

    def ended(self, guide, **rest):
        recorder = self.submit(guide, **rest)
        recorder.await_end()
        return recorder


@pytest.fixture
def bench():
    bench = Bench()
    yield bench
    bench.engine.close()


def ends(recorder):
    return [output.finish_reason for output in recorder.outputs if output.finish_reason]


def test_only_what_the_guide_allows_is_chosen_and_its_end_is_the_answers(bench):
    recorder = bench.ended("9 40 8")
    assert recorder.token_ids == [9, 40, 8]
    assert ends(recorder) == [FinishReason.STOP]


@pytest.mark.parametrize("end_id", [-1, END])
def test_a_complete_guide_ends_the_answer_without_an_end_token(bench, end_id):
    calls = len(bench.evaluator.calls)
    assert bench.ended("9 40", end_id=end_id).token_ids == [9, 40]
    assert len(bench.evaluator.calls) - calls == 2


def test_a_guide_that_is_complete_with_the_last_token_is_not_cut_off(bench):
    assert ends(bench.ended("9 40 8", max_new_tokens=3)) == [FinishReason.STOP]
    assert ends(bench.ended("9 40 8", max_new_tokens=2)) == [FinishReason.LENGTH]


def test_the_least_number_of_tokens_does_not_hold_up_a_complete_guide(bench):
    recorder = bench.ended("9 40", sampling=SamplingParams(min_tokens=6))
    assert recorder.token_ids == [9, 40]
    assert ends(recorder) == [FinishReason.STOP]


def test_the_least_number_of_tokens_counts_where_the_guide_goes_on(bench):
    assert len(bench.ended("9 *", sampling=SamplingParams(min_tokens=6)).token_ids) == 8


def test_each_sequence_keeps_to_the_guide_by_itself(bench):
    recorder = bench.ended("9 *", num_sequences=3, sampling=SamplingParams(top_k=2, temperature=9.0))
    assert [recorder.ids_of(index)[0] for index in range(3)] == [9, 9, 9]
    assert ends(recorder) == [FinishReason.LENGTH] * 3


def test_all_guided_sequences_of_a_step_are_looked_at_together(bench):
    bench.evaluator.hold()
    recorders = [bench.submit(guide) for guide in ("9 40 8 7", None, "3 4 5 6", "7 7 7 7")]
    bench.evaluator.release()
    for recorder in recorders:
        recorder.await_end()
    assert [recorder.token_ids for recorder in recorders] == [
        [9, 40, 8, 7],
        [3, 4, 5, 6, 7, 8, 9, 10],
        [3, 4, 5, 6],
        [7, 7, 7, 7],
    ]
    assert max(bench.guides.filled) == 3


def test_a_guide_that_is_not_compiled_holds_up_nobody_else(bench):
    waiting = bench.submit("never")
    assert bench.ended(None).token_ids
    assert not waiting.outputs
    assert bench.engine.stats().active == 1
    bench.guides.finish("9")
    waiting.await_end()
    assert waiting.token_ids == [9]


def test_a_request_can_be_cancelled_before_its_guide_is_compiled(bench):
    waiting = bench.submit("never", num_sequences=2)
    waiting.generation.cancel()
    assert waiting.await_end().finish_reason is FinishReason.CANCELLED
    bench.guides.finish("9")
    assert bench.ended("9 40").token_ids == [9, 40]


def test_what_cannot_be_compiled_ends_the_request_with_the_reason(bench):
    error = bench.submit("broken", num_sequences=3).await_end().error
    assert isinstance(error, GuideError)
    assert str(error) == "guided decoding: invalid guide: regex: broken"


def test_requests_whose_guide_is_compiled_count_as_waiting():
    bench = Bench(max_queue_size=1)
    bench.submit("never")
    with pytest.raises(RequestError, match="Maximum queue size of 1"):
        bench.submit(None)
    bench.engine.close()


def test_close_ends_those_whose_guide_is_not_compiled():
    bench = Bench()
    waiting = bench.submit("never")
    bench.engine.close()
    assert isinstance(waiting.await_end().error, RequestError)
    assert bench.guides.closed


def test_an_engine_without_guides_refuses_them():
    engine = InflightBatcher(CountingEvaluator(), 8)
    with pytest.raises(RequestError, match="guided_decoding_guide_type: this engine does not support it"):
        engine.submit(GenerationRequest((1,), 2, guide=guided_by("1")), Recorder())
    engine.close()


def test_a_ban_that_leaves_nothing_ends_this_request_alone(bench):
    bench.evaluator.hold()
    banned = bench.submit("9 40", sampling=SamplingParams(bad_words=((9,),)))
    other = bench.submit("9 40")
    bench.evaluator.release()
    assert str(banned.await_end().error) == "guided decoding: dead end: regex: stuck"
    other.await_end()
    assert other.token_ids == [9, 40]


def test_a_ban_where_the_answer_may_end_ends_it(bench):
    everything = np.full(VOCAB_SIZE, -1e9, np.float32)
    everything[9] = 0
    recorder = bench.ended("9 *", end_id=-1, sampling=SamplingParams(embedding_bias=everything, bad_words=((9, 9),)))
    assert recorder.token_ids == [9]
    assert ends(recorder) == [FinishReason.STOP]


def test_log_probabilities_are_those_of_the_model_and_not_of_what_the_guide_leaves():
    state = FakeGuides().compile(guided_by("2 *")).result().start()
    state.filled = True
    sampler = Sampler(SamplingParams(), (), (), VOCAB_SIZE, state)
    logits = np.full(VOCAB_SIZE, -np.float32(30))
    logits[:4] = np.log([0.5, 0.25, 0.125, 0.125])
    token, told = sampler.choose_with_log_probs(logits, 2)
    assert token == 2
    assert told.chosen == pytest.approx(np.log(0.125), abs=1e-5)
    assert told.top_ids.tolist() == [0, 1]


def test_a_sampler_with_nothing_left_at_an_end_says_that_it_is_the_end():
    state = FakeGuides().compile(guided_by("*")).result().start(END)
    state.filled = True
    everything = SamplingParams(embedding_bias=np.full(VOCAB_SIZE, -1e9, np.float32))
    with pytest.raises(GuideComplete):
        Sampler(everything, (), (END,), VOCAB_SIZE, state).choose(np.zeros(VOCAB_SIZE, np.float32))


def test_the_fake_asserts_what_it_is_used_for():
    state = FakeGuides().compile(guided_by("2")).result().start()
    with pytest.raises(AssertionError, match="asked before it was filled"):
        state.allowed()
    with pytest.raises(AssertionError):
        state.accept(3)
