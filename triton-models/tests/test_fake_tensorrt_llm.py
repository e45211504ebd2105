"""The fake `tensorrt_llm` does what the engine's tests take for granted, and what the real one does (see its docs)."""

import asyncio
import shutil
import subprocess
import sys

import pytest
from tensorrt_llm.executor import LoRARequest
from tensorrt_llm.llmapi import LLM, GuidedDecodingParams, RequestError, SamplingParams
from tensorrt_llm.lora_manager import LoraConfig

from layout import ROOM
from trtllm_models import VOCAB_SIZE, lay_model

LAST = VOCAB_SIZE - 1


@pytest.fixture
def load(tmp_path):
    """Loads models, which are shut down at the end."""
    loaded = []

    def load(step_seconds=0, **arguments):
        folder = lay_model(tmp_path, step_seconds=step_seconds)
        loaded.append(LLM(folder, **{"max_batch_size": 4, "enable_chunked_prefill": True, **arguments}))
        return loaded[-1]

    yield load
    for llm in loaded:
        llm.shutdown()


def ask(llm, *prompt, **rest):
    """The result of one request, and the ids that it had after each step."""
    calls = {name: rest.pop(name) for name in ("streaming", "lora_request") if name in rest}

    async def run():
        params = SamplingParams(**{"end_id": -1, "max_tokens": 4, **rest})
        result = llm.generate_async({"prompt_token_ids": list(prompt)}, params, **calls)
        steps = [list(each.outputs[0].token_ids) async for each in result]
        return result, steps

    return asyncio.run(run())


def test_it_counts_and_tells_of_ever_longer_lists(load):
    result, steps = ask(load(), 5, streaming=True)
    assert steps == [[6], [6, 7], [6, 7, 8], [6, 7, 8, 9]]
    assert result.finished
    assert result.outputs[0].finish_reason == "length"


def test_without_streaming_there_is_one_step(load):
    assert ask(load(), 5)[1] == [[6, 7, 8, 9]]


def test_the_stream_interval_is_in_tokens(load):
    assert ask(load(stream_interval=3), 5, streaming=True)[1] == [[6, 7, 8], [6, 7, 8, 9]]


def test_the_end_id_stays_as_the_pytorch_backend_leaves_it(load):
    result, _ = ask(load(), 5, end_id=7)
    assert (result.outputs[0].token_ids, result.outputs[0].finish_reason) == ([6, 7], "stop")


def test_a_stop_token_ends_it(load):
    assert ask(load(), 5, stop_token_ids=[8])[1] == [[6, 7, 8]]


def test_banned_words_do_not_come(load):
    params = {"bad_token_ids": [6], "top_k": 1}
    assert ask(load(), 5, **params)[1] == [[7, 8, 9, 10]]


def test_a_missing_end_id_asks_for_the_tokenizer_that_is_not_there(load):
    with pytest.raises(ValueError, match="tokenizer is required"):
        ask(load(), 5, end_id=None)


def test_an_abort_ends_it_as_cancelled(load):
    async def run(llm):
        result = llm.generate_async({"prompt_token_ids": [5]}, SamplingParams(end_id=-1, max_tokens=10**6))
        result.abort()
        async for _ in result:
            pass
        return result

    assert asyncio.run(run(load())).outputs[0].finish_reason == "cancelled"


def test_errors_are_those_of_their_request(load):
    llm = load()
    with pytest.raises(RequestError, match="the last token"):
        ask(llm, LAST)
    with pytest.raises(RequestError, match="GuidedDecoder is not setup"):
        ask(llm, 5, guided_decoding=GuidedDecodingParams(regex="1"))
    assert ask(llm, 5)[0].finished


def test_one_guide_at_a_time_and_several_greedy_answers_are_refused_like_there():
    with pytest.raises(ValueError, match="Only one guide"):
        SamplingParams(guided_decoding=GuidedDecodingParams(regex="1", grammar="2"))
    with pytest.raises(ValueError, match="Greedy decoding"):
        SamplingParams(n=2)


@pytest.mark.parametrize(("sampler", "known"), [("TRTLLMSampler", [1] * 4), ("TorchSampler", [2] * 4)])
def test_log_probabilities_are_those_of_the_sampler(load, sampler, known):
    result, _ = ask(load(sampler_type=sampler), 5, logprobs=2)
    assert [len(row) for row in result.outputs[0].logprobs] == known
    assert all(token in row for token, row in zip([6, 7, 8, 9], result.outputs[0].logprobs, strict=True))


def test_an_adapter_counts_differently_and_only_where_there_may_be_some(load, tmp_path):
    request = LoRARequest("two", 2, str(tmp_path))
    assert ask(load(lora_config=LoraConfig()), 5, lora_request=request)[1] == [[8, 11, 14, 17]]
    assert ask(load(), 5, lora_request=request)[1] == [[6, 7, 8, 9]]
    with pytest.raises(ValueError, match="does not exist"):
        LoRARequest("gone", 3, "/none")


def test_a_prompt_that_was_there_is_cached_unless_that_is_off(load):
    llm = load()
    assert [ask(llm, 5, 6)[0].cached_tokens for _ in range(2)] == [0, 1]


def test_unknown_arguments_and_values_are_refused(load):
    with pytest.raises(ValueError, match="got invalid argument: colour"):
        load(colour="red")
    with pytest.raises(ValueError, match="stream_interval must be positive"):
        load(stream_interval=0)


def test_statistics_come_while_it_works_and_end_when_none_do(load):
    async def run(llm):
        assert [each async for each in llm.get_stats_async(0.01)] == []
        await llm.generate_async({"prompt_token_ids": [5]}, SamplingParams(end_id=-1)).__anext__()
        return [each async for each in llm.get_stats_async(0.01)]

    seen = asyncio.run(run(load(enable_iter_perf_stats=True)))
    assert [each["iter"] for each in seen] == list(range(1, len(seen) + 1))
    assert seen[0]["inflightBatchingStats"]["numScheduledRequests"] == 1


def test_after_a_shutdown_nothing_is_taken(load):
    llm = load()
    llm.shutdown()
    with pytest.raises(RuntimeError, match="shutting down"):
        ask(llm, 5)


class TestComparison:
    """`bin/compare-fake`, with packages that stand in for an installation."""

    def compare(self, *packages):
        command = [sys.executable, "-B", ROOM / "launcher" / "compare_fake.py", *map(str, packages)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    def test_where_nothing_is_installed_it_says_that_nothing_was_compared(self):
        outcome = self.compare()
        assert outcome.returncode == 2
        assert "tensorrt_llm is not installed here: nothing was compared" in outcome.stderr

    def test_the_fake_is_like_itself(self):
        outcome = self.compare(ROOM / "tests" / "fake_packages")
        assert outcome.returncode == 0, outcome.stderr
        assert "tensorrt_llm 1.2.1: " in outcome.stdout
        assert "as the fake has it" in outcome.stdout

    def test_what_differs_or_is_not_there_is_named(self, tmp_path):
        shutil.copytree(ROOM / "tests" / "fake_packages", tmp_path, dirs_exist_ok=True)
        source = tmp_path / "tensorrt_llm" / "sampling_params.py"
        changed = source.read_text().replace("seed: int | None = None", "seed: int | None = 7")
        source.write_text(changed.replace("    min_tokens: int | None = None\n", ""))
        outcome = self.compare(tmp_path)
        assert outcome.returncode == 1
        assert outcome.stdout.splitlines() == [
            "SamplingParams.seed: None (tensorrt_llm 1.2.1: 7)",
            "SamplingParams.min_tokens: None (tensorrt_llm 1.2.1: not there)",
        ]
