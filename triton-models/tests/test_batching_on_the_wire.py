"""Many clients at once, clients that go away, clients that do not read, and what the gauges say of them."""

import os

import pytest
from prompts import FRANCE, LONG, chat

from triton_server import await_that, ids_of, shaped

IDLE_SECONDS = 60
FULL_LENGTH = 4000
LONG_ANSWER = 1000  # what fits behind LONG
MAX_CONCURRENT = 16


def await_idle(server):
    await_that(lambda: server.requests("active") == 0, IDLE_SECONDS)
    await_that(lambda: server.gauge("nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", "used") == 0)


def stop(client, request_id):
    none = {name: shaped(name, 0) for name in ("input_lengths", "request_output_len")}
    client.send(request_id, input_ids=shaped("input_ids", [0]), stop=shaped("stop", True), **none)


def test_eight_at_once_all_complete(batching):
    connections = [batching.connect() for _ in range(8)]
    for number, connection in enumerate(connections):
        connection.generate(chat(f"Tell me about the number {number}."), 12, streaming=True)
    for connection in connections:
        with connection:
            responses = connection.rest()
            assert responses[-1].finish_reason == "length"
            assert len(ids_of(responses)) == 12


def test_sixteen_are_decoded_together(batching):
    with batching.connect() as client:
        for number in range(MAX_CONCURRENT):
            client.generate([1, 2, 3], 200, request_id=f"s{number}", streaming=True)
        await_that(lambda: batching.requests("scheduled") == MAX_CONCURRENT)
        await_that(
            lambda: (
                batching.gauge(
                    "nv_trt_llm_inflight_batcher_metrics", "inflight_batcher_specific_metric", "generation_requests"
                )
                == MAX_CONCURRENT
            )
        )
    await_idle(batching)


def test_the_deterministic_setting_gives_the_same_ids_in_any_company(deterministic):
    with deterministic.connect() as alone:
        expected = ids_of(alone.ask(FRANCE, 12, runtime_top_p=0.9, seed=3))
    connections = [deterministic.connect() for _ in range(4)]
    for number, connection in enumerate(connections):
        connection.generate(FRANCE if number % 2 else chat("Hello!" * number), 12, runtime_top_p=0.9, seed=3)
    answers = [connection.rest() for connection in connections]
    for connection in connections:
        connection.__exit__()
    assert ids_of(answers[1]) == ids_of(answers[3]) == expected


def test_a_stop_ends_a_decoding_request_with_its_own_final(batching, client):
    client.generate(FRANCE, FULL_LENGTH, request_id="a", streaming=True)
    client.next()
    stop(client, "a")
    finals = []
    while len(finals) < 2:
        response = client.next()
        finals += [response] if response.is_final else []
    empty, own = sorted(finals, key=lambda final: len(final.outputs))
    assert (empty.request_id, empty.outputs, empty.error) == ("a", [], None)
    assert own.finish_reason == "cancelled"
    await_idle(batching)


def test_a_stop_may_come_over_another_stream(batching, client):
    with batching.connect() as other:
        other.generate(FRANCE, FULL_LENGTH, request_id="b")
        await_that(lambda: batching.requests("active") == 1)
        stop(client, "b")
        assert client.next().is_final
        [response] = other.rest()
        assert response.finish_reason == "cancelled"


def test_a_stop_of_an_unknown_id_succeeds(client):
    stop(client, "nobody")
    response = client.next()
    assert (response.is_final, response.error, response.outputs) == (True, None, [])


def test_a_stop_needs_an_id(client):
    stop(client, "")
    assert "Trying to stop a request but request ID is not provided" in client.next().error


def test_a_stop_ends_every_request_with_the_id(batching, client):
    for _ in range(2):
        client.generate(FRANCE, FULL_LENGTH, request_id="twins")
    await_that(lambda: batching.requests("active") == 2)
    stop(client, "twins")
    empty, *own = sorted([client.next() for _ in range(3)], key=lambda final: len(final.outputs))
    assert empty.outputs == []
    assert [final.finish_reason for final in own] == ["cancelled"] * 2
    await_idle(batching)


def test_a_cancelled_stream_frees_a_decoding_request(batching):
    with batching.connect() as leaving:
        leaving.generate(FRANCE, FULL_LENGTH, streaming=True)
        leaving.next()
        before = batching.iterations()
    await_idle(batching)
    assert batching.iterations() - before < FULL_LENGTH / 4


def test_a_cancelled_stream_frees_a_request_within_its_prompt(batching):
    with batching.connect() as leaving:
        leaving.generate(LONG, LONG_ANSWER, streaming=True)
        await_that(lambda: batching.requests("context") == 1)
        before = batching.iterations()
    await_idle(batching)
    assert batching.requests("context") == 0
    assert batching.iterations() - before < LONG_ANSWER / 4


def test_a_queued_request_can_be_cancelled_and_the_full_queue_refuses(one_at_a_time):
    with one_at_a_time.connect() as running:
        running.generate(FRANCE, 900, streaming=True)
        running.next()
        with one_at_a_time.connect() as queued:
            queued.generate(FRANCE, 4)
            await_that(lambda: one_at_a_time.requests("waiting") == 1)
            with one_at_a_time.connect() as third:
                [refusal] = third.ask(FRANCE, 4)
                assert "Maximum queue size of 1 has been reached, please try again later" in refusal.error
        await_that(lambda: one_at_a_time.requests("waiting") == 0)
        assert one_at_a_time.requests("active") == 1
    await_idle(one_at_a_time)


def test_a_request_that_waits_is_served_when_its_turn_comes(one_at_a_time):
    with one_at_a_time.connect() as first, one_at_a_time.connect() as second:
        first.generate(FRANCE, 200, streaming=True)
        first.next()
        second.generate(FRANCE, 4)
        await_that(lambda: one_at_a_time.requests("waiting") == 1)
        assert second.rest()[-1].finish_reason == "length"
        assert len(ids_of(first.rest())) > 0
    await_idle(one_at_a_time)


def test_a_client_that_does_not_read_delays_nobody_and_loses_nothing(batching):
    with batching.connect_unread() as silent, batching.connect() as reading:
        silent.generate(FRANCE, 150, streaming=True)
        await_that(lambda: batching.requests("active") == 1)
        assert len(ids_of(reading.ask(FRANCE, 4, streaming=True))) == 4
        await_idle(batching)
        answer = silent.rest()
        assert len(ids_of(answer)) == 150
        assert answer[-1].finish_reason == "length"


@pytest.mark.parametrize(
    ("family", "label", "kinds"),
    [
        ("nv_trt_llm_request_metrics", "request_type", ("active", "max", "scheduled", "context", "waiting")),
        (
            "nv_trt_llm_kv_cache_block_metrics",
            "kv_cache_block_type",
            ("max", "free", "used", "reused", "tokens_per", "fraction"),
        ),
        (
            "nv_trt_llm_inflight_batcher_metrics",
            "inflight_batcher_specific_metric",
            ("total_context_tokens", "generation_requests", "micro_batch_id", "paused_requests"),
        ),
        ("nv_trt_llm_runtime_memory_metrics", "memory_type", ("cpu", "gpu", "pinned")),
        ("nv_trt_llm_general_metrics", "general_type", ("timestamp", "iteration_counter")),
    ],
)
def test_the_gauges_of_tensorrt_llm(batching, family, label, kinds):
    assert all(batching.gauge(family, label, kind) >= 0 for kind in kinds)


def test_the_gauges_know_what_is_in_memory(batching):
    assert batching.gauge("nv_trt_llm_runtime_memory_metrics", "memory_type", "cpu") > 100e6


def test_the_gauges_know_the_limits(batching):
    assert batching.requests("max") == MAX_CONCURRENT
    assert batching.gauge("nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", "max") == MAX_CONCURRENT * 4096


def test_unloading_ends_the_process_and_loading_brings_it_back(one_at_a_time):
    with one_at_a_time.connect() as refused:
        assert refused.ask([1], 1, temperature=-1.0)[-1].error
    with one_at_a_time.connect() as client:
        stub = one_at_a_time.stub()
        client.unload()
        await_that(lambda: not os.path.exists(f"/proc/{stub}"))
        client.load()
        assert client.ask(FRANCE, 1)[-1].finish_reason == "length"
