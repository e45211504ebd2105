"""The engine over TensorRT-LLM keeps the engine contract, over the fake package: nothing here has seen a GPU."""

import datetime
import threading

import numpy as np
import pytest

from engine_contract import EngineContract, EngineDriver
from executor.errors import RequestError
from executor.request import FinishReason, Guide, GuideType, RetainedRange, Retention, SamplingParams
from executor.trtllm import loading
from fakes import PausingRecorder, Recorder
from triton_server import await_that
from trtllm_models import VOCAB_SIZE

LAST = VOCAB_SIZE - 1
SAID_OF_GUIDES = "Guided decoding error: "


def fail(text):
    raise ValueError(text)


class TestContract(EngineContract):
    """TensorRT-LLM 1.0 to 1.2, with the sampler of its C++ runtime."""

    @pytest.fixture
    def engine(self, start):
        return start()

    @pytest.fixture
    def own_engine(self, start):
        return start()


class TestContractFrom13(EngineContract):
    """TensorRT-LLM 1.3, which has one sampler only; three tokens at a time."""

    @pytest.fixture
    def engine(self, start, monkeypatch):
        monkeypatch.setattr(loading, "installed_version", lambda: (1, 3))
        return start(stream_interval=3)

    @pytest.fixture
    def own_engine(self, engine):
        return engine

    def test_cancel_ends_a_running_request_within_one_step(self, engine):
        recorder = self.paused(engine)
        recorder.generation.cancel()
        recorder.go_on()
        assert recorder.await_end().finish_reason is FinishReason.CANCELLED
        assert len(recorder.token_ids) <= 2 * 3

    def test_a_request_is_told_of_several_tokens_at_a_time(self, engine):
        recorder = self.ended(engine, max_new_tokens=8)
        assert [len(output.token_ids) for output in recorder.outputs] == [3, 3, 2]

    def test_what_comes_behind_a_stop_word_in_the_same_step_is_left_out(self, engine):
        tokens = self.greedy(engine)
        recorder = self.ended(engine, stop_words=((tokens[2], tokens[3]),), returns_log_probs=True)
        assert recorder.token_ids == tokens[:4]
        assert sum(len(output.log_probs) for output in recorder.outputs) == 4


class TestRequests(EngineDriver):
    """What this engine says to TensorRT-LLM, and what it makes of its answers."""

    def job(self, engine, **rest):
        """A request that has ended, as the fake got it."""
        self.ended(engine, **rest)
        return engine._llm.executor.jobs[-1]

    def test_a_request_is_said_in_ids_and_comes_back_in_ids(self, start):
        params = self.job(start(), end_id=7, stop_words=((9,), (10, 11)), max_new_tokens=3).params
        assert (params.end_id, params.max_tokens, params.stop_token_ids) == (7, 3, [9])
        assert not params.detokenize
        assert params.include_stop_str_in_output

    def test_no_end_id_is_said_too_so_that_no_tokenizer_is_asked(self, start):
        assert self.job(start()).params.end_id == -1

    def test_greedy_is_a_top_k_of_one(self, start):
        params = self.job(start()).params
        assert (params.top_k, params.top_p) == (1, None)

    def test_what_has_its_default_is_left_out(self, start):
        params = self.job(start(), sampling=SamplingParams(top_p=0.5, top_p_min=float(np.float32(1e-6)))).params
        left_out = ("top_k", "top_p_min", "top_p_decay", "top_p_reset_ids", "min_p", "no_repeat_ngram_size", "logprobs")
        assert [getattr(params, name) for name in left_out] == [None] * len(left_out)
        assert (params.top_p, params.temperature) == (0.5, 1.0)

    def test_the_decay_of_top_p_is_passed_on(self, start):
        decay = {"top_p_min": 0.5, "top_p_decay": 0.25, "top_p_reset_ids": 3}
        params = self.job(start(), sampling=SamplingParams(top_p=1.0, **decay)).params
        assert {name: getattr(params, name) for name in decay} == decay

    def test_words_of_several_ids_are_banned_without_a_tokenizer(self, start):
        params = self.job(start(), sampling=SamplingParams(bad_words=((20,), (21, 22), (23, 24)))).params
        assert params._get_bad_words() == [[20], [21, 22], [23, 24]]

    def test_only_who_looks_gets_every_step(self, start):
        engine = start()
        assert self.job(engine).streaming
        assert not self.job(engine, streams=False).streaming
        assert not self.job(engine, streams=False, stop_words=((9,),)).streaming
        assert self.job(engine, streams=False, stop_words=((9, 10),)).streaming

    def test_an_adapter_is_found_by_its_task(self, start, tmp_path):
        (tmp_path / "adapter").mkdir()
        engine = start(lora_adapters={5: str(tmp_path / "adapter")}, lora_max_rank=8)
        config = engine._llm.args.lora_config
        assert (config.lora_dir, config.max_lora_rank) == ([str(tmp_path / "adapter")], 8)
        assert self.ended(engine, lora_task=5, max_new_tokens=2).token_ids == [13, 19]
        assert self.job(engine, lora_task=5).lora_request.lora_int_id == 5
        assert self.job(engine).lora_request is None
        with pytest.raises(RequestError, match=r"^lora_task_id: 6 \(expected: 0, for none, or one of 5\)$"):
            self.run(engine, lora_task=6)

    def test_what_is_to_stay_in_the_cache_is_passed_on(self, start):
        ranges = (RetainedRange(0, 2, 90, 1500), RetainedRange(2, None, 10))
        retention = self.job(start(), retention=Retention(ranges, 20, 7)).retention
        told = [
            (each.token_start, each.token_end, each.priority, each.duration_ms)
            for each in retention.token_range_retention_configs
        ]
        assert told == [(0, 2, 90, datetime.timedelta(seconds=1.5)), (2, None, 10, None)]
        assert retention.decode_retention_priority == 20
        assert retention.decode_duration_ms == datetime.timedelta(milliseconds=7)

    def test_what_tensorrt_llm_finds_wrong_with_a_request_is_its_clients_fault(self, start):
        open_range_first = Retention((RetainedRange(0, None, 90), RetainedRange(2, 3, 10)))
        with pytest.raises(RequestError, match="only the last range may be open") as told:
            self.run(start(), retention=open_range_first)
        assert told.value.invalid
        too_long = self.ended(start(max_num_tokens=2, enable_chunked_prefill=False)).outputs[-1].error
        assert "should not exceed max_num_tokens (2)" in str(too_long)
        assert too_long.invalid

    @pytest.mark.parametrize(
        ("kind", "field"),
        [
            (GuideType.JSON_SCHEMA, "json"),
            (GuideType.REGEX, "regex"),
            (GuideType.EBNF_GRAMMAR, "grammar"),
            (GuideType.STRUCTURAL_TAG, "structural_tag"),
        ],
    )
    def test_a_guide_is_passed_on_by_its_kind(self, start, kind, field):
        engine = start()
        recorder = self.ended(engine, guide=Guide(kind, "3 4"))
        assert recorder.token_ids == [3, 4]
        assert recorder.outputs[-1].finish_reason is FinishReason.STOP
        assert getattr(engine._llm.executor.jobs[-1].params.guided_decoding, field) == "3 4"

    def test_any_json_is_a_guide_without_a_text(self, start):
        assert self.job(start(), guide=Guide(GuideType.JSON)).params.guided_decoding.json_object

    def test_an_error_ends_its_request_and_no_other(self, start):
        engine = start()
        other = self.paused(engine)
        fault = self.run(engine, prompt=(1, LAST))
        other.go_on()
        assert str(fault.await_end().error) == "The engine failed on this request: the last token of the vocabulary"
        assert other.await_end().finish_reason is FinishReason.LENGTH

    def test_an_error_of_one_sequence_ends_the_others(self, start):
        recorder = self.ended(start(), num_sequences=3, guide=Guide(GuideType.REGEX, "no number"))
        assert [bool(output.error) for output in recorder.outputs] == [True]

    def test_a_guide_that_cannot_be_compiled_is_its_clients_fault(self, start):
        error = self.ended(start(), guide=Guide(GuideType.REGEX, "no number")).outputs[-1].error
        assert str(error).startswith("guided decoding: invalid guide: regex: invalid literal for int()")
        assert error.invalid

    @pytest.mark.parametrize(
        ("said", "told", "invalid"),
        [
            (
                "Guided decoding error: grammar compilation did not finish within 5s.",
                "guided decoding: limit exceeded: regex: grammar compilation did not finish within 5s.",
                True,
            ),
            (
                "Guided decoding error: internal error in add_batch: no room",
                "The engine failed on this request: Guided decoding error: internal error in add_batch: no room",
                False,
            ),
        ],
    )
    def test_of_what_is_said_of_guides_only_some_is_their_fault(self, start, monkeypatch, said, told, invalid):
        engine = start()
        monkeypatch.setattr(engine._llm.executor, "_guided", lambda _: fail(said.removeprefix(SAID_OF_GUIDES)))
        error = self.ended(engine, guide=Guide(GuideType.REGEX, "1")).outputs[-1].error
        assert (str(error), error.invalid) == (told, invalid)

    def test_a_guide_that_breaks_behind_the_first_token_is_not_its_clients_fault(self, start):
        error = self.ended(start(), guide=Guide(GuideType.REGEX, "3 4 x")).outputs[-1].error
        assert str(error).startswith("The engine failed on this request: Guided decoding error: ")
        assert not error.invalid

    def test_a_guide_without_a_backend_is_an_error_of_tensorrt_llm(self, start):
        error = self.ended(start(guided_decoding_backend="none"), guide=Guide(GuideType.JSON)).outputs[-1].error
        assert "GuidedDecoder is not setup" in str(error)

    def test_a_log_probability_that_is_missing_is_an_error_and_no_guess(self, start):
        engine = start()
        engine._llm.executor._row = lambda *_: {}
        error = self.ended(engine, returns_log_probs=True).outputs[-1].error
        assert "it has no log-probability of token 8, which it chose" in str(error)

    def test_a_fault_of_ours_is_told_and_logged(self, start, capfd):
        engine = start()
        engine._llm.generate_async = lambda **_: 1 / 0
        assert "division by zero" in str(self.ended(engine).outputs[-1].error)
        assert "ZeroDivisionError" in capfd.readouterr().err

    def test_an_end_that_nobody_knows_is_an_error(self, start, monkeypatch):
        monkeypatch.setattr("tensorrt_llm.model._reason", lambda *_: "timeout")
        assert "it ended a sequence by timeout" in str(self.ended(start()).outputs[-1].error)

    def test_who_is_cancelled_is_aborted_there_too(self, start):
        engine = start()
        recorder = self.paused(engine)
        recorder.generation.cancel()
        recorder.go_on()
        recorder.await_end()
        assert engine._llm.executor.jobs[-1].aborted

    def test_an_abort_that_fails_keeps_nobody_waiting(self, start, capfd):
        engine = start()
        engine._llm.executor.abort = lambda _: 1 / 0
        recorder = self.paused(engine)
        recorder.generation.cancel()
        recorder.go_on()
        assert recorder.await_end().finish_reason is FinishReason.CANCELLED
        assert "ZeroDivisionError" in capfd.readouterr().err

    def test_who_stops_by_a_word_of_several_tokens_is_aborted(self, start):
        job = self.job(start(), stop_words=((9, 10),), max_new_tokens=200)
        assert job.aborted
        assert job.told < 200

    def test_a_full_queue_is_refused(self, start):
        engine = start({"max_queue_size": 2, "max_batch_size": 1})
        held = self.paused(engine)
        waiting = self.run(engine, num_sequences=2)
        with pytest.raises(RequestError, match="^Maximum queue size of 2 has been reached, please try again later$"):
            self.run(engine)
        held.go_on()
        waiting.await_end()
        self.ended(engine)

    def test_steps_end_after_what_came_together_is_told(self, start):
        engine, heard = start(), []
        engine.on_step_end(lambda: heard.append("end"))
        recorders = [Recorder() for _ in range(3)]
        for recorder in recorders:
            self.run(engine, lambda output, recorder=recorder: (heard.append("token"), recorder(output)))
        for recorder in recorders:
            recorder.await_end()
        await_that(lambda: heard[-1] == "end")
        assert 8 <= heard.count("end") <= heard.count("token")

    def test_a_step_ends_behind_the_last_news_of_a_close(self, start):
        engine, heard = start(), []
        engine.on_step_end(lambda: heard.append("end"))
        recorder = PausingRecorder()
        self.run(engine, lambda output: (heard.append("token"), recorder(output)), max_new_tokens=200)
        recorder.await_tokens(1)
        closing = threading.Thread(target=engine.close)
        closing.start()
        recorder.go_on()
        closing.join(30)
        assert isinstance(recorder.await_end().error, RequestError)
        assert heard[-1] == "end"

    def test_gauges_are_those_of_the_last_step(self, start):
        engine = start()
        self.ended(engine)
        await_that(lambda: engine.stats().iteration > 0)
        stats = engine.stats()
        assert (stats.max, stats.kv_max, stats.gpu_memory, stats.pinned_memory) == (4, 64 * 32, 1 << 30, 1 << 20)

    def test_statistics_that_fail_end_nothing(self, start, capfd):
        engine = start()
        engine._llm.get_stats_async = lambda **_: 1 / 0
        self.ended(engine)
        await_that(lambda: "ZeroDivisionError" in capfd.readouterr().err)
        self.ended(engine)

    def test_close_leaves_no_thread(self, start):
        engine = start()
        self.ended(engine)
        engine.close()
        names = [thread.name for thread in threading.enumerate()]
        assert "tensorrt-llm-results" not in names
        assert "fake-executor" not in names
