"""The configuration of NVIDIA's C++ backend: template, filler and engine build."""

import json
import re
import shlex
import subprocess

import pytest

import build_engine
from executor.tensors import INPUTS, OUTPUTS
from fill_config import TEMPLATE, Unfillable, fill
from layout import ROOM
from placeholders import PLACEHOLDERS

TEXT = TEMPLATE.read_text()
DATA = ROOM / "tests" / "data"
ENOUGH = {
    "engine_dir": "/engines/smollm2",
    "triton_max_batch_size": "64",
    "max_seq_len": "4096",
    "vocab_size": "49152",
}
# Where the backend's tensors are others than those of our own model, and why: the template's head says it.
IGNORED_OR_MISREAD = {"runtime_top_p_min", "early_stopping"}
READ_THOUGH_NOT_NVIDIAS = {"no_repeat_ngram_size"}
FORMER_NAMES = {"random_seed": "seed", "min_length": "min_tokens"}


def tensors(kind, text):
    """Each tensor's line by its name."""
    lines = re.findall(rf'^{kind} \[ \{{ (name: "(\w+)" .*) \}} \]$', text, re.MULTILINE)
    return {name: line for line, name in lines}


def line_of(tensor, name=None):
    shape = ", ".join(map(str, tensor.dims))
    line = f'name: "{name or tensor.name}" data_type: TYPE_{tensor.datatype} dims: [ {shape} ]'
    line += " reshape: { shape: [ ] }" if getattr(tensor, "reshape", False) else ""
    line += "" if getattr(tensor, "required", True) else " optional: true"
    return line + (" allow_ragged_batch: true" if -1 in tensor.dims and hasattr(tensor, "required") else "")


def parameters(text):
    return dict(re.findall(r'^parameters \{ key: "(\w+)" value \{ string_value: "([^"]*)" \} \}$', text, re.MULTILINE))


def told(**changes):
    return fill(TEXT, {**ENOUGH, **changes})


def faults(**values):
    with pytest.raises(Unfillable) as raised:
        fill(TEXT, values)
    return str(raised.value).splitlines()


@pytest.fixture
def engine(tmp_path):
    """A folder as trtllm-build leaves it."""
    config = {
        "build_config": {"max_batch_size": 128, "max_seq_len": 8192},
        "pretrained_config": {"vocab_size": 128256, "dtype": "bfloat16", "logits_dtype": "float32"},
    }
    (tmp_path / "config.json").write_text(json.dumps(config))
    return tmp_path


class TestTemplate:
    @pytest.mark.parametrize("names", ["new", "old"])
    def test_inputs_are_those_of_the_table_but_for_the_ones_that_are_told(self, names):
        former = {name: old for old, name in FORMER_NAMES.items()} if names == "old" else {}
        declared = tensors("input", told(tensor_names=names))
        ours = {each.name for each in INPUTS if each.additive} - READ_THOUGH_NOT_NVIDIAS
        expected = [each for each in INPUTS if each.name not in IGNORED_OR_MISREAD | ours]
        renamed = [former.get(each.name, each.name) for each in expected]
        assert declared == {name: line_of(each, name) for name, each in zip(renamed, expected, strict=True)}

    def test_outputs_are_those_of_the_table_but_for_the_additive_ones(self):
        expected = [each for each in OUTPUTS if not each.additive]
        assert tensors("output", told()) == {each.name: line_of(each) for each in expected}

    def test_what_every_model_needs_is_fixed(self):
        fixed = parameters(told())
        assert fixed["exclude_input_in_output"] == "true"
        assert fixed["normalize_log_probs"] == "false"
        assert fixed["gpt_model_type"] == "inflight_fused_batching"
        assert fixed["min_tokens_bans"] == "end_id"
        assert "model_transaction_policy { decoupled: true }" in told()

    def test_front_ends_are_told_the_limits(self):
        exported = parameters(told())
        assert (exported["max_seq_len"], exported["vocab_size"]) == ("4096", "49152")

    @pytest.mark.parametrize("names", ["new", "old"])
    def test_the_filled_files_that_java_tests_read_are_up_to_date(self, names):
        assert (DATA / f"nvidia-{names}-names.pbtxt").read_text() == told(tensor_names=names)


class TestFiller:
    def test_nothing_is_left_to_fill(self):
        assert "$" not in told()

    def test_what_is_optional_and_absent_has_no_line(self):
        assert "gpu_device_ids" not in parameters(told())
        assert parameters(told(gpu_device_ids="0,1;2,3"))["gpu_device_ids"] == "0,1;2,3"

    def test_guides_are_on_with_both_of_their_parameters(self):
        guided = parameters(told(guided_decoding_backend="xgrammar", xgrammar_tokenizer_info_path="/x.json"))
        assert guided["guided_decoding_backend"] == "xgrammar"
        assert "guided_decoding_backend" not in parameters(told())

    def test_all_faults_are_told_at_once(self):
        assert faults(
            engine_dir="engines",
            max_seq_len="many",
            colour="red",
            max_queue_size="-1",
            kv_cache_free_gpu_mem_fraction="1.5",
            tensor_names="newest",
            lora_prefetch_dir='/a"b',
            guided_decoding_backend="xgrammar",
        ) == [
            "colour: unknown placeholder",
            "engine_dir: engines (expected: an absolute path)",
            "max_seq_len: many (expected: a whole number, 2 or more)",
            "max_queue_size: -1 (expected: a whole number, 0 or more)",
            "kv_cache_free_gpu_mem_fraction: 1.5 (expected: above 0, at most 1)",
            "tensor_names: newest (expected: new or old)",
            "lora_prefetch_dir: quotes, backslashes, $ and control characters are not possible",
            "xgrammar_tokenizer_info_path: not filled (expected: together with guided_decoding_backend)",
            "triton_max_batch_size: not filled (expected: a whole number, 1 or more)",
            "vocab_size: not filled (expected: a whole number, 1 or more)",
        ]

    def test_a_placeholder_that_nobody_knows_is_named(self):
        with pytest.raises(Unfillable, match="^colour: in the template, but no known placeholder$"):
            fill('name: "${colour}"', ENOUGH)

    def test_every_placeholder_of_the_table_stands_in_the_template(self):
        assert [each.name for each in PLACEHOLDERS if "${%s}" % each.name not in TEXT] == ["tensor_names"]

    def test_the_engine_answers_for_itself(self, engine):
        filled = fill(TEXT, {"engine_dir": str(engine)})
        assert parameters(filled)["max_seq_len"] == "8192"
        assert parameters(filled)["vocab_size"] == "128256"
        assert "max_batch_size: 128 " in filled
        assert "TYPE_BF16" in tensors("input", filled)["prompt_embedding_table"]

    def test_less_than_the_engine_was_built_for_may_be_told(self, engine):
        assert parameters(fill(TEXT, {"engine_dir": str(engine), "max_seq_len": "4096"}))["max_seq_len"] == "4096"

    def test_what_the_engine_was_not_built_for_is_refused(self, engine):
        assert faults(engine_dir=str(engine), max_seq_len="8193", vocab_size="128000") == [
            "max_seq_len: 8193 (expected: at most the engine's 8192)",
            "vocab_size: 128000 (expected: the engine's 128256)",
        ]

    def test_a_folder_that_is_no_engine_is_named(self, tmp_path):
        (tmp_path / "config.json").write_text('{"model_type": "llama"}')
        assert "is not the config.json of an engine (KeyError('build_config'))" in faults(engine_dir=str(tmp_path))[0]


class TestFillConfigCommand:
    def run(self, *arguments):
        command = [ROOM / "bin" / "fill-config", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_it_lays_a_model_that_triton_can_load(self, tmp_path):
        answer = self.run(tmp_path, *(f"{name}={value}" for name, value in ENOUGH.items()))
        assert answer.returncode == 0, answer.stderr
        assert (tmp_path / "tensorrt_llm" / "config.pbtxt").read_text() == told()
        assert (tmp_path / "tensorrt_llm" / "1").is_dir()

    def test_it_writes_nothing_if_anything_is_wrong(self, tmp_path):
        answer = self.run(tmp_path / "repository", "max_seq_len=8", "max_seq_len=9")
        assert answer.returncode == 1
        assert answer.stderr.splitlines() == ["fill-config: nothing was written:", "max_seq_len: told twice"]
        assert not (tmp_path / "repository").exists()

    def test_it_lists_the_placeholders(self):
        assert "  vocab_size: a whole number, 1 or more (required)" in self.run("--help").stdout


class TestBuildEngine:
    @pytest.fixture
    def model(self, tmp_path):
        def make(model_type="llama"):
            (tmp_path / "config.json").write_text(json.dumps({"model_type": model_type}))
            return tmp_path

        return make

    def lines(self, capsys, model, *arguments):
        build_engine.main([str(model), "/out", "--dry-run", *arguments])
        return [line for line in capsys.readouterr().out.splitlines() if not line.startswith("# then")]

    def test_a_checkpoint_is_converted_built_and_configured(self, capsys, model):
        convert, build, configure, serve = self.lines(capsys, model("qwen3"))
        assert convert == (
            f"python3 /app/examples/models/core/qwen/convert_checkpoint.py --model_dir {model('qwen3')} "
            "--output_dir /out/checkpoint --dtype auto --tp_size 1 --pp_size 1"
        )
        assert build == (
            "trtllm-build --checkpoint_dir /out/checkpoint --output_dir /out/engine --gemm_plugin auto "
            "--max_batch_size 256 --max_num_tokens 8192 --max_seq_len 8192 --max_input_len 8191 --max_beam_width 1 "
            "--kv_cache_type paged --remove_input_padding enable --use_paged_context_fmha enable --workers 1"
        )
        assert shlex.split(configure)[1:] == ["/out/repository", "engine_dir=/out/engine"]
        assert serve == "# tritonserver --model-repository=/out/repository --disable-auto-complete-config"

    def test_it_is_quantized_instead(self, capsys, model):
        quantize, *_ = self.lines(capsys, model("gemma2"), "--quantization=fp8", "--kv-cache-dtype=fp8", "--tp-size=2")
        assert quantize == (
            f"python3 /app/examples/quantization/quantize.py --model_dir {model('gemma2')} "
            "--output_dir /out/checkpoint --dtype auto --tp_size 2 --pp_size 1 --qformat fp8 --kv_cache_dtype fp8 "
            "--calib_size 512"
        )

    def test_one_that_is_converted_already_is_only_built(self, capsys, model):
        build, *_ = self.lines(capsys, model("mamba"), "--checkpoint", "/converted")
        assert build.startswith("trtllm-build --checkpoint_dir /converted ")

    def test_adapters_and_guides_need_more(self, capsys, model):
        options = ["--max-lora-rank=16", "--lora-target-modules", "attn_q", "attn_v", "--guided-decoding"]
        _, build, table, configure, _ = self.lines(capsys, model(), *options)
        assert build.endswith(" --lora_plugin auto --max_lora_rank 16 --lora_target_modules attn_q attn_v")
        assert table.endswith(f"--model_dir {model()} --output_dir /out/xgrammar")
        assert "xgrammar_tokenizer_info_path=/out/xgrammar/xgrammar_tokenizer_info.json" in configure

    def test_several_gpus_are_several_servers_of_which_one_answers(self, capsys, model):
        serve = self.lines(capsys, model(), "--tp-size=2")[-1]
        assert serve.startswith("# mpirun --allow-run-as-root -n 1 tritonserver ")
        first, second = serve.split(" : ")
        assert "--allow-grpc=false" not in first
        assert "--allow-grpc=false" in second

    def test_all_faults_are_told_at_once(self, capsys, model):
        with pytest.raises(SystemExit) as told:
            self.lines(capsys, model("gemma2"), "--tp-size=0", "--kv-cache-dtype=fp8", "--lora-target-modules", "q")
        first, *others = str(told.value).splitlines()
        assert first == "build-engine: nothing was run:"
        assert others[0].startswith("model_type: gemma2 (expected: one of llama, ")
        assert others[1:] == [
            "--tp-size: 0 (expected: 1 or more)",
            "--lora-target-modules: without --max-lora-rank (expected: both or neither)",
            "--kv-cache-dtype: fp8 (expected: auto, unless --quantization is told)",
        ]

    def test_a_folder_without_a_model_is_named(self, capsys, tmp_path):
        with pytest.raises(SystemExit, match=r"config\.json cannot be read"):
            self.lines(capsys, tmp_path)

    def test_a_step_that_fails_is_the_last(self, capfd, model, tmp_path, monkeypatch):
        monkeypatch.setenv("PATH", "/nonexistent")
        script = tmp_path / "bin" / "trtllm-build"
        script.parent.mkdir()
        script.write_text("#!/bin/sh\nexit 3\n")
        script.chmod(0o755)
        monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")
        with pytest.raises(SystemExit, match="trtllm-build ended with 3"):
            build_engine.main([str(model()), str(tmp_path / "out"), "--checkpoint", "/converted"])
        assert len(capfd.readouterr().out.splitlines()) == 1
