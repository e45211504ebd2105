"""Responses on their way out and cancellation, without Triton."""

import threading

import numpy as np
import pytest

from executor.errors import RequestError
from executor.request import FinishReason, GenerationRequest, Output, TokenLogProbs
from executor.request_parser import ParsedRequest
from fakes import RecordingChannel
from serving.delivery import Delivery
from serving.live_requests import ASKED_AT_ONCE, TURNS_OF_A_ROUND, LiveRequests
from serving.outbox import ResponseDispatcher
from serving.responder import Responder, check_requested


def responder(requested=(), rest=None, **flags):
    names = ("streaming", "echoes_prompt", "returns_num_input_tokens", "returns_num_output_tokens")
    parsed = ParsedRequest(GenerationRequest((7, 8), 4, **(rest or {})), **{**dict.fromkeys(names, False), **flags})
    return Responder(RecordingChannel(), parsed, requested)


def entry(chosen, *top):
    """Log-probabilities of one token; `top` are pairs of an id and its own."""
    ids, values = zip(*top, strict=True) if top else ((), ())
    return TokenLogProbs(chosen, np.array(ids, np.int32), np.array(values, np.float32))


def sent(one):
    return [(sorted(tensors), final) for tensors, final in one._channel.sent]


@pytest.fixture
def dispatcher():
    dispatcher = ResponseDispatcher()
    yield dispatcher
    dispatcher.close()


class Slow:
    """A delivery that the test holds."""

    def __init__(self):
        self.delivered = []
        self.started = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, output):
        self.started.set()
        assert self.go_on.wait(10)
        self.delivered.append(output)


class TestOutbox:
    def test_a_slow_delivery_does_not_hold_the_engine_and_merges_what_gathers(self, dispatcher):
        slow = Slow()
        outbox = dispatcher.outbox(slow, streaming=True)
        outbox(Output((1,)))
        assert slow.started.wait(10)
        for token in (2, 3):
            outbox(Output((token,)))
        outbox(Output((4,), FinishReason.LENGTH))
        slow.go_on.set()
        dispatcher.close()
        assert slow.delivered == [Output((1,)), Output((2, 3, 4), FinishReason.LENGTH)]

    def test_without_streaming_all_leaves_at_the_end(self, dispatcher):
        delivered = []
        outbox = dispatcher.outbox(delivered.append, streaming=False)
        for output in (Output((1,)), Output((2,)), Output(finish_reason=FinishReason.STOP)):
            outbox(output)
        dispatcher.close()
        assert delivered == [Output((1, 2), FinishReason.STOP)]

    def test_sequences_are_merged_each_for_itself_and_the_final_one_is_last(self, dispatcher):
        delivered = []
        outbox = dispatcher.outbox(delivered.append, streaming=False)
        for output in (
            Output((1,), sequence_index=1),
            Output((2,), sequence_index=0),
            Output((3,), FinishReason.LENGTH, sequence_index=1, others_open=1),
            Output((4,), FinishReason.STOP, sequence_index=0),
        ):
            outbox(output)
        dispatcher.close()
        assert delivered == [
            Output((1, 3), FinishReason.LENGTH, sequence_index=1, others_open=1),
            Output((2, 4), FinishReason.STOP, sequence_index=0),
        ]

    def test_log_probs_are_merged_with_their_tokens(self, dispatcher):
        delivered = []
        outbox = dispatcher.outbox(delivered.append, streaming=False)
        outbox(Output((1,), log_probs=(entry(-1.0),), cum_log_prob=-1.0))
        outbox(Output((2,), FinishReason.STOP, log_probs=(entry(-2.0),), cum_log_prob=-3.0))
        dispatcher.close()
        assert [each.chosen for each in delivered[0].log_probs] == [-1.0, -2.0]
        assert delivered[0].cum_log_prob == -3.0

    def test_a_delivery_that_fails_does_not_silence_the_others(self, dispatcher, capfd):
        delivered = []
        dispatcher.outbox(lambda _: 1 / 0, streaming=True)(Output((1,)))
        dispatcher.outbox(delivered.append, streaming=True)(Output((2,)))
        dispatcher.close()
        assert delivered == [Output((2,))]
        assert "ZeroDivisionError" in capfd.readouterr().err


class TestResponder:
    def test_the_first_response_counts_the_prompt_and_the_last_has_the_reason(self):
        one = responder()
        one.respond(Output((1,)))
        one.respond(Output((2,), FinishReason.LENGTH))
        assert sent(one) == [
            (["cached_tokens", "num_input_tokens", "output_ids", "sequence_length"], False),
            (["finish_reason", "output_ids", "sequence_length"], True),
        ]

    def test_an_error_is_final(self):
        one = responder()
        one.respond(Output(error=RequestError("no")))
        assert [(str(error), final) for error, final in one._channel.sent] == [("no", True)]

    def test_only_requested_outputs_are_sent(self):
        one = responder(requested={"output_ids", "sequence_length"})
        one.respond(Output((1,), FinishReason.STOP))
        assert sent(one) == [(["output_ids", "sequence_length"], True)]

    def test_the_prompt_is_echoed_in_front(self):
        one = responder(echoes_prompt=True)
        one.respond(Output((1,), FinishReason.STOP))
        [(tensors, _)] = one._channel.sent
        assert tensors["output_ids"].tolist() == [[[7, 8, 1]]]
        assert tensors["sequence_length"].tolist() == [[3]]

    def test_several_sequences_have_an_index_and_one_final_flag(self):
        one = responder(rest={"num_sequences": 2})
        one.respond(Output((1,), sequence_index=1))
        one.respond(Output((2,), FinishReason.STOP, sequence_index=0, others_open=1))
        one.respond(Output((), FinishReason.LENGTH, sequence_index=1))
        assert [tensors["sequence_index"].tolist() for tensors, _ in one._channel.sent] == [[[1]], [[0]], [[1]]]
        assert [final for _, final in one._channel.sent] == [False, False, True]
        assert ["finish_reason" in tensors for tensors, _ in one._channel.sent] == [False, True, True]
        assert ["cached_tokens" in tensors for tensors, _ in one._channel.sent] == [True, False, False]

    def test_log_probs_grow_in_each_sequence_while_tops_are_the_news(self):
        one = responder(rest={"num_sequences": 2, "returns_log_probs": True, "num_top_log_probs": 2})
        first, second = entry(-1.0, (5, -0.5), (6, -1.0)), entry(-2.0, (7, -0.25), (8, -2.0))
        one.respond(Output((6,), log_probs=(first,), cum_log_prob=-1.0))
        one.respond(Output((9,), log_probs=(first,), cum_log_prob=-1.0, sequence_index=1))
        one.respond(Output((8,), log_probs=(second,), cum_log_prob=-3.0))
        one.respond(Output((), FinishReason.STOP, cum_log_prob=-7.0))
        told = [tensors for tensors, _ in one._channel.sent]
        assert [each["output_log_probs"].tolist() for each in told] == [
            [[[-1]]],
            [[[-1]]],
            [[[-1, -2]]],
            [[[-1, -2]]],
        ]
        assert [each["cum_log_probs"].tolist() for each in told] == [[[-1]], [[-1]], [[-3]], [[-7]]]
        assert told[2]["top_logprob_ids"].tolist() == [[[7, 8]]]
        assert told[2]["top_logprobs"].tolist() == [[[-0.25, -2]]]
        assert told[3]["top_logprob_ids"].shape == told[3]["top_logprobs"].shape == (1, 0, 2)

    def test_lists_of_outputs_are_checked(self):
        check_requested(set())
        with pytest.raises(RequestError, match="^sequence_length tensor must be present in list of output tensors$"):
            check_requested({"output_ids"})


class Generation:
    cancelled = False

    def cancel(self):
        self.cancelled = True


def opened(live, request_id, abandoned=False):
    responder, generation = RecordingResponder(request_id, abandoned), Generation()
    live.open(responder)
    live.started(responder, generation)
    return responder, generation


class TestLiveRequests:
    def test_stop_ends_the_id_it_names(self):
        live = LiveRequests()
        generations = [opened(live, request_id)[1] for request_id in ("a", "b", "a")]
        live.stop("a")
        assert [generation.cancelled for generation in generations] == [True, False, True]

    def test_abandoned_requests_are_cancelled_and_closed_ones_are_not_asked(self):
        live = LiveRequests()
        _, gone = opened(live, "a", abandoned=True)
        _, here = opened(live, "b")
        closed, done = opened(live, "c", abandoned=True)
        live.close(closed, lambda: None)
        live.cancel_abandoned()
        assert [generation.cancelled for generation in (gone, here, done)] == [True, False, False]

    def test_of_many_requests_each_call_asks_a_share_and_a_round_all(self):
        live = LiveRequests()
        generations = [opened(live, str(number), abandoned=True)[1] for number in range(1000)]
        asked = []
        for _ in range(TURNS_OF_A_ROUND):
            live.cancel_abandoned()
            asked.append(sum(generation.cancelled for generation in generations))
        assert asked == list(range(50, 1001, 50))

    def test_few_requests_are_all_asked_each_time(self):
        live = LiveRequests()
        here = [opened(live, str(number))[0] for number in range(ASKED_AT_ONCE)]
        live.cancel_abandoned()
        live.close(here[0], lambda: None)
        gone = opened(live, "gone", abandoned=True)[1]
        live.cancel_abandoned()
        assert gone.cancelled

    def test_a_request_can_end_before_it_is_known_to_have_started(self):
        live, responder, generation = LiveRequests(), RecordingResponder("a"), Generation()
        live.open(responder)
        live.close(responder, lambda: None)
        live.started(responder, generation)
        live.stop("a")
        assert not generation.cancelled

    def test_triton_is_only_called_while_a_request_is_open(self):
        live, calls = LiveRequests(), []
        live.while_any_is_open(lambda: calls.append("too early"))
        responder, _ = opened(live, "a")
        live.while_any_is_open(lambda: calls.append("open"))
        live.close(responder, lambda: calls.append("final"))
        live.while_any_is_open(lambda: calls.append("too late"))
        assert calls == ["open", "final"]

    def test_a_final_response_waits_for_a_call_that_is_under_way(self):
        live, calls = LiveRequests(), []
        responder, _ = opened(live, "a")
        entered, go_on = threading.Event(), threading.Event()

        def slow():
            entered.set()
            assert go_on.wait(10)
            calls.append("slow")

        calling = threading.Thread(target=live.while_any_is_open, args=[slow])
        calling.start()
        assert entered.wait(10)
        closing = threading.Thread(target=live.close, args=[responder, lambda: calls.append("final")])
        closing.start()
        assert calls == []
        go_on.set()
        closing.join(10)
        calling.join(10)
        assert calls == ["slow", "final"]

    def test_a_final_response_that_fails_still_ends_the_request(self):
        live = LiveRequests()
        responder, generation = opened(live, "a")
        with pytest.raises(ZeroDivisionError):
            live.close(responder, lambda: 1 / 0)
        live.stop("a")
        assert not generation.cancelled


class Link:
    """One open request whose client cannot be sent certain ids; `engine` is the generation behind it."""

    def __init__(self, unsendable=(), before_final=lambda: None):
        self.channel = FailingChannel(unsendable)
        self.engine = Generation()
        self.live = LiveRequests()
        parsed = ParsedRequest(GenerationRequest((7, 8), 4), True, False, False, False)
        self.deliver = Delivery(self.live, Responder(self.channel, parsed, ()), before_final)

    def start(self):
        self.deliver.start(lambda: self.engine)
        return self

    def heard(self):
        """Of each response its ids, or the error in place of them, and whether it was final."""
        return [
            (str(what) if isinstance(what, Exception) else what["output_ids"].reshape(-1).tolist(), final)
            for what, final in self.channel.sent
        ]

    def is_open(self):
        calls = []
        self.live.while_any_is_open(lambda: calls.append("open"))
        return bool(calls)


class FailingChannel(RecordingChannel):
    """Fails on tensors with certain ids in them, and sends any error."""

    def __init__(self, unsendable):
        super().__init__()
        self._unsendable = unsendable

    def send(self, tensors, final):
        if set(self._unsendable) & set(tensors["output_ids"].reshape(-1).tolist()):
            raise OSError("no shared memory")
        super().send(tensors, final)


class TestDelivery:
    ERROR = "The engine failed on this request: no shared memory"

    def test_all_news_are_responses_and_the_last_closes_the_request(self):
        link = Link().start()
        link.deliver(Output((1,)))
        assert link.is_open()
        link.deliver(Output((2,), FinishReason.LENGTH))
        assert link.heard() == [([1], False), ([2], True)]
        assert not link.is_open()

    def test_a_response_that_cannot_be_sent_ends_the_request_with_an_error(self, capfd):
        link = Link(unsendable=[2]).start()
        for token in (1, 2, 3):
            link.deliver(Output((token,)))
        assert link.engine.cancelled
        link.deliver(Output((4,), FinishReason.CANCELLED))
        assert link.heard() == [([1], False), (self.ERROR, True)]
        assert not link.is_open()
        assert "no shared memory" in capfd.readouterr().err

    def test_a_generation_that_is_not_known_yet_when_its_response_fails_is_cancelled_later(self, capfd):
        link = Link(unsendable=[1])

        def submit():
            link.deliver(Output((1,)))
            return link.engine

        link.deliver.start(submit)
        link.deliver(Output((2,)))
        assert link.engine.cancelled
        capfd.readouterr()

    def test_a_final_response_that_cannot_be_sent_becomes_an_error(self, capfd):
        link = Link(unsendable=[1]).start()
        link.deliver(Output((1,), FinishReason.STOP))
        assert link.heard() == [(self.ERROR, True)]
        assert not link.is_open()
        capfd.readouterr()

    def test_a_failure_before_the_final_response_does_not_keep_it_back(self, capfd):
        link = Link(before_final=lambda: 1 / 0).start()
        link.deliver(Output((1,), FinishReason.STOP))
        assert link.heard() == [([1], True)]
        assert "ZeroDivisionError" in capfd.readouterr().err

    @pytest.mark.parametrize("fault", [RequestError("queue full"), ZeroDivisionError("boom")])
    def test_a_request_that_the_engine_does_not_take_is_closed_with_the_error(self, fault, capfd):
        link = Link()

        def submit():
            raise fault

        link.deliver.start(submit)
        [(text, final)] = link.heard()
        assert str(fault) in text
        assert final
        assert not link.is_open()
        capfd.readouterr()


class RecordingResponder:
    def __init__(self, request_id, abandoned=False):
        self.request_id = request_id
        self._abandoned = abandoned

    def is_abandoned(self):
        return self._abandoned
