"""Subscriptions without Triton: what is refused, what is cancelled, and how they end."""

import pytest

from executor.engine import EngineLimits
from executor.errors import RequestError, shutting_down
from executor.null_engine import NullEngine
from executor.request import FinishReason, Output
from executor.step_news import FAILED
from subscribed import Subscribed
from triton_server import await_that, shaped


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
