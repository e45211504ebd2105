"""Requests in the bytes of a subscriber: what is read, and what is refused."""

import numpy as np
import pytest

from executor.errors import RequestError
from serving.submissions import read_submission
from subscriber import packed


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
