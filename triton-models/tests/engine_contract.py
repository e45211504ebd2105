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

    def test_min_tokens_keeps_stop_words_of_one_token_away(self, engine):
        end = self.greedy(engine)[0]
        recorder = self.ended(engine, stop_words=((end,),), sampling=SamplingParams(min_tokens=4), max_new_tokens=4)
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

    def test_several_sequences_have_seeds_of_their_own_and_one_end(self, engine):
        sampling = SamplingParams(top_k=2, temperature=9.0, seed=4)
        recorder = self.ended(engine, num_sequences=6, sampling=sampling)
        ends = [output for output in recorder.outputs if output.finish_reason]
        assert sorted(end.sequence_index for end in ends) == list(range(6))
        assert [end.is_final for end in ends] == [False] * 5 + [True]
        assert len({tuple(recorder.ids_of(index)) for index in range(6)}) > 1
        assert all(len(recorder.ids_of(index)) == 8 for index in range(6))

    def test_bad_words_do_not_come(self, engine):
        first, second = self.greedy(engine)[:2]
        assert self.ended(engine, sampling=SamplingParams(bad_words=((first,),))).token_ids[0] != first
        banned = self.ended(engine, sampling=SamplingParams(bad_words=((first, second),))).token_ids
        assert banned[0] == first
        assert banned[1] != second

    def test_no_ngram_repeats_itself(self, engine):
        tokens = self.ended(engine, max_new_tokens=30, sampling=SamplingParams(no_repeat_ngram_size=1)).token_ids
        assert len({*PROMPT, *tokens}) == len(PROMPT) + 30

    def test_log_probs_are_of_the_tokens_and_of_the_best(self, engine):
        recorder = self.ended(engine, returns_log_probs=True, num_top_log_probs=3)
        entries = [entry for output in recorder.outputs for entry in output.log_probs]
        assert [entry.top_ids[0] for entry in entries] == recorder.token_ids
        assert all(entry.chosen == pytest.approx(entry.top[0]) for entry in entries)
        assert all(0 >= entry.top[0] >= entry.top[1] >= entry.top[2] for entry in entries)
        assert recorder.outputs[-1].cum_log_prob == pytest.approx(sum(entry.chosen for entry in entries))

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
