"""What any `Engine` has to do, whoever batches behind it. A test class of an engine inherits it and gives `engine`,
which tests may share, and `own_engine`, which one test closes.

The engine must have room for four requests of 40 tokens at once. Nothing is assumed of the model but that a greedy
request without end id runs on, and that it gives the same ids twice when alone.
"""

import threading

import pytest

from executor.errors import RequestError
from executor.request import FinishReason, GenerationRequest, SamplingParams
from fakes import PausingRecorder, Recorder
from triton_server import await_that

PROMPT = (5, 6, 7)


class EngineContract:
    def run(self, engine, recorder=None, **rest):
        recorder = recorder or Recorder()
        request = GenerationRequest(**{"prompt": PROMPT, "max_new_tokens": 8, **rest})
        recorder.generation = engine.submit(request, recorder)
        return recorder

    def ended(self, engine, **rest):
        recorder = self.run(engine, **rest)
        recorder.await_end()
        return recorder

    def paused(self, engine):
        """As long a request as can be, with the engine's thread held at its first token."""
        recorder = self.run(engine, PausingRecorder(), max_new_tokens=engine.limits.max_seq_len - len(PROMPT))
        recorder.await_tokens(1)
        return recorder

    def refuses(self, engine):
        try:
            self.run(engine)
        except RequestError:
            return True
        return False

    def greedy(self, engine):
        return self.ended(engine).token_ids

    def test_limits_are_known(self, engine):
        assert engine.limits.max_seq_len > 40
        assert engine.limits.max_input_len == engine.limits.max_seq_len - 1
        assert engine.limits.vocab_size > max(PROMPT)

    def test_length_ends_it_with_the_last_token(self, engine):
        recorder = self.ended(engine, max_new_tokens=3)
        assert len(recorder.token_ids) == 3
        assert recorder.outputs[-1].finish_reason is FinishReason.LENGTH
        assert recorder.outputs[-1].token_ids

    def test_only_the_last_output_is_final(self, engine):
        recorder = self.ended(engine)
        assert [output.is_final for output in recorder.outputs[:-1]] == [False] * (len(recorder.outputs) - 1)

    def test_the_end_id_ends_it_and_is_not_among_the_tokens(self, engine):
        tokens = self.greedy(engine)
        recorder = self.ended(engine, end_id=tokens[3])
        assert recorder.token_ids == tokens[: tokens.index(tokens[3])]
        assert recorder.outputs[-1].finish_reason is FinishReason.STOP

    def test_an_end_id_of_minus_one_never_ends_it(self, engine):
        assert self.ended(engine, end_id=-1).outputs[-1].finish_reason is FinishReason.LENGTH

    def test_a_stop_word_ends_it_and_stays(self, engine):
        tokens = self.greedy(engine)
        recorder = self.ended(engine, stop_words=((tokens[1], tokens[2]),))
        assert recorder.token_ids == tokens[:3]
        assert recorder.outputs[-1].finish_reason is FinishReason.STOP

    def test_min_tokens_keeps_the_end_id_away(self, engine):
        end = self.greedy(engine)[0]
        recorder = self.ended(engine, end_id=end, sampling=SamplingParams(min_tokens=4), max_new_tokens=4)
        assert len(recorder.token_ids) == 4
        assert end not in recorder.token_ids

    def test_the_same_seed_gives_the_same_ids(self, engine):
        sampling = SamplingParams(top_p=1.0, temperature=3.0, seed=7)
        first = self.ended(engine, sampling=sampling).token_ids
        assert self.ended(engine, sampling=sampling).token_ids == first

    def test_another_seed_gives_other_ids(self, engine):
        ids = {
            tuple(self.ended(engine, sampling=SamplingParams(top_p=1.0, temperature=9.0, seed=seed)).token_ids)
            for seed in range(4)
        }
        assert len(ids) > 1

    def test_many_at_once_all_end(self, engine):
        recorders = [self.run(engine, prompt=(*PROMPT, number)) for number in range(12)]
        for recorder in recorders:
            assert recorder.await_end().finish_reason is FinishReason.LENGTH
            assert len(recorder.token_ids) == 8

    def test_cancel_ends_a_running_request_within_one_step(self, engine):
        recorder = self.paused(engine)
        recorder.generation.cancel()
        recorder.go_on()
        assert recorder.await_end().finish_reason is FinishReason.CANCELLED
        assert len(recorder.token_ids) <= 2

    def test_cancel_after_the_end_changes_nothing(self, engine):
        recorder = self.ended(engine)
        recorder.generation.cancel()
        self.ended(engine)
        assert sum(output.is_final for output in recorder.outputs) == 1

    def test_close_ends_everything_with_an_error(self, own_engine):
        engine = own_engine
        first = self.paused(engine)
        others = [self.run(engine) for _ in range(7)]
        closing = threading.Thread(target=engine.close)
        closing.start()
        await_that(lambda: self.refuses(engine))
        first.go_on()
        closing.join(30)
        assert all(isinstance(recorder.await_end().error, RequestError) for recorder in [first, *others])
        with pytest.raises(RequestError):
            self.run(engine)
