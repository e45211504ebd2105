"""llama.cpp itself: its layouts are checked before use, and the batcher over it keeps the engine contract."""

import ctypes

import numpy as np
import pytest
from prompts import FRANCE, TOKENIZER_FILE

from engine_contract import EngineContract
from executor.batching.evaluator import EvaluationFailed, Span
from executor.engines import create_engine
from executor.llama_cpp import library
from executor.llama_cpp.evaluator import LlamaEvaluator
from executor.llama_cpp.library import CONTEXT_DEFAULTS, IncompatibleLibrary, check_defaults
from executor.request import GenerationRequest
from executor.settings import InvalidSettings, Settings
from fakes import Recorder
from layout import GGUF, PYTHON_LINK, site_packages
from tokenizer_samples import CONTROL_TOKENS, samples

SMALL = {"max_batch_size": 4, "max_seq_len": 256, "prefill_chunk_tokens": 16}
POOL = {**SMALL, "max_tokens_in_paged_kv_cache": 512}


@pytest.fixture(scope="module")
def engine():
    engine = create_engine(Settings(**SMALL))
    yield engine
    engine.close()


class TestContract(EngineContract):
    @pytest.fixture
    def own_engine(self):
        return create_engine(Settings(**SMALL))


@pytest.fixture(scope="module")
def engine_with_pool():
    engine = create_engine(Settings(**POOL))
    yield engine
    engine.close()


class TestContractOverAPool(EngineContract):
    @pytest.fixture
    def engine(self, engine_with_pool):
        return engine_with_pool

    @pytest.fixture
    def own_engine(self):
        return create_engine(Settings(**POOL))


@pytest.fixture(params=[SMALL, POOL], ids=["streams", "pool"])
def evaluator(request):
    evaluator = LlamaEvaluator(Settings(**request.param), site_packages(PYTHON_LINK) / GGUF)
    yield evaluator
    evaluator.close()


def test_it_answers_like_the_model_it_is():
    engine = create_engine(Settings(deterministic=True, **SMALL))
    recorder = Recorder()
    engine.submit(GenerationRequest(tuple(FRANCE), 7), recorder)
    recorder.await_end()
    engine.close()
    assert TOKENIZER_FILE.decode(recorder.token_ids) == "The capital of France is Paris."


def test_evaluating_in_chunks_is_evaluating_at_once(evaluator):
    [whole] = evaluator.evaluate([Span(0, 0, tuple(FRANCE), wants_logits=True)])
    evaluator.evaluate([Span(1, 0, tuple(FRANCE[:5]), wants_logits=False)])
    [chunked] = evaluator.evaluate([Span(1, 5, tuple(FRANCE[5:]), wants_logits=True)])
    assert np.allclose(whole, chunked, atol=0.5)
    assert whole.argmax() == chunked.argmax()


def test_any_slots_in_any_order_are_evaluated_together(evaluator):
    prompts = {3: (1, 1443, 198), 0: tuple(FRANCE[:9]), 2: tuple(FRANCE[:6])}
    alone = []
    for slot, prompt in prompts.items():
        alone += evaluator.evaluate([Span(slot, 0, prompt, wants_logits=True)])
        evaluator.forget(slot)
    together = evaluator.evaluate([Span(slot, 0, prompt, wants_logits=True) for slot, prompt in prompts.items()])
    for one, other in zip(alone, together, strict=True):
        assert np.allclose(one, other, atol=0.5)
        assert one.argmax() == other.argmax()


def test_what_is_forgotten_can_be_evaluated_again(evaluator):
    [before] = evaluator.evaluate([Span(0, 0, tuple(FRANCE), wants_logits=True)])
    evaluator.forget(0)
    [after] = evaluator.evaluate([Span(0, 0, tuple(FRANCE), wants_logits=True)])
    assert np.array_equal(before, after)


def test_what_is_shared_goes_on_like_what_was_read(evaluator):
    [whole] = evaluator.evaluate([Span(0, 0, tuple(FRANCE), wants_logits=True)])
    assert evaluator.share(0, 1, len(FRANCE) - 1) == len(FRANCE) - 1
    [shared] = evaluator.evaluate([Span(1, len(FRANCE) - 1, tuple(FRANCE[-1:]), wants_logits=True)])
    assert np.allclose(whole, shared, atol=0.5)
    assert whole.argmax() == shared.argmax()


def test_slots_that_share_do_not_touch_each_other(evaluator):
    evaluator.evaluate([Span(0, 0, tuple(FRANCE), wants_logits=False)])
    [alone] = evaluator.evaluate([Span(0, len(FRANCE), (28,), wants_logits=True)])
    evaluator.forget(0, len(FRANCE))
    evaluator.share(0, 1, len(FRANCE))
    evaluator.evaluate([Span(1, len(FRANCE), (284, 339), wants_logits=False)])
    evaluator.forget(1, 3)
    [beside] = evaluator.evaluate([Span(0, len(FRANCE), (28,), wants_logits=True)])
    assert np.allclose(alone, beside, atol=0.5)
    assert alone.argmax() == beside.argmax()


def test_what_was_shared_can_be_shared_on_and_the_source_be_used_anew(evaluator):
    [whole] = evaluator.evaluate([Span(0, 0, tuple(FRANCE), wants_logits=True)])
    evaluator.share(0, 1, len(FRANCE) - 1)
    evaluator.share(1, 3, len(FRANCE) - 1)
    evaluator.forget(0)
    evaluator.forget(1)
    evaluator.evaluate([Span(0, 0, (28, 284, 339), wants_logits=False)])
    [shared] = evaluator.evaluate([Span(3, len(FRANCE) - 1, tuple(FRANCE[-1:]), wants_logits=True)])
    assert np.allclose(whole, shared, atol=0.5)
    assert whole.argmax() == shared.argmax()


def test_a_slot_can_be_cut_in_place(evaluator):
    evaluator.evaluate([Span(0, 0, (*FRANCE, 284, 339), wants_logits=False)])
    assert evaluator.share(0, 0, len(FRANCE)) == len(FRANCE)
    [cut] = evaluator.evaluate([Span(0, len(FRANCE), (28,), wants_logits=True)])
    [whole] = evaluator.evaluate([Span(1, 0, (*FRANCE, 28), wants_logits=True)])
    assert np.allclose(whole, cut, atol=0.5)


def test_what_is_not_there_cannot_be_shared(evaluator):
    evaluator.evaluate([Span(0, 0, tuple(FRANCE[:5]), wants_logits=False)])
    assert evaluator.share(0, 1, 9) == 0
    assert evaluator.evaluate([Span(1, 0, tuple(FRANCE), wants_logits=True)])[0].shape == (49152,)


def test_a_refused_batch_is_an_exception_and_the_next_one_works(evaluator, capfd):
    with pytest.raises(EvaluationFailed, match="llama_decode returned -1"):
        evaluator.evaluate([Span(0, 0, (49152,), wants_logits=True)])
    assert "llama.cpp: " in capfd.readouterr().err
    assert evaluator.evaluate([Span(0, 0, (1,), wants_logits=True)])[0].shape == (49152,)


@pytest.mark.parametrize(
    "wrong",
    [
        {"vocab_size": 5},
        {"max_seq_len": 9000},
        {"max_batch_size": 257},
        {"model_path": "gone"},
        {"engine": "none"},
    ],
)
def test_settings_that_the_model_cannot_meet_are_refused_by_name(wrong, capfd):
    [name] = wrong
    with pytest.raises(InvalidSettings, match=f"^{name}: "):
        create_engine(Settings(**{**SMALL, **wrong}))
    capfd.readouterr()


class WithoutMemory:
    """llama.cpp on a machine where no KV cache fits."""

    def __init__(self):
        self._library = library.load()

    def __getattr__(self, name):
        return getattr(self._library, name)

    def llama_init_from_model(self, *_):
        return None


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"max_tokens_in_paged_kv_cache": 300}, "max_tokens_in_paged_kv_cache: 300"),
        ({}, "max_batch_size: 4, max_seq_len: 256"),
        ({"deterministic": True}, "max_batch_size: 4, max_seq_len: 256"),
    ],
)
def test_a_cache_that_does_not_fit_is_refused_by_what_decides_its_size(settings, named):
    with pytest.raises(InvalidSettings, match=rf"^{named} \(expected: what fits into memory\)$"):
        LlamaEvaluator(Settings(**SMALL, **settings), site_packages(PYTHON_LINK) / GGUF, WithoutMemory())


def test_another_layout_is_refused_with_the_fields_that_differ():
    params = library.load().llama_context_default_params()
    params.n_ctx, params.ctx_other = 4096, 1
    with pytest.raises(IncompatibleLibrary, match=r"n_ctx = 4096 \(expected: 512\), ctx_other = 1 \(expected: 0\)"):
        check_defaults("llama_context_default_params", params, CONTEXT_DEFAULTS)


def test_a_struct_that_has_grown_is_refused_without_being_overrun():
    class OlderParams(ctypes.Structure):
        _fields_ = library.ModelParams._fields_[:-8]

    with pytest.raises(IncompatibleLibrary, match=r"^llama_model_default_params\(\) .* returns more than 56 bytes$"):
        library.check_size(library.load().llama_model_default_params, OlderParams)


def test_a_library_without_the_functions_is_refused():
    with pytest.raises(IncompatibleLibrary, match=r"llama_log_set\(\) is not exported"):
        library.load("libm.so.6")


def test_another_version_of_the_wheel_is_refused(monkeypatch):
    monkeypatch.setattr(library, "XLLAMACPP_VERSION", "1.0")
    with pytest.raises(IncompatibleLibrary, match=r"xllamacpp: .* \(expected: 1.0\)"):
        library.load()


def test_the_exported_tokenizer_loses_nothing():
    for text in samples():
        kept = text if not any(token in text for token in CONTROL_TOKENS) else None
        assert kept is None or TOKENIZER_FILE.decode(TOKENIZER_FILE.encode(text).ids) == kept
