"""The tensor contract as a gRPC client of the real tritonserver sees it."""

import numpy as np
import pytest
from prompts import END_OF_TURN, FRANCE

from executor.tensors import CPU, INPUTS, OUTPUTS, UNSUPPORTED_INPUTS
from triton_server import ids_of, shaped

REFUSED = [each for each in INPUTS if CPU not in each.honoured_by]
WIRE_NAME = {"STRING": "BYTES"}
ANYTHING_ELSE = {
    "BOOL": True,
    "INT32": 3,
    "INT64": 3,
    "UINT8": 3,
    "UINT64": 3,
    "FP16": 0.5,
    "FP32": 0.5,
    "STRING": b"json",
}


def on_the_wire(tensor):
    return tensor.name, WIRE_NAME.get(tensor.datatype, tensor.datatype), [-1, *tensor.dims]


def test_metadata_lists_every_tensor_of_the_table(client):
    metadata = client.metadata()
    seen = {(each.name, each.datatype, tuple(each.shape)) for each in [*metadata.inputs, *metadata.outputs]}
    expected = {(name, datatype, tuple(shape)) for name, datatype, shape in map(on_the_wire, [*INPUTS, *OUTPUTS])}
    assert seen == expected


def test_config_tells_a_front_end_the_limits_and_what_is_unsupported(client):
    parameters = {name: value.string_value for name, value in client.config().parameters.items()}
    assert parameters["max_seq_len"] == "4096"
    assert parameters["vocab_size"] == "49152"
    assert parameters["unsupported_inputs"].split(",") == list(UNSUPPORTED_INPUTS)
    assert client.config().model_transaction_policy.decoupled


def test_streaming_sends_deltas_and_one_final_message_with_data(client):
    responses = client.ask(FRANCE, 6, request_id="c-1", streaming=True)
    assert [response.is_final for response in responses] == [False] * (len(responses) - 1) + [True]
    assert len(ids_of(responses)) == 6
    assert responses[-1].ids
    assert responses[-1].finish_reason == "length"
    assert responses[0].number("num_input_tokens") == len(FRANCE)
    for response in responses:
        assert response.request_id == "c-1"
        assert response.array("output_ids").shape == (1, 1, response.number("sequence_length"))
    assert not any("num_input_tokens" in response.outputs for response in responses[1:])


def test_without_streaming_one_response_has_all(exact_client):
    streamed = ids_of(exact_client.ask(FRANCE, 8, streaming=True))
    [response] = exact_client.ask(FRANCE, 8)
    assert response.ids == streamed
    assert response.number("sequence_length") == 8
    assert response.number("num_input_tokens") == len(FRANCE)


def test_the_prompt_is_echoed_when_asked_for_and_never_in_a_stream(client):
    [response] = client.ask(FRANCE, 2, exclude_input_in_output=False)
    assert response.ids[: len(FRANCE)] == FRANCE
    assert response.number("sequence_length") == len(FRANCE) + 2
    assert len(ids_of(client.ask(FRANCE, 2, exclude_input_in_output=False, streaming=True))) == 2


def test_whether_the_prompt_is_echoed_by_default_is_a_parameter(one_at_a_time):
    with one_at_a_time.connect() as client:
        assert client.ask(FRANCE, 2)[0].ids[: len(FRANCE)] == FRANCE
        assert len(client.ask(FRANCE, 2, exclude_input_in_output=True)[0].ids) == 2


def test_the_end_id_is_left_out_and_its_final_may_be_empty(exact_client):
    ids = ids_of(exact_client.ask(FRANCE, 12))
    responses = exact_client.ask(FRANCE, 12, end_id=ids[5], streaming=True)
    assert ids_of(responses) == ids[: ids.index(ids[5])]
    assert responses[-1].finish_reason == "stop"
    assert responses[-1].array("output_ids").shape == (1, 1, len(responses[-1].ids))


def test_the_first_token_can_be_the_end(exact_client):
    first = ids_of(exact_client.ask(FRANCE, 1))[0]
    [response] = exact_client.ask(FRANCE, 4, end_id=first, streaming=True)
    assert response.ids == []
    assert response.number("num_input_tokens") == len(FRANCE)
    assert response.finish_reason == "stop"


def test_stop_words_end_it_and_stay(exact_client):
    ids = ids_of(exact_client.ask(FRANCE, 8))
    words = np.array([[END_OF_TURN, ids[2], ids[3]], [1, 3, -1]], np.int32)
    [response] = exact_client.ask(FRANCE, 8, stop_words_list=words)
    assert response.ids == ids[:4]
    assert response.finish_reason == "stop"


def test_empty_stop_words_are_none(client):
    [response] = client.ask(FRANCE, 2, stop_words_list=np.empty((2, 0), np.int32))
    assert response.finish_reason == "length"


def test_faulty_stop_words_are_refused_in_the_words_of_tensorrt_llm(client):
    [response] = client.ask(FRANCE, 2, stop_words_list=np.array([[5, 6], [2, 1]], np.int32))
    assert response.error.endswith("Sparse list must not have non-increasing offsets: 5 6 2 1")


def test_more_tokens_than_fit_are_cut_to_what_fits(exact_client):
    prompt = (FRANCE * 40)[:250]
    [response] = exact_client.ask(prompt, 1000)
    assert len(response.ids) == 256 - 250
    assert response.finish_reason == "length"


def test_a_prompt_that_is_too_long_is_refused_in_the_words_of_tensorrt_llm(exact_client):
    [response] = exact_client.ask((FRANCE * 40)[:256], 1)
    assert "Executor failed process requestId " in response.error
    assert "Prompt length (256) exceeds maximum input length (255). Set log level to info and" in response.error


def test_padding_behind_input_lengths_is_not_read(exact_client):
    ids = ids_of(exact_client.ask(FRANCE, 4))
    assert ids_of(exact_client.ask([*FRANCE, 7, 7, 7], 4, input_lengths=len(FRANCE))) == ids


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"input_lengths": 99}, "input_lengths: 99 (expected: 1 to 1, the width of input_ids)"),
        ({"input_lengths": 0}, "input_lengths: 0 (expected: 1 to 1, the width of input_ids)"),
        ({"input_ids": [49152]}, "input_ids: 49152 (expected: 0 to 49151)"),
        ({"input_ids": [-1]}, "input_ids: -1 (expected: 0 to 49151)"),
        ({"request_output_len": 0}, "request_output_len: 0 (expected: >= 1)"),
        ({"end_id": 49152}, "end_id: 49152 (expected: -1 to 49151)"),
        ({"temperature": -1.0}, "temperature: -1 (expected: 0 to 3.4e+38)"),
        ({"temperature": float("nan")}, "temperature: nan (expected: 0 to 3.4e+38)"),
        ({"runtime_top_k": 1025}, "runtime_top_k: 1025 (expected: 0 to 1024)"),
        ({"runtime_top_p": 1.5}, "runtime_top_p: 1.5 (expected: -3.4e+38 to 1)"),
        ({"repetition_penalty": 0.0}, "repetition_penalty: 0 (expected: > 0)"),
        ({"min_p": 2.0}, "min_p: 2 (expected: 0 to 1)"),
        ({"min_tokens": -1}, "min_tokens: -1 (expected: >= 0)"),
        ({"embedding_bias": [1.0]}, "Expected last dimension to be same as vocab size: 49152."),
    ],
)
def test_values_out_of_range_are_refused_by_name(client, values, error):
    [response] = client.ask([1], 1, **values)
    assert error in response.error


@pytest.mark.parametrize("tensor", REFUSED, ids=lambda tensor: tensor.name)
def test_what_is_not_built_is_refused_by_name(client, tensor):
    value = ANYTHING_ELSE[tensor.datatype]
    if not tensor.is_scalar:
        value = np.full([abs(size) for size in tensor.dims], value)
    [response] = client.ask(FRANCE, 1, **{tensor.name: value})
    assert f"{tensor.name}: this engine does not support it" in response.error


def test_what_is_not_built_may_be_sent_with_its_default(client):
    defaults = {each.name: each.default for each in REFUSED if each.is_scalar}
    empty = {each.name: np.empty([max(size, 0) for size in each.dims]) for each in REFUSED if not each.is_scalar}
    [response] = client.ask(FRANCE, 1, **defaults, **empty)
    assert response.finish_reason == "length"


def test_only_whole_requests_are_possible(client):
    [response] = client.ask(FRANCE, 1, parameters={"request_type": "context_only"})
    assert "request_type: context_only (expected: context_and_generation)" in response.error


def test_token_counts_when_asked_for(client):
    responses = client.ask(FRANCE, 3, streaming=True, return_num_input_tokens=True, return_num_output_tokens=True)
    assert {response.number("num_input_tokens") for response in responses} == {len(FRANCE)}
    assert [response.number("num_output_tokens") for response in responses] == [len(each.ids) for each in responses]


def test_only_listed_outputs_are_sent(client):
    [response] = client.ask(FRANCE, 1, outputs=["output_ids", "sequence_length"])
    assert sorted(response.outputs) == ["output_ids", "sequence_length"]


def test_listed_outputs_that_are_not_produced_are_skipped(client):
    [response] = client.ask(FRANCE, 1, outputs=["output_ids", "sequence_length", "cum_log_probs"])
    assert sorted(response.outputs) == ["output_ids", "sequence_length"]


@pytest.mark.parametrize("listed", [["output_ids"], ["sequence_length"]])
def test_a_list_of_outputs_must_have_the_two_that_are_always_sent(client, listed):
    [response] = client.ask(FRANCE, 1, outputs=listed)
    assert "tensor must be present in list of output tensors" in response.error


def test_a_batch_of_two_in_one_request_is_refused(client):
    two = {name: np.repeat(shaped(name, 1), 2, axis=0) for name in ("input_lengths", "request_output_len")}
    client.send(input_ids=np.ones((2, 1), np.int32), **two)
    assert "batch-size must be <= 1" in client.next().error


def test_a_missing_required_tensor_is_named(client):
    client.send(
        input_ids=np.ones((1, 1), np.int32), input_lengths=shaped("input_lengths", 1), end_id=shaped("end_id", 2)
    )
    assert "request_output_len: absent (expected: present)" in client.next().error


def test_an_unknown_tensor_is_refused(client):
    client.send(no_such_tensor=np.ones((1, 1), np.int32), request_output_len=shaped("request_output_len", 1))
    assert "no_such_tensor" in client.next().error


def test_an_error_leaves_the_stream_open(client):
    client.ask([1], 1, temperature=-1.0)
    assert client.ask(FRANCE, 1)[-1].finish_reason == "length"
