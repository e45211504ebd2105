"""What an engine that `trtllm-build` made says of itself in its `config.json`."""

import json
from pathlib import Path

DATATYPES = {"float16": "TYPE_FP16", "bfloat16": "TYPE_BF16", "float32": "TYPE_FP32"}


class UnreadableEngine(Exception):
    """A config.json that is there and is not an engine's."""


def values_of(folder):
    """The placeholders that the engine answers itself; none if there is no such file, as on another machine."""
    file = Path(folder) / "config.json"
    if not file.is_file():
        return {}
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        build, model = content["build_config"], content["pretrained_config"]
        values = {
            "triton_max_batch_size": build["max_batch_size"],
            "max_seq_len": build["max_seq_len"],
            "vocab_size": model["vocab_size"],
            "model_datatype": DATATYPES.get(model["dtype"]),
            "logits_datatype": DATATYPES.get(model.get("logits_dtype")),
        }
    except (ValueError, KeyError, TypeError) as fault:
        raise UnreadableEngine(f"engine_dir: {file} is not the config.json of an engine ({fault!r})") from fault
    return {name: str(value) for name, value in values.items() if value is not None}
