"""Checkpoints for the fake `tensorrt_llm`: a config.json, and the `model.yaml` of our engine beside it."""

import json

import yaml

from executor.settings import Settings

VOCAB_SIZE = 64


def lay_model(folder, vocab_size=VOCAB_SIZE, step_seconds=0, **keys):
    """Answers the folder, as text."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps({"vocab_size": vocab_size, "fake_step_seconds": step_seconds}))
    (folder / "model.yaml").write_text(yaml.safe_dump(keys, sort_keys=False))
    return str(folder)


def settings(folder, **rest):
    small = {"max_batch_size": 4, "max_seq_len": 256, "vocab_size": VOCAB_SIZE, "stats_check_period_ms": 1}
    return Settings(**{"engine": "tensorrt_llm", "model_path": folder, **small, **rest})
