"""The engine that computes nothing keeps to what of the contract does not depend on a model."""

import pytest

from engine_contract import STEP_END, Diary, LifeContract
from executor.engine import EngineLimits
from executor.errors import RequestError
from executor.null_engine import NullEngine
from executor.request import FinishReason, Guide, GuideType
from executor.step_news import CANCELLED, LENGTH
from fakes import Recorder
from triton_server import await_that

LIMITS = EngineLimits(max_seq_len=1_000_000, vocab_size=100)


@pytest.fixture
def engine():
    engine = NullEngine(LIMITS, interval_s=0.001)
    yield engine
    engine.close()


@pytest.fixture
def own_engine(engine):
    return engine


class TestContract(LifeContract):
    pass


class Subscriber:
    """Keeps the news in arrays; as a listener it keeps the outputs."""

    def __init__(self, handle=0, subscriber=None):
        self.handle = handle
        self.subscriber = subscriber or self
        self.outputs = Recorder()
        self.news = []

    def __call__(self, output):
        self.outputs(output)

    def tell(self, news):
        self.news.append(news)

    def ended(self):
        return [end for news in self.news if news.ends is not None for end in news.ends.tolist() if end]


def requested(engine, listener, **rest):
    return TestContract().run(engine, listener, **rest)


def test_subscribers_are_told_in_arrays_with_the_end_of_each_step(engine):
    subscriber = Subscriber()
    steps = []
    engine.on_step_end(lambda: steps.append(len(subscriber.news)))
    for handle in (5, 6):
        requested(engine, Subscriber(handle, subscriber), max_new_tokens=4)
    await_that(lambda: subscriber.ended() == [LENGTH] * 2)
    engine.close()
    assert sorted({handle for news in subscriber.news for handle in news.handles.tolist()}) == [5, 6]
    ids = [token for news in subscriber.news for token in news.ids.tolist()]
    assert sorted(ids) == sorted([8, 9, 10, 11] * 2)
    first = [cached for news in subscriber.news if news.cached_tokens is not None for cached in news.cached_tokens]
    assert first.count(0) == 2
    assert steps[-1] == len(subscriber.news)


def test_sequences_have_rows_of_their_own_and_are_cancelled_together(engine):
    subscriber = Subscriber()
    listener = Subscriber(1, subscriber)
    requested(engine, listener, num_sequences=3, max_new_tokens=500_000)
    await_that(lambda: len(subscriber.news) > 2)
    assert subscriber.news[0].sequences.tolist() == [0, 1, 2]
    listener.generation.cancel()
    await_that(lambda: subscriber.ended() == [CANCELLED] * 3)
    assert subscriber.news[-1].counts.tolist() == [0] * 3
    await_that(lambda: engine.stats().active == 0)


def test_without_an_interval_a_step_waits_for_the_news_of_the_last_but_one():
    engine = NullEngine(LIMITS)
    marks, most_under_way, left = [], [], []

    def mark():
        marks.append(len(marks))
        most_under_way.append(len(marks) - len(left))
        return lambda _, number=marks[-1]: left.append(number)

    engine.on_step_end(lambda: mark)
    recorder = requested(engine, Recorder(), max_new_tokens=5)
    recorder.await_end()
    engine.close()
    assert left == marks[:-1]
    assert set(most_under_way) == {1, 2}


def test_ids_can_be_the_clock():
    engine = NullEngine(EngineLimits(100, 2**31 - 1), ids_are_clock=True)
    ids = requested(engine, Recorder(), max_new_tokens=50)
    ids.await_end()
    engine.close()
    assert ids.token_ids == sorted(ids.token_ids)
    assert ids.token_ids[0] > 8


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"guide": Guide(GuideType.JSON)}, "guided_decoding_guide_type"),
        ({"returns_log_probs": True}, "return_log_probs"),
        ({"num_top_log_probs": 1}, "num_logprobs"),
    ],
)
def test_what_needs_a_model_is_refused(engine, asked, name):
    with pytest.raises(RequestError, match=f"^{name}: "):
        requested(engine, Recorder(), **asked)


def test_a_diary_knows_ends_of_steps(engine):
    diary = Diary(engine)
    recorder = requested(engine, diary.recorder(), max_new_tokens=2)
    assert recorder.await_end().finish_reason is FinishReason.LENGTH
    diary.await_end_of_step(recorder)
    assert STEP_END in diary.entries
