"""The model in the real tritonserver with the engine over TensorRT-LLM, which is the fake one: tensors, not tokens."""

import numpy as np
import pytest

from executor.capabilities import CPU_CAPABILITIES
from triton_server import ROOM, ids_of
from trtllm_models import VOCAB_SIZE, lay_model

PROMPT = [5, 6, 7]
SMALL = {"engine": "tensorrt_llm", "vocab_size": VOCAB_SIZE, "max_seq_len": 1024, "max_batch_size": 4}
PACKAGES = ROOM / "tests" / "fake_packages"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A step takes a millisecond, so that requests can be seen under way."""
    folder = tmp_path_factory.mktemp("gpu")
    (folder / "poet").mkdir()
    return lay_model(folder, step_seconds=0.001, lora_adapters={2: "poet"})


@pytest.fixture(scope="module")
def gpu(start_server, model):
    return start_server(packages=PACKAGES, model_path=model, **SMALL)


@pytest.fixture
def gpu_client(gpu):
    with gpu.connect() as connection:
        yield connection


def test_front_ends_are_told_what_this_engine_can_do(gpu_client):
    parameters = {name: value.string_value for name, value in gpu_client.config().parameters.items()}
    unsupported = parameters["unsupported_inputs"].split(",")
    assert "lora_task_id" not in unsupported
    assert "retention_decode_priority" not in unsupported
    assert {"num_logprobs", "beam_width", "lora_weights", "lookahead_window_size"} <= set(unsupported)
    assert parameters["min_tokens_bans"] == "end_id"
    assert parameters["guided_decoding_types"] == ",".join(CPU_CAPABILITIES.guided_decoding_types)


def test_a_stream_has_deltas_and_an_end(gpu_client):
    responses = gpu_client.ask(PROMPT, 12, request_id="g-1", streaming=True)
    assert ids_of(responses) == list(range(8, 20))
    assert [response.is_final for response in responses] == [False] * (len(responses) - 1) + [True]
    assert responses[-1].finish_reason == "length"
    assert responses[0].number("num_input_tokens") == 3
    assert responses[0].number("cached_tokens") in (0, 2)


def test_without_streaming_one_response_has_all(gpu_client):
    [response] = gpu_client.ask(PROMPT, 5, end_id=11)
    assert response.ids == [8, 9, 10]
    assert response.finish_reason == "stop"


def test_what_the_cpu_engine_refuses_is_honoured(gpu_client):
    [adapted] = gpu_client.ask(PROMPT, 3, lora_task_id=2)
    assert adapted.ids == [10, 13, 16]
    ranges = {"starts": [0], "ends": [2], "priorities": [90], "durations_ms": [500]}
    tensors = {f"retention_token_range_{name}": np.array(values, np.int32) for name, values in ranges.items()}
    [retained] = gpu_client.ask(PROMPT, 3, retention_decode_priority=10, **tensors)
    assert retained.ids == [8, 9, 10]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"num_logprobs": 2}, "num_logprobs: this engine does not support it"),
        ({"beam_width": 2}, "beam_width: this engine does not support it"),
        ({"lora_task_id": 3}, "lora_task_id: 3 (expected: 0, for none, or one of 2)"),
        ({"retention_token_range_starts": [0]}, "retention_token_range_ends: 0 values (expected: 1, as many as"),
        ({"retention_decode_priority": 101}, "retention_decode_priority: 101 (expected: 0 to 100)"),
        ({"input_ids": [VOCAB_SIZE - 1]}, "the last token of the vocabulary"),
    ],
)
def test_what_is_refused_is_named(gpu_client, values, error):
    [response] = gpu_client.ask([1], 1, **values)
    assert error in response.error


def test_several_sequences_and_log_probabilities(gpu_client):
    responses = gpu_client.ask(PROMPT, 4, num_return_sequences=2, return_log_probs=True)
    assert {response.number("sequence_index") for response in responses} == {0, 1}
    for response in responses:
        assert response.ids == [8, 9, 10, 11]
        assert response.array("output_log_probs").shape == (1, 1, 4)
        assert response.array("cum_log_probs").item() == pytest.approx(response.array("output_log_probs").sum())


def test_a_stop_ends_a_request_that_is_under_way(gpu, gpu_client):
    gpu_client.generate(PROMPT, 1000, request_id="g-2", streaming=True)
    gpu_client.next()
    with gpu.connect() as other:
        other.generate([1], 1, request_id="g-2", stop=True)
        other.rest()
    assert gpu_client.rest()[-1].finish_reason == "cancelled"


def test_the_gauges_have_the_same_names(gpu, gpu_client):
    gpu_client.ask(PROMPT, 300)
    assert gpu.iterations() > 0
    assert gpu.requests("max") == 4
    assert gpu.gauge("nv_trt_llm_runtime_memory_metrics", "memory_type", "gpu") == 1 << 30
    assert gpu.gauge("nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", "max") == 64 * 32


def test_a_model_file_with_faults_keeps_the_server_from_starting_and_all_are_told(start_server, tmp_path):
    folder = lay_model(tmp_path, colour="red", stream_interval=0)
    with pytest.raises(AssertionError) as told:
        start_server(packages=PACKAGES, model_path=folder, **SMALL)
    assert "model.yaml: colour: unknown key" in str(told.value)
    assert "model.yaml: stream_interval: 0 (expected: a whole number, 1 or more)" in str(told.value)


def test_without_the_package_the_server_says_so(start_server, model):
    with pytest.raises(AssertionError, match=r"engine: tensorrt_llm \(expected: the Python package of that name"):
        start_server(model_path=model, **SMALL)
