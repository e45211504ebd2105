"""From a Hugging Face folder to a served model: what is written, and what is said of folders that cannot be served."""

import json
import re

import gguf
import pytest

import make_model
from checkpoint import Checkpoint, chat_formats
from layout import MODEL_SOURCE, ROOT
from repository import NoModel, models_of

TOKENS = ["<unk>", "<s>", "</s>", "a", "b", "ab"]
TEMPLATE = "{{ messages[0].content }}"


@pytest.fixture
def folder(tmp_path):
    """A folder that lacks nothing for the GPU."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    write(folder, "tokenizer.json", {"model": {"vocab": {text: id for id, text in enumerate(TOKENS)}}})
    write(folder, "tokenizer_config.json", {"eos_token": "</s>"})
    write(folder, "generation_config.json", {"eos_token_id": [2]})
    write(folder, "config.json", {"vocab_size": 8, "max_position_embeddings": 512})
    (folder / "chat_template.jinja").write_text(TEMPLATE)
    (folder / "model.safetensors").touch()
    return folder


def write(folder, name, content):
    (folder / name).write_text(json.dumps(content))


def write_gguf(path, tokens=TOKENS, context_length=8192):
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_token_list(tokens)
    writer.add_context_length(context_length)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def make(folder, *options):
    """Makes the model `tiny` beside the folder and answers with its folder."""
    into = folder.parent / "models"
    make_model.main([str(folder), "--into", str(into), *options])
    return into / folder.name


def refused(folder, *options):
    with pytest.raises(SystemExit) as told:
        make(folder, *options)
    first, *faults = str(told.value).splitlines()
    assert first == "make model: nothing was written:"
    assert not (folder.parent / "models" / folder.name).exists()
    return faults


def parameters(model):
    text = (model / "config.pbtxt").read_text()
    return dict(re.findall(r'key: "(\w+)"\s+value \{ string_value: "([^"]*)" \}', text))


class TestForTheGpu:
    def test_triton_loads_the_folder_by_the_llm_api(self, folder):
        made = make(folder)
        model = made / "triton" / "tiny"
        told = parameters(model)
        assert told["engine"] == "tensorrt_llm"
        assert (told["model_path"], told["max_seq_len"], told["vocab_size"]) == (str(made), "512", "8")
        assert told["max_batch_size"] == "256"
        assert '\nname: "tiny"\n' in (model / "config.pbtxt").read_text()

    def test_settings_of_the_engine_are_in_a_file_of_their_own(self, folder):
        assert (make(folder) / "model.yaml").read_text().splitlines()[1:] == [f'model: "{folder}"']

    def test_the_code_is_copied_for_a_container_that_has_none(self, folder):
        code = make(folder) / "triton" / "tiny" / "1"
        for part in ("model.py", "executor/tensors.py", "serving/responder.py"):
            assert (code / part).read_text() == (MODEL_SOURCE / "1" / part).read_text()
        assert not list(code.rglob("__pycache__"))

    def test_a_model_that_also_sees_has_its_numbers_one_level_down(self, folder):
        write(folder, "config.json", {"text_config": {"vocab_size": 9, "max_position_embeddings": 64}})
        assert parameters(make(folder) / "triton" / "tiny")["vocab_size"] == "9"


class TestForTheCpu:
    def test_a_gguf_of_the_folder_is_taken(self, folder):
        write_gguf(folder / "tiny.gguf")
        model = make(folder) / "triton" / "tiny"
        told = parameters(model)
        assert told["engine"] == "llama_cpp"
        assert (told["model_path"], told["vocab_size"]) == (str(folder / "tiny.gguf"), "6")
        assert told["max_seq_len"] == "4096"
        assert (model / "1").resolve() == MODEL_SOURCE / "1"

    def test_one_elsewhere_can_be_told_and_neither_config_nor_weights_are_needed(self, folder):
        write_gguf(folder.parent / "other.gguf", context_length=128)
        for name in ("config.json", "model.safetensors"):
            (folder / name).unlink()
        told = parameters(make(folder, "--gguf", str(folder.parent / "other.gguf")) / "triton" / "tiny")
        assert told["max_seq_len"] == "128"

    def test_of_a_file_in_parts_the_first_is_told(self, folder):
        for part in (1, 2):
            write_gguf(folder / f"tiny-0000{part}-of-00002.gguf")
        assert parameters(make(folder) / "triton" / "tiny")["model_path"].endswith("tiny-00001-of-00002.gguf")

    def test_of_several_files_one_has_to_be_told(self, folder):
        for name in ("q4.gguf", "q8.gguf"):
            write_gguf(folder / name)
        assert refused(folder) == ["GGUF: several in the folder (expected: GGUF=<one of q4.gguf, q8.gguf>)"]

    def test_another_vocabulary_is_refused(self, folder):
        write_gguf(folder / "tiny.gguf", tokens=["<unk>", "<s>", "</s>", "a", "c"])
        assert refused(folder) == [
            "tiny.gguf: 2 of 6 tokens are not those of tokenizer.json, the first: 4 is 'c' (expected: 'b')"
        ]

    def test_a_padded_vocabulary_is_the_same(self, folder):
        write_gguf(folder / "tiny.gguf", tokens=[*TOKENS, "[PAD6]"])
        assert parameters(make(folder) / "triton" / "tiny")["vocab_size"] == "7"

    def test_a_file_that_is_no_gguf_is_named(self, folder):
        (folder / "tiny.gguf").write_text("no")
        assert refused(folder)[0].startswith("tiny.gguf: cannot be read (")


class TestForTheFrontEnd:
    def test_the_catalogue_has_an_entry(self, folder):
        entry = (make(folder, "--chat-format", "chatml") / "conch.yaml").read_text()
        assert entry.splitlines()[1:] == [
            "models:",
            '  - name: "tiny"',
            "    folder: .",
            "    chat-format: chatml",
            '    engine-model: "tiny"',
            "    max-model-len: 512",
        ]

    def test_tokenizer_and_templates_are_copied_and_nothing_else(self, folder):
        (folder / "chat_templates").mkdir()
        (folder / "chat_templates" / "rag.jinja").write_text("{{ documents }}")
        made = make(folder)
        assert sorted(entry.name for entry in made.iterdir()) == [
            "chat_template.jinja",
            "chat_templates",
            "conch.yaml",
            "generation_config.json",
            "model.yaml",
            "tokenizer.json",
            "tokenizer_config.json",
            "triton",
        ]
        assert (made / "chat_template.jinja").read_text() == TEMPLATE
        assert (made / "chat_templates" / "rag.jinja").is_file()

    def test_it_is_made_anew_each_time(self, folder):
        (make(folder) / "left over").touch()
        assert not (make(folder, "--max-len", "100") / "left over").exists()

    def test_what_it_has_not_made_it_does_not_overwrite(self, folder):
        taken = folder.parent / "models" / "taken"
        taken.mkdir(parents=True)
        [fault] = refused(folder, "--name", "taken")
        assert fault == f"NAME: taken is taken: {taken} was not made by `make model` (expected: NAME=<another>)"


class TestFaults:
    def test_an_empty_folder_lacks_everything(self, tmp_path):
        empty = tmp_path / "empty"
        empty.mkdir()
        faults = refused(empty)
        assert [fault.partition(":")[0] for fault in faults] == [
            "tokenizer.json",
            "tokenizer_config.json",
            "chat template",
            "config.json",
            "weights",
        ]
        assert "CHAT_FORMAT=<one of vicuna, vicuna_v1.1, alpaca, " in faults[2]

    def test_a_tokenizer_that_can_be_converted_is_named(self, folder):
        (folder / "tokenizer.json").unlink()
        (folder / "tokenizer.model").touch()
        assert "out of tokenizer.model: AutoTokenizer" in refused(folder)[0]

    def test_all_that_is_wrong_is_told_at_once(self, folder):
        write(folder, "config.json", {"vocab_size": 5, "max_position_embeddings": "long"})
        write(folder, "generation_config.json", {"eos_token_id": [2, 77]})
        write(
            folder, "model.safetensors.index.json", {"weight_map": {"a": "model.safetensors", "b": "lost.safetensors"}}
        )
        (folder / "tokenizer_config.json").write_text("[")
        (folder / "chat_template.jinja").unlink()
        faults = refused(folder, "--chat-format", "chat", "--max-len", "1", "--name", "a b")
        assert faults[0] == "NAME: a b (expected: letters, digits, dots, dashes and underscores)"
        assert faults[1].startswith("tokenizer_config.json: cannot be read (")
        assert faults[2].startswith("CHAT_FORMAT: chat (expected: one of vicuna, ")
        assert faults[3:] == [
            'config.json: max_position_embeddings: "long" (expected: a whole number)',
            "weights: 1 of 2 files missing: lost.safetensors",
            "config.json: vocab_size 5 (expected: more than 5, the last token of tokenizer.json)",
            "generation_config.json: eos_token_id: 77 (expected: a token of tokenizer.json)",
            "MAX_LEN: 1 (expected: 2 to what the model can)",
        ]

    def test_a_model_without_an_end_is_refused(self, folder):
        (folder / "generation_config.json").unlink()
        write(folder, "tokenizer_config.json", {})
        assert refused(folder)[0].startswith("end token: none (expected: eos_token_id in generation_config.json")

    def test_an_end_that_the_tokenizer_does_not_have_is_refused(self, folder):
        (folder / "generation_config.json").unlink()
        write(folder, "tokenizer_config.json", {"eos_token": {"content": "<end>"}})
        assert refused(folder) == ["tokenizer_config.json: eos_token: '<end>' (expected: a token of tokenizer.json)"]

    def test_more_context_than_the_model_has_is_refused(self, folder):
        assert refused(folder, "--max-len", "513") == ["MAX_LEN: 513 (expected: 2 to 512)"]

    def test_a_template_of_the_tokenizers_configuration_will_do(self, folder):
        (folder / "chat_template.jinja").unlink()
        write(folder, "tokenizer_config.json", {"eos_token": "</s>", "chat_template": TEMPLATE})
        assert Checkpoint(folder).faults == []

    def test_the_formats_are_those_of_the_front_end(self):
        known = (ROOT / "docs" / "models.md").read_text().partition("## Built-in formats")[2]
        assert all(f"`{name}`" in known for name in chat_formats())
        assert len(chat_formats()) >= 24


class TestRepositories:
    def test_models_of_several_are_served_together(self, folder):
        made = make(folder)
        other = make(folder, "--name", "other").parent / "other"
        repositories = [made / "triton", other / "triton"]
        assert [model.name for model in models_of(repositories)] == ["tiny", "other"]

    def test_one_without_a_model_is_named(self, tmp_path):
        with pytest.raises(NoModel, match="no model there"):
            models_of([tmp_path])

    def test_two_models_of_one_name_are_refused(self, folder):
        repository = make(folder) / "triton"
        with pytest.raises(NoModel, match="^tiny: several models of that name"):
            models_of([repository, repository])
