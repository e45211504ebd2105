"""What any `Engine` has to do, whoever batches behind it. A test class of an engine inherits it and gives `engine`,
which tests may share, and `own_engine`, which one test closes.

The engine must have room for four requests of 40 tokens at once. Nothing is assumed of the model but that a greedy
request without end id runs on, and that it gives the same ids twice when alone. Engines may differ in what their
`capabilities` tell front ends; the tests hold them to it.
"""

import threading

import numpy as np
import pytest

from executor.errors import RequestError
from executor.request import FinishReason, GenerationRequest, SamplingParams
from fakes import PausingRecorder, Recorder
from triton_server import await_that

PROMPT = (5, 6, 7)


STEP_END = object()


class Diary:
    """What an engine tells and when its steps end, in one order."""

    def __init__(self, engine):
        self.entries = []
        engine.on_step_end(lambda: self.entries.append(STEP_END))

    def recorder(self):
        return _Diarist(self.entries)

    def await_end_of_step(self, recorder):
        """That after all that the recorder has heard a step ended."""
        await_that(lambda: STEP_END in self.entries[self._last(recorder) :])

    def most_news_in_a_step(self):
        steps = "".join("|" if entry is STEP_END else "x" for entry in self.entries).split("|")
        return max(map(len, steps))

    def _last(self, recorder):
        return max(place for place, entry in enumerate(self.entries) if entry is recorder)


class _Diarist(Recorder):
    def __init__(self, entries):
        super().__init__()
        self._entries = entries

    def __call__(self, output):
        self._entries.append(self)
        super().__call__(output)


class EngineDriver:
    """Asks an engine, and waits."""

    def run(self, engine, recorder=None, **rest):
        recorder = recorder or Recorder()
        request = GenerationRequest(**{"prompt": PROMPT, "max_new_tokens": 8, **rest})
        recorder.generation = engine.submit(request, recorder)
        return recorder

    def ended(self, engine, recorder=None, **rest):
        recorder = self.run(engine, recorder, **rest)
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

    def greedy(self, engine, **sampling):
        return self.ended(engine, sampling=SamplingParams(**sampling)).token_ids

    def honours(self, engine, tensor):
        return tensor not in engine.limits.capabilities.unsupported_inputs


class LifeContract(EngineDriver):
    """How requests begin, go on and end, whatever is generated."""

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

    def test_an_end_id_of_minus_one_never_ends_it(self, engine):
        assert self.ended(engine, end_id=-1).outputs[-1].finish_reason is FinishReason.LENGTH

    def test_the_same_seed_gives_the_same_ids(self, engine):
        sampling = SamplingParams(top_p=1.0, temperature=3.0, seed=7)
        first = self.ended(engine, sampling=sampling).token_ids
        assert self.ended(engine, sampling=sampling).token_ids == first

    def test_many_at_once_all_end(self, engine):
        recorders = [self.run(engine, prompt=(*PROMPT, number)) for number in range(12)]
        for recorder in recorders:
            assert recorder.await_end().finish_reason is FinishReason.LENGTH
            assert len(recorder.token_ids) == 8

    def test_several_greedy_sequences_are_the_same(self, engine):
        several = self.ended(engine, num_sequences=2)
        assert several.ids_of(0) == several.ids_of(1) == self.greedy(engine)

    def test_cancel_ends_a_running_request_within_one_step(self, engine):
        recorder = self.paused(engine)
        recorder.generation.cancel()
        recorder.go_on()
        assert recorder.await_end().finish_reason is FinishReason.CANCELLED
        assert len(recorder.token_ids) <= 2

    def test_cancel_ends_all_sequences_and_the_request_once(self, engine):
        longest = engine.limits.max_seq_len - len(PROMPT)
        recorder = self.run(engine, PausingRecorder(), num_sequences=3, max_new_tokens=longest)
        recorder.await_tokens(1)
        recorder.generation.cancel()
        recorder.generation.cancel()
        recorder.go_on()
        recorder.await_end()
        ends = [output for output in recorder.outputs if output.finish_reason]
        assert [end.finish_reason for end in ends] == [FinishReason.CANCELLED] * 3
        assert sorted(end.sequence_index for end in ends) == [0, 1, 2]
        assert [end.is_final for end in ends] == [False, False, True]

    def test_who_waits_for_the_end_can_be_cancelled(self, engine):
        held = self.paused(engine)
        recorder = self.run(engine, streams=False)
        recorder.generation.cancel()
        held.generation.cancel()
        held.go_on()
        assert recorder.await_end().finish_reason is FinishReason.CANCELLED

    def test_what_is_inside_is_counted(self, engine):
        await_that(lambda: engine.stats().active == 0)
        recorder = self.paused(engine)
        assert engine.stats().active == 1
        recorder.generation.cancel()
        recorder.go_on()
        recorder.await_end()
        await_that(lambda: engine.stats().active == 0)

    def test_cancel_after_the_end_changes_nothing(self, engine):
        recorder = self.ended(engine)
        recorder.generation.cancel()
        self.ended(engine)
        assert sum(output.is_final for output in recorder.outputs) == 1

    def test_every_piece_of_news_is_followed_by_the_end_of_its_step(self, engine):
        diary = Diary(engine)
        for rest in ({"max_new_tokens": 3}, {"num_sequences": 2, "max_new_tokens": 2}):
            diary.await_end_of_step(self.ended(engine, recorder=diary.recorder(), **rest))
        recorder = self.run(engine, diary.recorder(), max_new_tokens=engine.limits.max_seq_len - len(PROMPT))
        recorder.await_tokens(1)
        recorder.generation.cancel()
        recorder.await_end()
        diary.await_end_of_step(recorder)
        engine.on_step_end(lambda: None)

    def test_a_step_has_at_most_one_piece_of_news_of_a_sequence(self, engine):
        diary = Diary(engine)
        diary.await_end_of_step(self.ended(engine, recorder=diary.recorder()))
        engine.on_step_end(lambda: None)
        assert diary.most_news_in_a_step() == 1

    def test_close_ends_everything_with_an_error(self, own_engine):
        engine = own_engine
        diary = Diary(engine)
        first = self.paused(engine)
        others = [self.run(engine) for _ in range(7)]
        closing = threading.Thread(target=engine.close)
        closing.start()
        await_that(lambda: self.refuses(engine))
        first.go_on()
        closing.join(30)
        assert all(isinstance(recorder.await_end().error, RequestError) for recorder in [first, *others])
        assert diary.entries[-1] is STEP_END
        with pytest.raises(RequestError):
            self.run(engine)
        engine.close()


class EngineContract(LifeContract):
    """That, and what a model has to be there for. `reuses_kv_cache` is off where an engine is set not to."""

    reuses_kv_cache = True

    def test_as_many_as_run_together_are_told(self, engine):
        assert engine.stats().max >= 4

    def test_the_end_id_ends_it_and_is_not_among_the_tokens(self, engine):
        tokens = self.greedy(engine)
        recorder = self.ended(engine, end_id=tokens[3])
        assert recorder.token_ids == tokens[: tokens.index(tokens[3])]
        assert recorder.outputs[-1].finish_reason is FinishReason.STOP

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

    def test_whether_min_tokens_keeps_stop_words_of_one_token_away_is_told(self, engine):
        end = self.greedy(engine)[0]
        recorder = self.ended(engine, stop_words=((end,),), sampling=SamplingParams(min_tokens=4), max_new_tokens=4)
        if "stop_words_list" in engine.limits.capabilities.min_tokens_bans:
            assert len(recorder.token_ids) == 4
            assert end not in recorder.token_ids
        else:
            assert recorder.token_ids == [end]
            assert recorder.outputs[-1].finish_reason is FinishReason.STOP

    def test_the_first_of_several_stop_words_ends_it(self, engine):
        tokens = self.greedy(engine)
        words = ((tokens[5],), (tokens[2], tokens[3]), (tokens[4], tokens[6]))
        assert self.ended(engine, stop_words=words).token_ids == tokens[:4]

    def test_who_waits_for_the_end_gets_the_same(self, engine):
        tokens = self.greedy(engine)
        assert self.ended(engine, streams=False).token_ids == tokens
        stopped = self.ended(engine, streams=False, stop_words=((tokens[1], tokens[2]),))
        assert stopped.token_ids == tokens[:3]
        assert stopped.outputs[-1].finish_reason is FinishReason.STOP

    def test_another_seed_gives_other_ids(self, engine):
        ids = {
            tuple(self.ended(engine, sampling=SamplingParams(top_p=1.0, temperature=9.0, seed=seed)).token_ids)
            for seed in range(4)
        }
        assert len(ids) > 1

    def test_several_sequences_have_seeds_of_their_own_and_one_end(self, engine):
        sampling = SamplingParams(top_k=2, temperature=9.0, seed=4)
        recorder = self.ended(engine, num_sequences=6, sampling=sampling)
        ends = [output for output in recorder.outputs if output.finish_reason]
        assert sorted(end.sequence_index for end in ends) == list(range(6))
        assert [end.is_final for end in ends] == [False] * 5 + [True]
        assert len({tuple(recorder.ids_of(index)) for index in range(6)}) > 1
        assert all(len(recorder.ids_of(index)) == 8 for index in range(6))

    def test_sequence_i_draws_with_the_seed_plus_i(self, engine):
        wild = {"top_k": 2, "temperature": 9.0}
        several = self.ended(engine, num_sequences=3, sampling=SamplingParams(**wild, seed=2**64 - 1))
        for index, seed in enumerate((2**64 - 1, 0, 1)):
            assert several.ids_of(index) == self.greedy(engine, **wild, seed=seed)

    def test_one_candidate_or_no_temperature_is_greedy(self, engine):
        tokens = self.greedy(engine)
        assert self.greedy(engine, top_k=1, temperature=5.0, seed=3) == tokens
        assert self.greedy(engine, top_p=1.0, temperature=0.0, seed=3) == tokens

    def test_a_bias_can_decide(self, engine):
        bias = np.zeros(engine.limits.vocab_size, np.float32)
        bias[11] = 1000
        assert self.greedy(engine, embedding_bias=bias) == [11] * 8

    @pytest.mark.parametrize("penalty", ["presence_penalty", "frequency_penalty"])
    def test_penalties_count_the_prompt_and_the_answer(self, engine, penalty):
        tokens = self.ended(engine, max_new_tokens=20, sampling=SamplingParams(**{penalty: 1000.0})).token_ids
        assert len({*PROMPT, *tokens}) == len(PROMPT) + 20

    def test_min_p_leaves_the_best_alone_if_it_is_one(self, engine):
        assert self.greedy(engine, top_p=1.0, temperature=2.0, min_p=1.0) == self.greedy(engine)

    def test_a_prompt_that_was_there_is_cached_unless_that_is_off(self, engine):
        prompt = tuple(range(5, 29))
        first = self.ended(engine, prompt=prompt)
        again = self.ended(engine, prompt=prompt)
        assert again.token_ids == first.token_ids
        assert again.outputs[0].cached_tokens < len(prompt)
        assert (again.outputs[0].cached_tokens > 0) == self.reuses_kv_cache

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
        top = 3 if self.honours(engine, "num_logprobs") else 0
        recorder = self.ended(engine, returns_log_probs=True, num_top_log_probs=top)
        entries = [entry for output in recorder.outputs for entry in output.log_probs]
        assert len(entries) == len(recorder.token_ids) == 8
        assert all(entry.chosen <= 0 and len(entry.top_ids) == len(entry.top) == top for entry in entries)
        assert recorder.outputs[-1].cum_log_prob == pytest.approx(sum(entry.chosen for entry in entries))
        if top:
            assert [entry.top_ids[0] for entry in entries] == recorder.token_ids
            assert all(entry.chosen == pytest.approx(entry.top[0]) for entry in entries)
            assert all(entry.top[0] >= entry.top[1] >= entry.top[2] for entry in entries)

    def test_the_end_id_has_no_log_prob_but_counts_in_the_sum(self, engine):
        end = self.greedy(engine)[3]
        recorder = self.ended(engine, end_id=end, returns_log_probs=True)
        entries = [entry.chosen for output in recorder.outputs for entry in output.log_probs]
        assert len(entries) == len(recorder.token_ids)
        assert recorder.outputs[-1].cum_log_prob < sum(entries)
