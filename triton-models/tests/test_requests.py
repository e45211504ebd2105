"""From arrays to a request, without a server: stop words, defaults, settings, and the table they follow."""

import math
import re
from dataclasses import fields

import numpy as np
import pytest

from executor.batching.stop_words import StopWordMatcher
from executor.capabilities import Capabilities
from executor.engine import EngineLimits
from executor.errors import RequestError
from executor.request import Guide, GuideType, RetainedRange, Retention, SamplingParams
from executor.request_parser import RequestParser, asks_to_stop
from executor.settings import InvalidSettings, Settings, parse_settings
from executor.tensors import GPU, INPUTS, OUTPUTS, UNSUPPORTED_INPUTS, Range, refused_by
from executor.word_lists import parse_word_list
from layout import MODEL_SOURCE, ROOM

CONFIG = (MODEL_SOURCE / "config.pbtxt").read_text()
README = (ROOM / "README.md").read_text()


def words(ids, offsets):
    return parse_word_list("stop_words_list", np.array([ids, offsets], np.int32))


SMALL = EngineLimits(max_seq_len=10, vocab_size=8)


def parse(_limits=SMALL, **arrays):
    required = {"input_ids": [[1, 2, 3]], "input_lengths": [[3]], "request_output_len": [[5]]}
    arrays = {name: np.array(value) for name, value in {**required, **arrays}.items()}
    return RequestParser(_limits, True).parse(arrays)


def parse_for_gpu(**arrays):
    """By an engine that refuses no more than the table says of it."""
    return parse(EngineLimits(10, 8, Capabilities(unsupported_inputs=refused_by(GPU))), **arrays).generation


class CountingWord(tuple):
    """A word that counts how often any of its kind is compared."""

    comparisons = 0
    __hash__ = tuple.__hash__

    def __eq__(self, other):
        CountingWord.comparisons += 1
        return tuple.__eq__(self, other)


class TestStopWords:
    def test_rows_become_words(self):
        assert words([5, 6, 7], [2, 3, -1]) == ((5, 6), (7,))

    def test_all_padding_is_no_word(self):
        assert words([0, 0], [-1, -1]) == ()

    @pytest.mark.parametrize(
        ("offsets", "fault"),
        [
            ([1, -1, 2], "additional -1s"),
            ([4, -1, -1], "out-of-bound offsets"),
            ([2, 2, -1], "non-increasing offsets"),
            ([2, 1, -1], "non-increasing offsets"),
            ([0, -1, -1], "non-increasing offsets"),
            ([-2, -1, -1], "non-increasing offsets"),
        ],
    )
    def test_offsets_out_of_order_are_refused(self, offsets, fault):
        with pytest.raises(RequestError, match=f"^stop_words_list: Sparse list must not have {fault}: 5 6 7 "):
            words([5, 6, 7], offsets)

    def test_a_word_is_found_at_the_end_of_what_came(self):
        matcher = StopWordMatcher(((1, 2), (3,)))
        assert [matcher.accept(token) for token in (1, 1, 2, 2, 3)] == [False, False, True, False, True]

    def test_a_token_is_not_compared_with_every_word(self):
        matcher = StopWordMatcher(tuple(CountingWord((number,)) for number in range(1000)))
        CountingWord.comparisons = 0
        assert not matcher.accept(5000)
        assert matcher.accept(7)
        assert CountingWord.comparisons < 10

    def test_overlapping_words_are_found(self):
        matcher = StopWordMatcher(((1, 1, 2),))
        assert [matcher.accept(token) for token in (1, 1, 1, 2)] == [False, False, False, True]


class TestParser:
    def test_absence_means_the_default_of_the_table(self):
        parsed = parse()
        assert parsed.generation.prompt == (1, 2, 3)
        assert parsed.generation.max_new_tokens == 5
        assert parsed.generation.end_id == -1
        assert parsed.generation.sampling == SamplingParams()
        assert not parsed.streaming

    def test_the_output_length_is_cut_to_what_fits(self):
        assert parse(request_output_len=[[99]]).generation.max_new_tokens == 7

    def test_a_prompt_may_leave_room_for_one_token(self):
        assert parse(input_ids=[[1] * 9], input_lengths=[[9]]).generation.max_new_tokens == 1
        with pytest.raises(RequestError, match=re.escape("Prompt length (10) exceeds maximum input length (9)")):
            parse(input_ids=[[1] * 10], input_lengths=[[10]])

    def test_errors_of_the_executor_are_numbered(self):
        parser = RequestParser(EngineLimits(max_seq_len=2, vocab_size=8), True)
        arrays = {"input_ids": np.ones((1, 2)), "input_lengths": np.array([[2]]), "request_output_len": np.array([[1]])}
        for number in (1, 2):
            with pytest.raises(RequestError, match=f"requestId {number} due"):
                parser.parse(arrays)

    def test_a_scalar_of_two_is_refused_by_name(self):
        with pytest.raises(RequestError, match="^Invalid size for tensor seed$"):
            parse(seed=[[1, 2]])

    def test_bad_words_are_laid_out_like_stop_words(self):
        assert parse(bad_words_list=[[[5, 6, 7], [2, 3, -1]]]).generation.sampling.bad_words == ((5, 6), (7,))
        assert parse(bad_words_list=np.empty((1, 2, 0), np.int32)).generation.sampling.bad_words == ()

    def test_faulty_bad_words_are_refused_by_name(self):
        with pytest.raises(RequestError, match="^bad_words_list: Sparse list must not have out-of-bound offsets: 5 9$"):
            parse(bad_words_list=[[[5], [9]]])
        for stranger in (-1, 8):
            with pytest.raises(RequestError, match=rf"^bad_words_list: {stranger} \(expected: 0 to 7\)$"):
                parse(bad_words_list=[[[5, stranger], [1, 2]]])

    def test_padding_behind_the_words_is_not_read(self):
        assert parse(bad_words_list=[[[5, -1], [1, -1]]]).generation.sampling.bad_words == ((5,),)

    def test_several_sequences_and_log_probs_are_asked_for(self):
        generation = parse(num_return_sequences=[[3]], return_log_probs=[[True]], num_logprobs=[[2]]).generation
        assert (generation.num_sequences, generation.returns_log_probs, generation.num_top_log_probs) == (3, True, 2)
        assert generation.needs_log_probs
        assert parse(num_logprobs=[[1]]).generation.needs_log_probs
        assert not parse().generation.needs_log_probs

    def test_a_guide_is_asked_for(self):
        tensors = {"guided_decoding_guide_type": [[b"regex"]], "guided_decoding_guide": [[b"a+"]]}
        assert parse(**tensors).generation.guide == Guide(GuideType.REGEX, "a+")
        assert parse().generation.guide is None

    def test_a_prompt_is_needed(self):
        with pytest.raises(RequestError, match="input_lengths: 3"):
            parse(input_ids=np.empty((1, 0), np.int32))

    def test_nan_is_no_bias(self):
        with pytest.raises(RequestError, match="embedding_bias: nan"):
            parse(embedding_bias=[[np.nan] * 8])

    def test_a_stop_is_seen_before_anything_else(self):
        assert asks_to_stop({"stop": np.array([[True]])})
        assert not asks_to_stop({"stop": np.array([[False]])})
        assert not asks_to_stop({})


class TestWhatOneEngineHonours:
    def test_it_is_refused_by_the_other(self):
        with pytest.raises(RequestError, match="^lora_task_id: this engine does not support it"):
            parse(lora_task_id=[[3]])
        assert parse(lora_task_id=[[0]]).generation.lora_task == 0

    def test_it_is_read(self):
        generation = parse_for_gpu(
            lora_task_id=[[3]], runtime_top_p_min=[[0.5]], runtime_top_p_decay=[[0.25]], runtime_top_p_reset_ids=[[7]]
        )
        sampling = generation.sampling
        assert generation.lora_task == 3
        assert (sampling.top_p_min, sampling.top_p_decay, sampling.top_p_reset_ids) == (0.5, 0.25, 7)

    def test_settings_may_refuse_more(self):
        limits = EngineLimits(10, 8, Capabilities(unsupported_inputs=("num_logprobs",)))
        with pytest.raises(RequestError, match="^num_logprobs: this engine does not support it"):
            parse(limits, num_logprobs=[[2]])

    def test_who_does_not_stream_waits_for_the_end(self):
        assert not parse().generation.streams
        assert parse(streaming=[[True]]).generation.streams


class TestRetention:
    def retention(self, starts, ends, priorities, **rest):
        ranges = {"starts": starts, "ends": ends, "priorities": priorities}
        tensors = {f"retention_token_range_{name}": [values] for name, values in ranges.items()}
        return parse_for_gpu(**tensors, **rest).retention

    def test_nothing_said_and_the_default_are_none(self):
        assert parse_for_gpu().retention is None
        assert parse_for_gpu(retention_decode_priority=[[35]], retention_decode_duration_ms=[[-1]]).retention is None

    def test_ranges_are_rows_of_the_tensors(self):
        assert self.retention([0, 2], [2, -1], [90, 0]).ranges == (RetainedRange(0, 2, 90), RetainedRange(2, None, 0))

    def test_durations_are_for_each_range(self):
        retention = self.retention([0, 2], [2, 3], [9, 9], retention_token_range_durations_ms=[[50, -1]])
        assert [each.duration_ms for each in retention.ranges] == [50, None]

    def test_the_answer_has_a_priority_of_its_own(self):
        retention = parse_for_gpu(retention_decode_priority=[[0]], retention_decode_duration_ms=[[8]]).retention
        assert retention == Retention((), 0, 8)

    @pytest.mark.parametrize(
        ("rows", "error"),
        [
            (([0], [], [9]), "ends: 0 values (expected: 1, as many as retention_token_range_starts)"),
            (([0], [1], [9, 9]), "priorities: 2 values (expected: 1, as many as retention_token_range_starts)"),
            (([-1], [1], [9]), "starts: -1 (expected: >= 0)"),
            (([2], [2], [9]), "ends: 2 (expected: > 2, where it starts, or -1)"),
            (([0], [1], [101]), "priorities: 101 (expected: 0 to 100)"),
        ],
    )
    def test_faults_are_told_by_name(self, rows, error):
        with pytest.raises(RequestError, match="^retention_token_range_" + re.escape(error)):
            self.retention(*rows)

    def test_durations_have_to_be_as_many(self):
        with pytest.raises(RequestError, match="^retention_token_range_durations_ms: 2 values "):
            self.retention([0], [1], [9], retention_token_range_durations_ms=[[1, 2]])


class TestTable:
    def test_the_defaults_of_the_table_are_those_of_the_request(self):
        table = {tensor.name: tensor.default for tensor in INPUTS}
        names = {name: name.removeprefix("runtime_") for name in table}
        for field in fields(SamplingParams):
            if field.name not in ("embedding_bias", "bad_words"):
                [name] = [name for name in table if names[name] == field.name]
                assert table[name] == field.default

    def test_every_default_is_in_its_range(self):
        assert all(tensor.default in tensor.range for tensor in INPUTS if tensor.range)

    def test_ranges_know_their_ends(self):
        assert 0 in Range(0, 1)
        assert 1.01 not in Range(0, 1)
        assert 0 not in Range(above=0)
        assert math.nan not in Range(0, 1)  # noqa: PLW0177

    @pytest.mark.parametrize(("kind", "table"), [("input", INPUTS), ("output", OUTPUTS)])
    def test_config_has_the_tensors_of_the_table_and_no_others(self, kind, table):
        lines = re.findall(rf"^{kind} \[ \{{ (.*) \}} \]$", CONFIG, re.MULTILINE)
        assert lines == [config_line(tensor) for tensor in table]

    def test_config_has_every_setting_with_its_default(self):
        parameters = dict(re.findall(r'key: "(\w+)"\s+value \{ string_value: "([^"]*)" \}', CONFIG))
        assert parameters.pop("unsupported_inputs").split(",") == list(UNSUPPORTED_INPUTS)
        assert parameters.pop("min_tokens_bans") == "end_id,stop_words_list"
        assert parameters.pop("guided_decoding_types").split(",") == [kind.value for kind in GuideType]
        assert parameters.keys() == {field.name for field in fields(Settings)}
        assert parse_settings(parameters) == Settings()

    @pytest.mark.parametrize("tensor", INPUTS, ids=lambda tensor: tensor.name)
    def test_readme_tells_what_becomes_of_each_input(self, tensor):
        [row] = re.findall(rf"^\| `{tensor.name}` \| {tensor.datatype} .*$", README, re.MULTILINE)
        assert ("refused" in row) == (not tensor.honoured_by)
        assert ("`tensorrt_llm` only: " in row) == (tensor.honoured_by == (GPU,))

    @pytest.mark.parametrize("tensor", [each for each in OUTPUTS if each.when], ids=lambda tensor: tensor.name)
    def test_readme_tells_when_each_output_comes(self, tensor):
        assert re.search(rf"^\| `{tensor.name}` \| {tensor.datatype} .*\| {re.escape(tensor.when)} \|$", README, re.M)

    @pytest.mark.parametrize("field", fields(Settings), ids=lambda field: field.name)
    def test_readme_has_each_setting_with_its_default(self, field):
        default = str(field.default).lower() if isinstance(field.default, bool) else field.default
        assert re.search(rf"^\| `{field.name}` \| `{re.escape(str(default))}` \| .+ \|$", README, re.M)


def config_line(tensor):
    shape = ", ".join(map(str, tensor.dims))
    line = f'name: "{tensor.name}" data_type: TYPE_{tensor.datatype} dims: [ {shape} ]'
    line += " reshape: { shape: [ ] }" if getattr(tensor, "reshape", False) else ""
    line += "" if getattr(tensor, "required", True) else " optional: true"
    return line + (" allow_ragged_batch: true" if -1 in tensor.dims and hasattr(tensor, "required") else "")


class TestSettings:
    def test_empty_is_the_default(self):
        assert parse_settings({"max_seq_len": "", "engine": " "}) == Settings()

    def test_zero_threads_are_the_cores_there_are(self):
        assert parse_settings({}).threads >= 1
        assert parse_settings({"n_threads": "3"}).threads == 3

    def test_the_cache_holds_every_sequence_in_full_unless_told(self):
        assert parse_settings({"max_batch_size": "2", "max_seq_len": "8"}).kv_cache_tokens == 16

    def test_deterministic_leaves_no_choice_of_the_cache(self):
        with pytest.raises(InvalidSettings, match=r"^max_tokens_in_paged_kv_cache: 5000 \(expected: 0, as determ"):
            parse_settings({"deterministic": "true", "max_tokens_in_paged_kv_cache": "5000"})

    def test_all_faults_are_told_at_once(self):
        with pytest.raises(InvalidSettings) as told:
            parse_settings({"colour": "red", "deterministic": "maybe", "max_seq_len": "-1", "max_batch_size": "0"})
        assert str(told.value).splitlines() == [
            "colour: unknown parameter",
            "max_seq_len: -1 (expected: a whole number, 0 or more)",
            "deterministic: maybe (expected: true or false)",
            "max_batch_size: 0 (expected: 1 or more)",
            "max_tokens_in_paged_kv_cache: 0 (expected: max_seq_len or more)",
        ]
