"""Generation requests as a subscriber sends them: header and tensors in one piece of bytes (docs/adr/0008).

What Triton checks on the tensors of a request of its own, nobody has checked on these, so this does it, in its words.
"""

import json
import struct
from dataclasses import dataclass
from math import prod

import numpy as np

from executor import errors
from executor.errors import RequestError
from executor.tensors import NUMPY_TYPES, REQUEST_INPUTS

LENGTH = struct.Struct("<I")
INPUTS = {tensor.name: tensor for tensor in REQUEST_INPUTS}
WIRE_NAMES = {"STRING": "BYTES"}
HANDLES = range(2**63)


@dataclass(frozen=True)
class Submission:
    """One request by its handle, its tensors not yet looked at."""

    handle: int
    inputs: list
    contents: memoryview

    def arrays(self):
        """Name -> array as the per-request way has them; raises `RequestError`."""
        arrays, offset = {}, 0
        for entry in self.inputs:
            name, array, size = _array(entry, self.contents[offset:])
            if name in arrays:
                raise _invalid(f"input '{name}' already exists in request")
            arrays[name] = array
            offset += size
        if offset != len(self.contents):
            raise _invalid(
                f"submissions: {len(self.contents)} bytes of tensors (expected: {offset}, as the header says)"
            )
        return arrays


def read_submission(number, data):
    """Reads the header; raises `RequestError` when it does not even say whose request this is."""
    name = f"submissions[{number}]"
    if len(data) < LENGTH.size:
        raise errors.invalid(name, f"{len(data)} bytes", "the length of a header, a header, tensors")
    [length] = LENGTH.unpack_from(data)
    if length > len(data) - LENGTH.size:
        raise errors.invalid(name, f"a header of {length} bytes", f"at most {len(data) - LENGTH.size}")
    header = _header(name, data[LENGTH.size : LENGTH.size + length])
    return Submission(header["handle"], header["inputs"], memoryview(data)[LENGTH.size + length :])


def _header(name, text):
    try:
        header = json.loads(text)
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict) or set(header) != {"handle", "inputs"} or not isinstance(header["inputs"], list):
        raise errors.invalid(name, "its header", 'a JSON object {"handle": ..., "inputs": [...]}')
    if type(header["handle"]) is not int or header["handle"] not in HANDLES:
        raise errors.invalid(name, "its handle", f"0 to {HANDLES[-1]}")
    return header


def _array(entry, contents):
    """Name, array and number of bytes of one tensor, which is in front of `contents`."""
    try:
        name, datatype, shape = entry
        tensor = INPUTS.get(name)
        shape_is_known = all(type(size) is int and size >= 0 for size in shape)
    except (TypeError, ValueError):
        shape_is_known = False
    if not shape_is_known:
        raise _invalid("submissions: a tensor of the header (expected: [name, type, shape])")
    if tensor is None:
        raise _invalid(f"unexpected inference input '{name}'")
    expected = WIRE_NAMES.get(tensor.datatype, tensor.datatype)
    if datatype != expected:
        raise _invalid(f"inference input '{name}' data-type is '{datatype}', but the model expects '{expected}'")
    _check_shape(tensor, shape)
    return name, *_contents(tensor, shape, contents)


def _check_shape(tensor, shape):
    if not shape or shape[0] != 1:
        raise _invalid("inference request batch-size must be <= 1")
    expected = [-1, *tensor.dims]
    if len(shape) != len(expected) or any(dim not in (-1, size) for dim, size in zip(expected, shape, strict=True)):
        raise _invalid(f"unexpected shape for input '{tensor.name}'. Expected {_text(expected)}, got {_text(shape)}")


def _contents(tensor, shape, contents):
    if tensor.datatype == "STRING":
        return _text_array(tensor, contents)
    kind = np.dtype(NUMPY_TYPES[tensor.datatype])
    size = prod(shape) * kind.itemsize
    if size > len(contents):
        raise _wrong_size(tensor, size, len(contents))
    return np.frombuffer(contents, kind, prod(shape)).reshape(shape), size


def _text_array(tensor, contents):
    """All texts of the contract are single ones."""
    size = LENGTH.size + (LENGTH.unpack_from(contents)[0] if len(contents) >= LENGTH.size else 0)
    if size > len(contents):
        raise _wrong_size(tensor, size, len(contents))
    return np.array([[bytes(contents[LENGTH.size : size])]], np.object_), size


def _wrong_size(tensor, size, got):
    return _invalid(f"input byte size mismatch for input '{tensor.name}'. Expected {size}, got {got}")


def _text(shape):
    return "[" + ",".join(map(str, shape)) + "]"


def _invalid(text):
    return RequestError(text, invalid=True)
