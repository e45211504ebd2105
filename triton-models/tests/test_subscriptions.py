"""Subscriptions without Triton: what leaves when, what is merged, cut, refused and lost."""

from random import Random

import numpy as np
import pytest

from executor.engine import EngineLimits
from executor.errors import RequestError, shutting_down
from executor.null_engine import NullEngine
from executor.request import FinishReason, Output, TokenLogProbs
from executor.request_parser import RequestParser
from executor.step_news import CANCELLED, FAILED, LENGTH, REFUSED, STOP, StepNews, merged
from fakes import FakeEngine, RecordingChannel
from serving.live_requests import LiveRequests
from serving.submissions import read_submission
from serving.subscriptions import Subscriptions
from subscriber import packed, submission
from triton_server import await_that, shaped

MOST = 5


class Deliveries:
    """A dispatcher that delivers when it is told to."""

    def __init__(self):
        self._announced = []

    def announce(self, outbox):
        self._announced.append(outbox)

    def deliver(self):
        while self._announced:
            self._announced.pop(0).empty()

    def mark(self):
        return lambda _: self.deliver()


class Channel(RecordingChannel):
    """A client's end whose connection the test can break; answers are lists by name."""

    broken = False

    def send(self, tensors, final):
        if self.broken and tensors:
            raise OSError("no shared memory")
        super().send({name: array.reshape(-1).tolist() for name, array in tensors.items()}, final)

    def steps(self):
        return [answer for answer, _ in self.sent[1:]]

    def error(self):
        error, final = self.sent[-1]
        assert final
        return str(error)


class Subscribed:
    """One subscriber, its model's serving side, and the engine behind it."""

    def __init__(self, engine=None, **values):
        self.engine = engine or FakeEngine()
        self.live = LiveRequests()
        self.deliveries = Deliveries()
        self.finals = []
        self.subscriptions = Subscriptions(
            self.engine,
            RequestParser(self.engine.limits, True),
            self.live,
            self.deliveries,
            MOST,
            lambda: self.finals.append("gauges"),
        )
        self.channel = self.subscribe(**values)

    def subscribe(self, name="s", **values):
        channel = Channel(name)
        tensors = {key: shaped(key, [value]) for key, value in {"subscribe": True, **values}.items()}
        self.subscriptions.handle(channel, tensors)
        return channel

    def ask(self, name="s", **arrays):
        channel = Channel("about")
        self.subscriptions.handle(channel, {"subscription": shaped("subscription", [name.encode()]), **arrays})
        assert channel.sent == [({}, True)]

    def submit(self, *handles, tokens=9, **values):
        texts = [submission(handle, [1, 2], tokens, **values) for handle in handles]
        self.ask(submissions=np.array([texts], np.object_))

    def generate(self, *handles, **values):
        """The generations behind new requests."""
        before = len(self.engine.taken)
        self.submit(*handles, **values)
        return self.engine.taken[before:]

    def step(self):
        """Ends a step and delivers it."""
        self.subscriptions.step_ended()
        self.deliveries.deliver()

    def acknowledge(self, step):
        self.ask(acknowledged=shaped("acknowledged", [step]))
        self.deliveries.deliver()

    def is_open(self):
        calls = []
        self.live.while_any_is_open(lambda: calls.append("open"))
        return bool(calls)

    def parts(self, *rows, ends=None):
        """News in arrays; rows are a handle and its tokens."""
        subscriber = self.engine.taken[0].tell.subscriber
        subscriber.tell(news(*rows, ends=ends))


def news(*rows, ends=None, sequences=None):
    return StepNews(
        np.array([handle for handle, *_ in rows], np.uint64),
        np.array([len(ids) for _, *ids in rows], np.int32),
        np.array([token for _, *ids in rows for token in ids], np.int32),
        None if sequences is None else np.array(sequences, np.int32),
        None if ends is None else np.array(ends, np.uint8),
    )


class TestSteps:
    def test_the_first_response_says_that_it_is_there(self):
        assert Subscribed().channel.sent == [({}, False)]

    def test_the_news_of_a_step_leave_together_when_it_is_over(self):
        subscribed = Subscribed()
        first, second = subscribed.generate(7, 8)
        first.tell(Output((1,), cached_tokens=3))
        second.tell(Output((2,)))
        subscribed.deliveries.deliver()
        assert subscribed.channel.steps() == []
        subscribed.step()
        first.tell(Output((4,), FinishReason.STOP))
        subscribed.step()
        subscribed.step()
        assert subscribed.channel.steps() == [
            {
                "step": [1],
                "step_handles": [7, 8],
                "step_counts": [1, 1],
                "step_ids": [1, 2],
                "step_cached_tokens": [3, 0],
            },
            {"step": [2], "step_handles": [7], "step_counts": [1], "step_ids": [4], "step_ends": [STOP]},
        ]

    def test_steps_that_are_not_delivered_in_time_are_merged(self):
        subscribed = Subscribed()
        first, second = subscribed.generate(7, 8)
        for token in (1, 2):
            first.tell(Output((token,)))
            second.tell(Output((token + 10,)))
            subscribed.subscriptions.step_ended()
        subscribed.step()
        [step] = subscribed.channel.steps()
        assert (step["step_counts"], step["step_ids"]) == ([2, 2], [1, 2, 11, 12])

    def test_sequences_and_their_ends(self):
        subscribed = Subscribed()
        [generation] = subscribed.generate(7, num_return_sequences=2)
        generation.tell(Output((1,), FinishReason.LENGTH, sequence_index=1, others_open=1))
        generation.tell(Output((2,)))
        subscribed.step()
        generation.tell(Output((), FinishReason.CANCELLED))
        subscribed.step()
        first, last = subscribed.channel.steps()
        assert (first["step_sequences"], first["step_ends"], first["step_cached_tokens"]) == (
            [1, 0],
            [LENGTH, 0],
            [0, -1],
        )
        assert last == {"step": [2], "step_handles": [7], "step_counts": [0], "step_ids": [], "step_ends": [CANCELLED]}

    def test_an_error_comes_behind_all_else_of_its_request(self):
        subscribed = Subscribed()
        [generation] = subscribed.generate(7, num_return_sequences=2)
        for sequence in (0, 1):
            generation.tell(Output((sequence,), sequence_index=sequence))
        generation.tell(Output(error=RequestError("out of luck")))
        subscribed.step()
        [step] = subscribed.channel.steps()
        assert (step["step_sequences"], step["step_ends"]) == ([1, 0], [0, FAILED])
        assert (step["step_ids"], step["step_errors"]) == ([1, 0], [b"out of luck"])

    def test_without_streaming_a_sequence_is_told_of_at_its_end(self):
        subscribed = Subscribed()
        [generation] = subscribed.generate(7, streaming=False)
        assert generation.tell.subscriber is None
        generation.tell(Output((1,)))
        subscribed.step()
        assert subscribed.channel.steps() == []
        generation.tell(Output((2,), FinishReason.STOP))
        subscribed.step()
        assert subscribed.channel.steps()[0]["step_ids"] == [1, 2]

    def test_log_probs_are_of_those_that_asked(self):
        subscribed = Subscribed()
        entry = TokenLogProbs(-1.0, np.array([4, 5], np.int32), np.array([-0.5, -2.0], np.float32))
        for values in ({"return_log_probs": True}, {"num_logprobs": 2}, {}):
            [generation] = subscribed.generate(len(subscribed.engine.taken), **values)
            generation.tell(Output((9,), log_probs=(entry,) if values else ()))
        subscribed.step()
        [step] = subscribed.channel.steps()
        assert step["step_log_probs"] == [-1]
        assert (step["step_top_ids"], step["step_top_log_probs"]) == ([4, 5], [-0.5, -2])

    def test_news_in_arrays_and_in_objects_leave_in_one(self):
        subscribed = Subscribed()
        *_, third = subscribed.generate(7, 8, 9)
        third.tell(Output(error=RequestError("no", invalid=True)))
        subscribed.parts((7, 1), (8, 2), ends=[0, LENGTH])
        subscribed.step()
        [step] = subscribed.channel.steps()
        assert (step["step_handles"], step["step_ends"]) == ([7, 8, 9], [0, LENGTH, REFUSED])
        subscribed.generate(8, 9)
        with pytest.raises(RequestError, match="handle 7"):
            subscribed.generate(7)


class TestWindow:
    def test_no_more_leave_than_are_acknowledged(self):
        subscribed = Subscribed(window=1)
        [generation] = subscribed.generate(7)
        for token in (1, 2, 3):
            generation.tell(Output((token,)))
            subscribed.step()
        assert [step["step_ids"] for step in subscribed.channel.steps()] == [[1]]
        subscribed.acknowledge(1)
        assert [step["step_ids"] for step in subscribed.channel.steps()] == [[1], [2, 3]]
        with pytest.raises(RequestError, match=r"^acknowledged: 3 \(expected: 0 to 2, "):
            subscribed.acknowledge(3)

    def test_a_sequence_with_too_much_is_cut_and_ends_when_the_engine_says_so(self):
        subscribed = Subscribed(window=1)
        generation, other = subscribed.generate(7, 8)
        for token in range(MOST + 2):
            generation.tell(Output((token,)))
            if token < 2:
                other.tell(Output((token,)))
            subscribed.step()
        assert (generation.cancelled, other.cancelled) == (True, False)
        generation.tell(Output((99,)))
        generation.tell(Output((), FinishReason.CANCELLED))
        subscribed.step()
        subscribed.acknowledge(1)
        step = subscribed.channel.steps()[1]
        assert step["step_ends"] == [0, FAILED]
        assert step["step_ids"] == [1, *range(1, MOST + 2)]
        assert step["step_errors"] == [b"More than 5 tokens (max_backlog_tokens) were waiting for the client to read"]

    def test_a_sequence_in_arrays_is_cut_as_well(self):
        subscribed = Subscribed(window=1)
        generation, other = subscribed.generate(7, 8)
        for token in range(MOST + 3):
            subscribed.parts((7, token), *([(8, token)] if token < 2 else []))
            subscribed.step()
        assert (generation.cancelled, other.cancelled) == (True, False)
        subscribed.parts((7, 99), ends=[CANCELLED])
        subscribed.step()
        subscribed.acknowledge(1)
        step = subscribed.channel.steps()[1]
        assert (step["step_handles"], step["step_ends"]) == ([7, 8, 7], [0, 0, FAILED])
        assert step["step_ids"] == [*range(1, MOST + 2), 1]
        subscribed.generate(7)

    def test_many_steps_are_kept_as_one(self):
        subscribed = Subscribed(window=1)
        subscribed.generate(*range(100))
        for number in range(100):
            subscribed.parts((number, number))
            subscribed.step()
        subscribed.acknowledge(1)
        assert subscribed.channel.steps()[1]["step_ids"] == list(range(1, 100))


class TestRequests:
    def test_what_the_engine_does_not_take_is_told_at_once(self):
        subscribed = Subscribed()
        subscribed.engine.fault = RequestError("Maximum queue size")
        assert subscribed.generate(7) == []
        subscribed.deliveries.deliver()
        [step] = subscribed.channel.steps()
        assert (step["step_ends"], step["step_errors"]) == ([FAILED], [b"Maximum queue size"])
        assert "step_cached_tokens" not in step

    def test_a_fault_of_ours_is_told_and_logged(self, capfd):
        subscribed = Subscribed()
        subscribed.engine.fault = ZeroDivisionError("boom")
        subscribed.generate(7)
        subscribed.deliveries.deliver()
        assert b"boom" in subscribed.channel.steps()[0]["step_errors"][0]
        assert "ZeroDivisionError" in capfd.readouterr().err

    def test_stop_cancels_what_it_names(self):
        subscribed = Subscribed()
        first, second = subscribed.generate(7, 8)
        subscribed.ask(stop=shaped("stop", True), handles=shaped("handles", [8, 99]))
        assert (first.cancelled, second.cancelled) == (False, True)

    @pytest.mark.parametrize("tensors", [{"window": -1}, {"subscribe": False}])
    def test_a_subscription_that_makes_no_sense_is_refused(self, tensors):
        with pytest.raises(RequestError, match=f"^{next(iter(tensors))}: "):
            Subscribed(**tensors)

    def test_a_subscription_needs_a_name(self):
        with pytest.raises(RequestError, match="^subscribe: without a request id"):
            Subscribed().subscribe("")


class TestEnds:
    def test_a_lost_one_cancels_all_and_closes_behind_the_last(self):
        subscribed = Subscribed()
        first, second = subscribed.generate(7, 8)
        first.tell(Output((1,)))
        subscribed.channel.cancelled = True
        subscribed.live.cancel_abandoned()
        assert first.cancelled
        assert second.cancelled
        with pytest.raises(RequestError, match="^unknown subscription: s$"):
            subscribed.generate(9)
        for generation in (first, second):
            subscribed.step()
            assert subscribed.is_open()
            generation.tell(Output((), FinishReason.CANCELLED))
        subscribed.step()
        assert subscribed.channel.sent[1:] == [({}, True)]
        assert subscribed.finals == ["gauges"]
        assert not subscribed.is_open()

    def test_all_sequences_of_a_lost_one_are_free_one_step_after_triton_was_asked(self):
        engine = NullEngine(EngineLimits(1_000_000, 50), interval_s=0.001)
        subscribed = Subscribed(engine)
        subscribed.submit(*range(64), tokens=900_000)
        await_that(lambda: engine.stats().active == 64)
        subscribed.channel.cancelled = True
        subscribed.live.cancel_abandoned()
        step = engine.stats().iteration
        await_that(lambda: engine.stats().active == 0)  # it makes no step then
        assert engine.stats().iteration <= step + 1
        engine.close()

    def test_the_end_of_all_waits_for_what_is_under_way_and_not_for_windows(self):
        subscribed = Subscribed(window=1)
        idle = subscribed.subscribe("idle")
        [generation] = subscribed.generate(7)
        for token in (1, 2):
            generation.tell(Output((token,)))
            subscribed.step()
        subscribed.subscriptions.end_all(shutting_down())
        subscribed.deliveries.deliver()
        assert idle.error() == "The model is being unloaded"
        generation.tell(Output((3,), FinishReason.LENGTH))
        subscribed.step()
        assert [step["step_ids"] for step in subscribed.channel.steps()[:-1]] == [[1], [2], [3]]
        assert subscribed.channel.error() == "The model is being unloaded"
        assert not subscribed.subscriptions.any_open()
        with pytest.raises(RequestError, match="being unloaded"):
            subscribed.subscribe("late")

    def test_a_response_that_cannot_be_sent_ends_it_with_the_error(self, capfd):
        subscribed = Subscribed()
        [generation] = subscribed.generate(7)
        subscribed.channel.broken = True
        generation.tell(Output((1,)))
        subscribed.step()
        assert generation.cancelled
        generation.tell(Output((), FinishReason.CANCELLED))
        subscribed.step()
        assert subscribed.channel.error() == "The engine failed on this request: no shared memory"
        assert not subscribed.is_open()
        assert "no shared memory" in capfd.readouterr().err

    def test_gauges_that_fail_do_not_keep_the_final_response_back(self, capfd):
        subscribed = Subscribed()
        subscribed.finals = None
        subscribed.live.stop("s")
        subscribed.deliveries.deliver()
        assert subscribed.channel.sent[1:] == [({}, True)]
        assert "AttributeError" in capfd.readouterr().err

    def test_a_renewed_one_goes_on_over_the_other_request(self):
        subscribed = Subscribed(window=1)
        [generation] = subscribed.generate(7)
        generation.tell(Output((1,)))
        subscribed.step()
        newer = subscribed.subscribe(window=3)
        subscribed.deliveries.deliver()
        assert subscribed.channel.sent[-1] == ({}, True)
        generation.tell(Output((2,)))
        subscribed.step()
        assert newer.sent[0] == ({}, False)
        assert newer.steps()[0]["step"] == [2]
        newer.cancelled = True
        subscribed.live.cancel_abandoned()
        assert generation.cancelled

    def test_one_that_is_lost_cannot_be_renewed(self):
        subscribed = Subscribed()
        subscribed.generate(7)
        subscribed.live.stop("s")
        with pytest.raises(RequestError, match="^subscribe: request id 's'"):
            subscribed.subscribe()


class TestSubmissions:
    @pytest.mark.parametrize(
        ("entry", "contents", "error"),
        [
            (["colour", "INT32", [1, 1]], 4, "unexpected inference input 'colour'"),
            (["subscribe", "BOOL", [1, 1]], 1, "unexpected inference input 'subscribe'"),
            (
                ["seed", "INT64", [1, 1]],
                8,
                "inference input 'seed' data-type is 'INT64', but the model expects 'UINT64'",
            ),
            (["seed", "UINT64", [1, 2]], 16, "unexpected shape for input 'seed'. Expected [-1,1], got [1,2]"),
            (["seed", "UINT64", [2, 1]], 16, "inference request batch-size must be <= 1"),
            (["seed", "UINT64", []], 0, "inference request batch-size must be <= 1"),
            (["input_ids", "INT32", [1, 2**70]], 8, "Expected 4722366482869645213696, got 8"),
            (["input_ids", "INT32", [1, -1]], 8, "a tensor of the header (expected: [name, type, shape])"),
            (["input_ids", "INT32"], 8, "a tensor of the header (expected: [name, type, shape])"),
            (["input_ids", "INT32", 7], 8, "a tensor of the header (expected: [name, type, shape])"),
            ([["input_ids"], "INT32", [1, 1]], 4, "a tensor of the header (expected: [name, type, shape])"),
            (
                ["guided_decoding_guide", "BYTES", [1, 1]],
                3,
                "input byte size mismatch for input 'guided_decoding_guide'",
            ),
            (["input_ids", "INT32", [1, 2]], 9, "9 bytes of tensors (expected: 8, as the header says)"),
        ],
    )
    def test_tensors_that_are_none_are_refused(self, entry, contents, error):
        read = read_submission(0, packed(1, {}))
        with pytest.raises(RequestError) as told:
            type(read)(1, [entry], memoryview(bytes(contents))).arrays()
        assert error in str(told.value)

    def test_the_same_tensor_twice_is_refused(self):
        entry = ["seed", "UINT64", [1, 1]]
        read = read_submission(0, packed(1, {}))
        with pytest.raises(RequestError, match="already exists"):
            type(read)(1, [entry, entry], memoryview(bytes(16))).arrays()

    def test_texts_and_empty_tensors_are_read(self):
        arrays = {
            "guided_decoding_guide": np.array([["ä+".encode()]], np.object_),
            "stop_words_list": np.empty((1, 2, 0), np.int32),
        }
        read = read_submission(0, packed(3, arrays)).arrays()
        assert read["guided_decoding_guide"].item() == "ä+".encode()
        assert read["stop_words_list"].shape == (1, 2, 0)


class TestMerging:
    def test_it_is_what_one_gets_sequence_by_sequence(self):
        random = Random(4)
        for _ in range(200):
            parts = [self.random_part(random) for _ in range(random.randint(2, 6))]
            together = merged(parts)
            expected = {}
            for part in parts:
                for key, ids in by_sequence(part).items():
                    expected.setdefault(key, []).extend(ids)
            assert by_sequence(together) == expected
            assert list(by_sequence(together)) == list(expected)

    def random_part(self, random):
        keys = random.sample(
            [(handle, sequence) for handle in (3, 2**62, 9) for sequence in (0, 1)], random.randint(1, 6)
        )
        rows = [(handle, *(random.randrange(100) for _ in range(random.randint(0, 3)))) for handle, _ in keys]
        return news(*rows, sequences=[sequence for _, sequence in keys])

    def test_ends_and_cached_tokens_are_kept(self):
        together = merged([news((1, 5), (2, 6), ends=[0, LENGTH]), news((1, 7))])
        assert together.ends.tolist() == [0, LENGTH]
        assert together.sequences is None
        assert together.cached_tokens is None


def by_sequence(news):
    ids, told = news.ids.tolist(), {}
    for handle, sequence, count in zip(
        news.handles.tolist(), news.sequences.tolist(), news.counts.tolist(), strict=True
    ):
        told[handle, sequence], ids = ids[:count], ids[count:]
    return told
