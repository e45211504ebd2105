"""What TensorRT-LLM's samplers do, by the name and the version of each: the others' parameters they ignore in silence.

Until 1.3 its PyTorch backend has two. `TRTLLMSampler` is that of the C++ runtime; it gives the log-probability of the
chosen token alone. `TorchSampler`, the default there, knows temperature, top-k, top-p and little else. With 1.3 it has
learnt the rest, and the other one is gone. 1.0 has another name for the choice than 1.1 and 1.2. docs/gpu-first-run.md
has the sources of this.
"""

from executor.settings import InvalidSettings

TRTLLM, TORCH = "TRTLLMSampler", "TorchSampler"
SAMPLER_TYPE_FROM, ONLY_TORCH_FROM = (1, 1), (1, 3)
TOP_P_DECAY = ("runtime_top_p_min", "runtime_top_p_decay", "runtime_top_p_reset_ids")
PENALTIES = ("repetition_penalty", "presence_penalty", "frequency_penalty")


def choose_sampler(wanted, version):
    """The sampler of a `model.yaml` that names one, or "auto"; `version` is TensorRT-LLM's, as two numbers."""
    if wanted == "auto":
        return TORCH if version >= ONLY_TORCH_FROM else TRTLLM
    if wanted == TRTLLM and version >= ONLY_TORCH_FROM:
        raise InvalidSettings(f"model.yaml: sampler: {wanted} (expected: {TORCH}, TensorRT-LLM 1.3 has no other)")
    return wanted


def ignored_by(sampler, version):
    """The inputs that a sampler would ignore, and that we refuse therefore."""
    if sampler == TRTLLM:
        return ("num_logprobs",)
    if version >= ONLY_TORCH_FROM:
        return TOP_P_DECAY
    return (*TOP_P_DECAY, *PENALTIES, "seed", "bad_words_list", "no_repeat_ngram_size", "min_p")


def options_of(sampler, version):
    """The arguments of `LLM` that choose it."""
    if version >= ONLY_TORCH_FROM:
        return {}
    return {"sampler_type": sampler} if version >= SAMPLER_TYPE_FROM else {"enable_trtllm_sampler": sampler == TRTLLM}
