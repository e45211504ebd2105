"""Subscriptions of the real tritonserver: what is theirs over the null engine, what is the same over the CPU model."""

import os
import subprocess
import sys

import numpy as np
import pytest
from prompts import FRANCE, LONG, chat

from subscriber import CANCELLED, FAILED, LENGTH, REFUSED, STOP, Subscriber, packed, submission
from triton_server import await_that, ids_of, shaped

ENDLESS = 500_000
BACKLOG = 300
STEP_US = 500
STEPS_OF_A_SECOND = 1_000_000 // STEP_US  # a busy machine has fewer
UNLOADED = "The model is being unloaded"


@pytest.fixture(scope="module")
def null(start_server):
    return start_server(engine="null", null_step_interval_us=2000, max_seq_len=1_000_000, max_backlog_tokens=BACKLOG)


@pytest.fixture
def subscriber(null):
    with Subscriber(null.address()) as one:
        yield one
    await_idle(null)


def await_idle(server):
    await_that(lambda: server.requests("active") == 0, 60)


def asked_alone(server, *arguments, **values):
    with server.connect() as client:
        return client.ask(*arguments, **values)


class TestNews:
    def test_tokens_come_in_order_and_the_last_with_the_end(self, subscriber):
        subscriber.generate(7, [1, 2], 20)
        subscriber.await_end(7)
        news = subscriber.of(7)
        assert (news.ids, news.end) == (list(range(3, 23)), LENGTH)
        assert news.counts[-1] > 0
        assert news.cached_tokens == [0]

    def test_requests_share_the_responses(self, subscriber):
        assert subscriber.submit(*(submission(handle, [handle], 100) for handle in range(30))) is None
        subscriber.await_end(*range(30))
        assert all(subscriber.of(handle).ids == list(range(handle + 1, handle + 101)) for handle in range(30))
        assert subscriber.steps < 300

    def test_several_sequences_end_by_themselves(self, subscriber):
        subscriber.generate(1, [5], 4, num_return_sequences=3)
        subscriber.await_end(1, sequences=3)
        assert [subscriber.of(1, sequence).ids for sequence in range(3)] == [[6, 7, 8, 9]] * 3
        assert [subscriber.of(1, sequence).cached_tokens for sequence in range(3)] == [[0], [], []]

    def test_without_streaming_all_comes_at_the_end(self, subscriber):
        subscriber.generate(1, [5], 40, streaming=False)
        subscriber.await_end(1)
        assert subscriber.of(1).counts == [40]

    def test_a_handle_is_free_again_when_its_request_has_ended(self, subscriber):
        for _ in range(2):
            subscriber.news.clear()
            subscriber.generate(2**63 - 1, [5], 4)
            subscriber.await_end(2**63 - 1)
            assert subscriber.of(2**63 - 1).ids == [6, 7, 8, 9]

    def test_two_subscribers_do_not_see_each_other(self, null, subscriber):
        with Subscriber(null.address()) as other:
            other.generate(1, [100], 30)
            subscriber.generate(1, [200], 30)
            for each in (other, subscriber):
                each.await_end(1)
            assert other.stop(1) is None
            assert other.of(1).ids == list(range(101, 131))
            assert subscriber.of(1).ids == list(range(201, 231))
            assert set(other.news) == set(subscriber.news) == {(1, 0)}

    def test_a_renewed_subscription_goes_on_with_nothing_lost(self, subscriber):
        subscriber.generate(1, [5], 300)
        for count in (20, 60, 100):
            subscriber.await_tokens(1, count)
            subscriber.renew()
        subscriber.await_end(1)
        assert subscriber.of(1).ids == list(range(6, 306))


class TestRefusals:
    def test_one_that_is_refused_is_told_of_in_the_words_of_the_other_way(self, null, subscriber):
        [alone] = asked_alone(null, [5], 4, temperature=-1.0)
        assert subscriber.submit(submission(1, [5], 4, temperature=-1.0), submission(2, [5], 4)) is None
        subscriber.await_end(1, 2)
        assert (subscriber.of(1).end, subscriber.of(1).ids) == (REFUSED, [])
        assert subscriber.of(1).error in alone.error
        assert subscriber.of(2).ids == [6, 7, 8, 9]

    @pytest.mark.parametrize(
        ("values", "error"),
        [
            ({"return_num_input_tokens": True}, "return_num_input_tokens: True (expected: absent or false in"),
            ({"stop": True}, "stop: True (expected: absent or false in a submission)"),
            ({"exclude_input_in_output": False, "streaming": False}, "exclude_input_in_output: False (expected: abse"),
            ({"return_log_probs": True}, "return_log_probs: this engine does not support it"),
            ({"beam_width": 2}, "beam_width: this engine does not support it"),
        ],
    )
    def test_what_a_step_cannot_tell_is_refused(self, subscriber, values, error):
        subscriber.generate(1, [5], 4, **values)
        subscriber.await_end(1)
        assert subscriber.of(1).error.startswith(error)

    @pytest.mark.parametrize(
        ("faulty", "error"),
        [
            (b"abc", "submissions[1]: 3 bytes (expected: the length of a header, a header, tensors)"),
            (b"\x09\0\0\0{}", "submissions[1]: a header of 9 bytes (expected: at most 2)"),
            (b"\x02\0\0\0{}", "submissions[1]: its header"),
            (packed(2**63, {}), "submissions[1]: its handle (expected: 0 to 9223372036854775807)"),
            (submission(1, [5], 4), "submissions: a handle twice"),
        ],
    )
    def test_one_that_cannot_be_read_keeps_all_from_being_taken(self, subscriber, faulty, error):
        assert error in subscriber.submit(submission(1, [5], ENDLESS), faulty)
        subscriber.generate(1, [5], 4)
        subscriber.await_end(1)
        assert subscriber.of(1).ids == [6, 7, 8, 9]

    def test_a_handle_in_use_is_refused(self, subscriber):
        subscriber.generate(1, [5], ENDLESS)
        assert "handle 1 (expected: one that is not in use)" in subscriber.submit(submission(1, [5], 4))
        subscriber.stop(1)
        subscriber.await_end(1)

    @pytest.mark.parametrize(
        "arrays",
        [
            {"submissions": np.array([[submission(1, [5], 4)]], np.object_)},
            {"stop": shaped("stop", True), "handles": shaped("handles", [1])},
            {"acknowledged": shaped("acknowledged", [0])},
        ],
    )
    def test_an_unknown_subscription_is_an_error(self, subscriber, arrays):
        assert "unknown subscription: nobody" in subscriber.ask(subscription="nobody", **arrays)

    def test_what_does_not_belong_together_is_refused_by_name(self, subscriber):
        stop = {"stop": shaped("stop", True), "handles": shaped("handles", [1])}
        assert "present (expected: absent beside subscription)" in subscriber.ask(
            submissions=np.array([[b""]], np.object_), **stop
        )
        assert "input_ids: present (expected: absent beside subscription)" in subscriber.ask(
            input_ids=shaped("input_ids", [1]), **stop
        )
        assert "expected: beside submissions, or stop and handles" in subscriber.ask(handles=shaped("handles", [1]))

    def test_a_step_that_was_not_sent_cannot_be_acknowledged(self, subscriber):
        assert "acknowledged: 1 (expected: 0 to 0, " in subscriber.acknowledge(1)


class TestEnds:
    def test_a_stop_ends_what_it_names_and_nothing_else(self, subscriber):
        for handle in (1, 2, 3):
            subscriber.generate(handle, [5], ENDLESS)
        assert subscriber.stop(1, 3, 99) is None
        subscriber.await_end(1, 3)
        assert [subscriber.of(handle).end for handle in (1, 3)] == [CANCELLED, CANCELLED]
        subscriber.await_tokens(2, len(subscriber.of(2).ids) + 10)
        subscriber.stop(2)
        subscriber.await_end(2)

    def test_a_subscription_that_is_cancelled_takes_all_of_its_requests_along(self, null):
        with Subscriber(null.address()) as leaving:
            for handle in range(5):
                leaving.generate(handle, [5], ENDLESS, streaming=handle > 0)
            await_that(lambda: null.requests("active") == 5)
        await_idle(null)

    def test_a_client_that_is_killed_frees_all_of_its_sequences(self, start_server):
        """Within the steps of a second, counted by the engine: a busy machine slows them as well as the kill's way."""
        server = start_server(engine="null", null_step_interval_us=STEP_US, max_seq_len=1_000_000)
        doomed = subprocess.Popen(
            [sys.executable, "-B", "-c", DOOMED, server.address()],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        try:
            await_that(lambda: server.requests("active") == 64)
            before = server.iterations()
        finally:
            doomed.kill()
        await_idle(server)
        assert server.iterations() - before < STEPS_OF_A_SECOND
        doomed.wait(10)

    def test_unloading_ends_an_idle_subscription(self, null):
        stub = null.stub()
        with null.connect() as client:
            with Subscriber(null.address()) as idle:
                client.unload()
                idle.read()
                assert UNLOADED in idle.error
            load_again(client, null, stub)

    def test_unloading_waits_for_what_is_under_way_and_for_no_window(self, null):
        stub = null.stub()
        with null.connect() as client:
            with Subscriber(null.address(), window=1) as busy:
                busy.generate(1, [5], BACKLOG)
                busy.read()
                client.unload()
                busy.await_end(1)
                assert busy.of(1).ids == list(range(6, 6 + BACKLOG))
                busy.read()
                assert UNLOADED in busy.error
            load_again(client, null, stub)

    def test_a_model_loaded_anew_waits_for_what_is_under_way_and_for_no_window(self, null):
        with null.connect() as client, Subscriber(null.address(), window=1) as busy:
            busy.generate(1, [5], BACKLOG)
            busy.read()
            null.change("null_step_interval_us", 1999)
            client.load()
            assert "unknown subscription" in busy.acknowledge(1)
            busy.await_end(1)
            assert busy.of(1).ids == list(range(6, 6 + BACKLOG))
            busy.read()
            assert UNLOADED in busy.error

    def test_a_server_that_shuts_down_ends_subscriptions_at_once(self, start_server):
        server = start_server(engine="null", null_step_interval_us=2000, max_seq_len=1_000_000)
        with Subscriber(server.address()) as busy, Subscriber(server.address()) as idle:
            busy.generate(1, [5], ENDLESS)
            busy.await_tokens(1, 1)
            server.process.terminate()
            busy.await_end(1)
            assert (busy.of(1).end, busy.of(1).error) == (FAILED, UNLOADED)
            for each in (busy, idle):
                each.read()
                assert UNLOADED in each.error
        assert server.process.wait(30) == 0
        assert "timeout" not in server.log.read_text().lower()


DOOMED = """
import signal, sys
from subscriber import Subscriber, submission
subscriber = Subscriber(sys.argv[1])
subscriber.submit(*(submission(handle, [5], 900_000) for handle in range(64)))
signal.pause()
"""


def load_again(client, server, stub):
    """Once the model is gone, which it is not before its last stream."""
    await_that(lambda: not os.path.exists(f"/proc/{stub}"))
    client.load()
    with server.connect() as other:
        assert ids_of(other.ask([5], 2)) == [6, 7]


class TestSlowReaders:
    def test_what_comes_behind_a_closed_window_is_merged(self, null):
        with Subscriber(null.address(), window=2) as slow:
            slow.generate(1, [5], 200)
            slow.generate(2, [5], 200)
            asked_alone(null, [5], 250)  # every step has a token of each, so those have ended before
            while slow.steps < 2:
                slow.read()
            told = len(slow.of(1).ids)
            assert told < 100
            assert slow.acknowledge(1) is None
            slow.await_end(1, 2)
            assert slow.steps == 3
            assert slow.of(1).ids == slow.of(2).ids == list(range(6, 206))
            assert slow.of(1).counts[-1] == 200 - told

    def test_a_sequence_with_too_much_of_it_is_cut_while_others_go_on(self, null, subscriber):
        with Subscriber(null.address(), window=1) as slow:
            slow.generate(1, [5], ENDLESS)
            slow.generate(2, [5], 10)
            subscriber.generate(1, [5], 2 * BACKLOG)
            subscriber.await_end(1)
            slow.read()
            assert slow.acknowledge(slow.steps) is None
            slow.await_end(1, 2)
            news = slow.of(1)
            assert news.end == FAILED
            assert news.error == f"More than {BACKLOG} tokens (max_backlog_tokens) were waiting for the client to read"
            assert news.ids == list(range(6, 6 + len(news.ids)))
            assert len(news.ids) > BACKLOG
            assert slow.of(2).end == LENGTH
            assert slow.acknowledge(slow.steps) is None
            slow.generate(1, [5], 4)
            slow.await_end(1)


class TestOverTheModel:
    """What a client is told is the same both ways."""

    def test_the_same_seed_gives_the_same_ids(self, deterministic):
        values = {"runtime_top_p": 0.9, "temperature": 2.0, "num_return_sequences": 2}
        with Subscriber(deterministic.address()) as subscriber:
            for seed in (3, 4):
                subscriber.generate(seed, FRANCE, 6, seed=seed, **values)
            for seed in (3, 4):
                subscriber.await_end(seed, sequences=2)
                responses = asked_alone(deterministic, FRANCE, 6, seed=seed, **values)
                alone = {response.number("sequence_index"): response.ids for response in responses}
                assert alone == {sequence: subscriber.of(seed, sequence).ids for sequence in range(2)}

    def test_ends_by_tokens(self, deterministic):
        ids = ids_of(asked_alone(deterministic, FRANCE, 12))
        words = np.array([[ids[2], ids[3]], [2, -1]], np.int32)
        with Subscriber(deterministic.address()) as subscriber:
            subscriber.generate(1, FRANCE, 12, end_id=ids[5])
            subscriber.generate(2, FRANCE, 12, stop_words_list=words)
            subscriber.await_end(1, 2)
            assert (subscriber.of(1).ids, subscriber.of(1).end) == (ids[: ids.index(ids[5])], STOP)
            assert (subscriber.of(2).ids, subscriber.of(2).end) == (ids[:4], STOP)

    def test_log_probs_are_those_of_the_new_tokens(self, deterministic):
        values = {"return_log_probs": True, "num_logprobs": 2}
        responses = asked_alone(deterministic, FRANCE, 6, streaming=True, **values)
        with Subscriber(deterministic.address()) as subscriber:
            subscriber.generate(1, FRANCE, 6, **values)
            subscriber.generate(2, FRANCE, 6, return_log_probs=True, streaming=False)
            subscriber.generate(3, FRANCE, 6)
            subscriber.await_end(1, 2, 3)
            expected = responses[-1].array("output_log_probs").reshape(-1)
            for handle in (1, 2):
                assert subscriber.of(handle).log_probs == pytest.approx(expected)
            tops = np.concatenate([response.array("top_logprob_ids").reshape(-1) for response in responses])
            assert subscriber.of(1).top_ids == tops.tolist()
            assert len(subscriber.of(1).top_log_probs) == 12
            assert subscriber.of(3).ids == subscriber.of(1).ids

    def test_cached_tokens_come_once(self, batching):
        with Subscriber(batching.address()) as subscriber:
            for handle in (1, 2):
                subscriber.generate(handle, LONG[:200], 4, num_return_sequences=2)
                subscriber.await_end(handle, sequences=2)
            [told] = subscriber.of(2).cached_tokens + subscriber.of(2, 1).cached_tokens
            assert told > 100

    def test_a_guide_holds_and_a_faulty_one_is_refused(self, batching):
        with Subscriber(batching.address()) as subscriber:
            subscriber.generate(1, chat("A number?"), 20, **regex(b"[0-9]{3}"))
            subscriber.generate(2, chat("A number?"), 20, **regex(b"[0-9"))
            subscriber.await_end(1, 2)
            assert subscriber.of(1).end == STOP
            assert subscriber.of(2).end == REFUSED
            assert subscriber.of(2).error.startswith("guided decoding: invalid guide: regex: ")
        await_idle(batching)

    def test_a_stop_and_a_lost_subscription_free_the_model(self, batching):
        with Subscriber(batching.address()) as subscriber:
            for handle in (1, 2):
                subscriber.generate(handle, FRANCE, 4000)
                subscriber.await_tokens(handle, 1)
            subscriber.stop(1)
            subscriber.await_end(1)
            assert subscriber.of(1).end == CANCELLED
        await_idle(batching)


def regex(text):
    return {"guided_decoding_guide_type": [b"regex"], "guided_decoding_guide": [text]}
