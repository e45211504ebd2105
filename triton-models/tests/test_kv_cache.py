"""Slots and tokens of the KV cache: who waits, what is kept, what is found again, what has to go."""

from random import Random

import pytest

from executor.batching.evaluator import Span
from executor.batching.kv_cache import KvCache
from executor.batching.sequence_group import SequenceGroup
from executor.errors import RequestError
from executor.request import FinishReason, GenerationRequest
from fakes import VOCAB_SIZE, CountingEvaluator

SYSTEM = tuple(range(1, 21))


class Bench:
    """A cache whose sequences the test runs by hand."""

    def __init__(self, slots=3, tokens=None, reuses=True, rewinds=True, block=1):
        self.evaluator = CountingEvaluator(slots, 64, tokens, rewinds)
        self.cache = KvCache(self.evaluator, block, reuses)

    def sequence(self, *prompt, tokens=4):
        group = SequenceGroup(GenerationRequest(prompt, tokens), lambda _: None, VOCAB_SIZE, lambda: None)
        return group.sequences[0]

    def admitted(self, *prompt, tokens=4):
        sequence = self.sequence(*prompt, tokens=tokens)
        assert self.cache.admit(sequence)
        return sequence

    def read(self, sequence):
        """Evaluates the rest of the prompt."""
        rest = sequence.request.prompt[sequence.evaluated :]
        self.evaluator.evaluate([Span(sequence.slot, sequence.evaluated, rest, wants_logits=False)])
        sequence.evaluated = len(sequence.request.prompt)
        return sequence

    def ended(self, *prompt, tokens=4):
        """The slot of a sequence that has been here and gone."""
        sequence = self.read(self.admitted(*prompt, tokens=tokens))
        sequence.end(FinishReason.LENGTH)
        self.cache.release(sequence)
        return sequence.slot


def test_slots_are_handed_out_and_taken_back():
    b = Bench(slots=2)
    first, second = b.admitted(1), b.admitted(2)
    assert {first.slot, second.slot} == {0, 1}
    assert not b.cache.admit(b.sequence(3))
    first.end(FinishReason.LENGTH)
    b.cache.release(first)
    assert b.admitted(3).slot == first.slot


def test_the_whole_length_is_promised():
    b = Bench(tokens=12)
    b.admitted(1, 2, tokens=6)
    assert b.cache.reserved == 8
    assert not b.cache.admit(b.sequence(3, tokens=4))
    b.admitted(3, tokens=3)


def test_what_is_kept_hinders_nobody():
    b = Bench(slots=3, tokens=64)
    b.ended(*SYSTEM)
    assert b.cache.fitting([32, 32, 1]) == 2
    b.admitted(50, tokens=63)
    assert b.evaluator.remembered() == 0


def test_a_prompt_goes_on_from_what_is_kept_in_place():
    b = Bench()
    slot = b.ended(*SYSTEM)
    sequence = b.admitted(*SYSTEM, 30, 31)
    assert (sequence.slot, sequence.evaluated) == (slot, len(SYSTEM))
    assert b.cache.reused == len(SYSTEM)
    assert b.evaluator.held(slot) == SYSTEM


def test_the_last_token_of_a_prompt_is_always_read():
    b = Bench()
    b.ended(*SYSTEM)
    sequence = b.admitted(*SYSTEM)
    assert sequence.evaluated == len(SYSTEM) - 1
    assert b.evaluator.held(sequence.slot) == SYSTEM[:-1]


def test_a_prompt_that_turns_off_leaves_what_is_kept_where_it_is():
    b = Bench()
    slot = b.ended(*SYSTEM, 30, 31)
    sequence = b.admitted(*SYSTEM, 40)
    assert sequence.slot != slot
    assert b.evaluator.held(sequence.slot) == SYSTEM
    assert b.evaluator.held(slot) == (*SYSTEM, 30, 31)


def test_without_another_slot_it_turns_off_in_place():
    b = Bench(slots=1)
    b.ended(*SYSTEM, 30, 31)
    sequence = b.admitted(*SYSTEM, 40)
    assert (sequence.slot, sequence.evaluated) == (0, len(SYSTEM))
    assert b.evaluator.held(0) == SYSTEM


def test_without_room_for_a_copy_it_turns_off_in_place():
    b = Bench(slots=2, tokens=40)
    slot = b.ended(*SYSTEM, 30, 31)
    sequence = b.admitted(*SYSTEM, 40, tokens=10)
    assert (sequence.slot, sequence.evaluated) == (slot, len(SYSTEM))
    assert b.evaluator.held(slot) == SYSTEM


def test_a_prompt_goes_on_from_a_running_sequence_as_far_as_that_is():
    b = Bench()
    running = b.admitted(*SYSTEM, 30, 31)
    b.evaluator.evaluate([Span(running.slot, 0, SYSTEM[:18], wants_logits=False)])
    running.evaluated = 18
    assert b.admitted(*SYSTEM, 40).evaluated == 18


def test_only_whole_blocks_are_reused():
    b = Bench(block=8)
    slot = b.ended(*SYSTEM)
    assert b.admitted(*SYSTEM[:7], 40, 41).evaluated == 0
    assert b.admitted(*SYSTEM[:15], 40, 41).evaluated == 8
    assert b.admitted(*SYSTEM, 40, 41).evaluated == 16
    assert b.evaluator.held(slot)[:16] == SYSTEM[:16]


def test_less_than_a_block_is_not_kept():
    b = Bench(block=len(SYSTEM) + 1)
    b.ended(*SYSTEM)
    assert b.evaluator.remembered() == 0


def test_the_longest_beginning_is_taken():
    b = Bench()
    b.ended(*SYSTEM, 30)
    b.ended(*SYSTEM, 40, 41)
    assert b.admitted(*SYSTEM, 40, 41, 42).evaluated == len(SYSTEM) + 2


def test_the_least_recently_used_goes_first():
    b = Bench(slots=2)
    first, second = b.ended(*SYSTEM), b.ended(*reversed(SYSTEM))
    b.ended(*SYSTEM, 30)
    assert b.admitted(50).slot == second
    assert b.evaluator.held(first) == (*SYSTEM, 30)


def test_no_more_is_kept_than_one_sequence_may_have():
    b = Bench(slots=4)
    first, *_ = [b.ended(*range(start, start + 20)) for start in (1, 2, 3, 4)]
    assert b.evaluator.remembered() == 60
    assert b.evaluator.held(first) == ()


def test_of_a_text_and_its_beginning_the_text_is_kept():
    b = Bench()
    b.ended(*SYSTEM, 30, 31)
    b.ended(*SYSTEM, 30)
    assert b.evaluator.remembered() == len(SYSTEM) + 2


def test_a_failed_sequence_leaves_nothing():
    b = Bench()
    sequence = b.read(b.admitted(*SYSTEM))
    sequence.fail(RequestError("no"))
    b.cache.release(sequence)
    assert b.evaluator.remembered() == 0
    assert b.admitted(*SYSTEM).evaluated == 0


def test_reuse_can_be_off():
    b = Bench(reuses=False)
    b.ended(*SYSTEM)
    assert b.evaluator.remembered() == 0
    b.read(b.admitted(*SYSTEM))
    assert b.admitted(*SYSTEM).evaluated == 0


def test_a_model_that_cannot_go_back_reads_everything():
    b = Bench(rewinds=False)
    b.ended(*SYSTEM)
    sequence = b.admitted(*SYSTEM, 30)
    assert sequence.evaluated == 0
    assert b.evaluator.held(sequence.slot) == ()
    assert b.cache.reused == 0


@pytest.mark.parametrize("seed", range(20))
def test_a_slot_holds_what_its_sequence_thinks_whatever_happens(seed):
    """Random comings and goings of related prompts in a cache that is too small for them."""
    random = Random(seed)
    b = Bench(slots=4, tokens=150)
    running = []
    for _ in range(200):
        if running and random.random() < 0.5:
            sequence = running.pop(random.randrange(len(running)))
            if random.random() < 0.1:
                sequence.fail(RequestError("no"))
            else:
                sequence.end(FinishReason.LENGTH)
            b.cache.release(sequence)
        else:
            prompt = SYSTEM[: random.choice((3, 18, 20))] + tuple(random.choices((30, 31), k=random.randrange(1, 20)))
            sequence = b.sequence(*prompt, tokens=random.randrange(1, 40))
            if b.cache.admit(sequence):
                assert b.evaluator.held(sequence.slot) == prompt[: sequence.evaluated] != prompt
                running.append(b.read(sequence))
        assert len({sequence.slot for sequence in running}) == len(running)
        assert all(b.evaluator.held(each.slot) == each.request.prompt for each in running)
        assert b.evaluator.remembered() <= 150
