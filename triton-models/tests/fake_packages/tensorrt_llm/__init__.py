"""A stand-in for NVIDIA's package of this name, written by hand after its sources (docs/gpu-first-run.md names them).

What is here has the names, the parameters and the defaults that are there; `bin/compare-fake` says whether it is so. It
generates by the rule in `model.py`, honours abort, and refuses what TensorRT-LLM would refuse.
"""

from .llmapi import LLM, SamplingParams
from .version import __version__

__all__ = ["LLM", "SamplingParams", "__version__"]
