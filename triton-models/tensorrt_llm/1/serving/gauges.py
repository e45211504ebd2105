"""The `nv_trt_llm_*` gauges of TensorRT-LLM, fed from an engine's statistics."""

import os
import time
from pathlib import Path

import triton_python_backend_utils as pb_utils


def request_values(stats):
    return {
        "active": stats.active,
        "max": stats.max,
        "scheduled": stats.scheduled,
        "context": stats.context,
        "waiting": stats.waiting,
    }


def kv_cache_values(stats):
    """A block is one token here, used once it is promised; what is kept for later requests counts as free."""
    return {
        "max": stats.kv_max,
        "free": stats.kv_max - stats.kv_used,
        "used": stats.kv_used,
        "reused": stats.kv_reused,
        "tokens_per": 1,
        "fraction": stats.kv_used / stats.kv_max if stats.kv_max else 0,
    }


def batcher_values(stats):
    return {
        "total_context_tokens": stats.context_tokens,
        "generation_requests": stats.generation,
        "micro_batch_id": 0,
        "paused_requests": stats.paused,
    }


def memory_values(stats):
    """In bytes: what this process has in memory, and what the engine says of a device."""
    resident = _resident_pages() * os.sysconf("SC_PAGE_SIZE")
    return {"cpu": resident, "gpu": stats.gpu_memory, "pinned": stats.pinned_memory}


def _resident_pages():
    return int(Path("/proc/self/statm").read_text().split()[1])


def general_values(stats):
    return {"timestamp": time.time(), "iteration_counter": stats.iteration}


FAMILIES = (
    ("nv_trt_llm_request_metrics", "request_type", request_values),
    ("nv_trt_llm_runtime_memory_metrics", "memory_type", memory_values),
    ("nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", kv_cache_values),
    ("nv_trt_llm_inflight_batcher_metrics", "inflight_batcher_specific_metric", batcher_values),
    ("nv_trt_llm_general_metrics", "general_type", general_values),
)


class Gauges:
    """Publishes statistics; a gauge is only touched when its value changed. Used by one thread at a time."""

    def __init__(self, model, version):
        self._labels = {"model": model, "version": version}
        self._gauges = {}
        self._published = {}
        self._families = [
            (pb_utils.MetricFamily(name=name, description=f"TRT LLM {label}", kind=pb_utils.MetricFamily.GAUGE), *rest)
            for name, label, *rest in ((name, label, label, values) for name, label, values in FAMILIES)
        ]

    def publish(self, stats):
        for family, label, values in self._families:
            for kind, value in values(stats).items():
                self._set(family, label, kind, value)

    def _set(self, family, label, kind, value):
        if self._published.get((label, kind)) == value:
            return
        gauge = self._gauges.get((label, kind))
        if gauge is None:
            gauge = self._gauges[label, kind] = family.Metric(labels={**self._labels, label: kind})
        gauge.set(value)
        self._published[label, kind] = value
