"""Steps without Triton: what leaves when, what is merged, and what is cut."""

import numpy as np
import pytest

from executor.errors import RequestError
from executor.request import FinishReason, Output, TokenLogProbs
from executor.step_news import CANCELLED, FAILED, LENGTH, REFUSED, STOP
from subscribed import MAX_BACKLOG_TOKENS, Subscribed


class TestSteps:
    def test_the_first_response_says_that_it_is_there(self):
        assert Subscribed().channel.sent == [({}, False)]

    def test_the_news_of_a_step_leave_together_when_it_is_over(self):
        subscribed = Subscribed()
        first, second = subscribed.generate(7, 8)
        first.tell(Output((1,), cached_tokens=3))
        second.tell(Output((2,)))
        subscribed.deliveries.deliver()
        assert subscribed.channel.steps() == []
        subscribed.step()
        first.tell(Output((4,), FinishReason.STOP))
        subscribed.step()
        subscribed.step()
        assert subscribed.channel.steps() == [
            {
                "step": [1],
                "step_handles": [7, 8],
                "step_counts": [1, 1],
                "step_ids": [1, 2],
                "step_cached_tokens": [3, 0],
            },
            {"step": [2], "step_handles": [7], "step_counts": [1], "step_ids": [4], "step_ends": [STOP]},
        ]

    def test_steps_that_are_not_delivered_in_time_are_merged(self):
        subscribed = Subscribed()
        first, second = subscribed.generate(7, 8)
        for token in (1, 2):
            first.tell(Output((token,)))
            second.tell(Output((token + 10,)))
            subscribed.subscriptions.step_ended()
        subscribed.step()
        [step] = subscribed.channel.steps()
        assert (step["step_counts"], step["step_ids"]) == ([2, 2], [1, 2, 11, 12])

    def test_sequences_and_their_ends(self):
        subscribed = Subscribed()
        [generation] = subscribed.generate(7, num_return_sequences=2)
        generation.tell(Output((1,), FinishReason.LENGTH, sequence_index=1, others_open=1))
        generation.tell(Output((2,)))
        subscribed.step()
        generation.tell(Output((), FinishReason.CANCELLED))
        subscribed.step()
        first, last = subscribed.channel.steps()
        assert (first["step_sequences"], first["step_ends"], first["step_cached_tokens"]) == (
            [1, 0],
            [LENGTH, 0],
            [0, -1],
        )
        assert last == {"step": [2], "step_handles": [7], "step_counts": [0], "step_ids": [], "step_ends": [CANCELLED]}

    def test_an_error_comes_behind_all_else_of_its_request(self):
        subscribed = Subscribed()
        [generation] = subscribed.generate(7, num_return_sequences=2)
        for sequence in (0, 1):
            generation.tell(Output((sequence,), sequence_index=sequence))
        generation.tell(Output(error=RequestError("out of luck")))
        subscribed.step()
        [step] = subscribed.channel.steps()
        assert (step["step_sequences"], step["step_ends"]) == ([1, 0], [0, FAILED])
        assert (step["step_ids"], step["step_errors"]) == ([1, 0], [b"out of luck"])

    def test_without_streaming_a_sequence_is_told_of_at_its_end(self):
        subscribed = Subscribed()
        [generation] = subscribed.generate(7, streaming=False)
        assert generation.tell.subscriber is None
        generation.tell(Output((1,)))
        subscribed.step()
        assert subscribed.channel.steps() == []
        generation.tell(Output((2,), FinishReason.STOP))
        subscribed.step()
        assert subscribed.channel.steps()[0]["step_ids"] == [1, 2]

    def test_log_probs_are_of_those_that_asked(self):
        subscribed = Subscribed()
        entry = TokenLogProbs(-1.0, np.array([4, 5], np.int32), np.array([-0.5, -2.0], np.float32))
        for values in ({"return_log_probs": True}, {"num_logprobs": 2}, {}):
            [generation] = subscribed.generate(len(subscribed.engine.taken), **values)
            generation.tell(Output((9,), log_probs=(entry,) if values else ()))
        subscribed.step()
        [step] = subscribed.channel.steps()
        assert step["step_log_probs"] == [-1]
        assert (step["step_top_ids"], step["step_top_log_probs"]) == ([4, 5], [-0.5, -2])

    def test_news_in_arrays_and_in_objects_leave_in_one(self):
        subscribed = Subscribed()
        *_, third = subscribed.generate(7, 8, 9)
        third.tell(Output(error=RequestError("no", invalid=True)))
        subscribed.parts((7, 1), (8, 2), ends=[0, LENGTH])
        subscribed.step()
        [step] = subscribed.channel.steps()
        assert (step["step_handles"], step["step_ends"]) == ([7, 8, 9], [0, LENGTH, REFUSED])
        subscribed.generate(8, 9)
        with pytest.raises(RequestError, match="handle 7"):
            subscribed.generate(7)


class TestWindow:
    def test_no_more_leave_than_are_acknowledged(self):
        subscribed = Subscribed(window=1)
        [generation] = subscribed.generate(7)
        for token in (1, 2, 3):
            generation.tell(Output((token,)))
            subscribed.step()
        assert [step["step_ids"] for step in subscribed.channel.steps()] == [[1]]
        subscribed.acknowledge(1)
        assert [step["step_ids"] for step in subscribed.channel.steps()] == [[1], [2, 3]]
        with pytest.raises(RequestError, match=r"^acknowledged: 3 \(expected: 0 to 2, "):
            subscribed.acknowledge(3)

    def test_a_sequence_with_too_much_is_cut_and_ends_when_the_engine_says_so(self):
        subscribed = Subscribed(window=1)
        generation, other = subscribed.generate(7, 8)
        for token in range(MAX_BACKLOG_TOKENS + 2):
            generation.tell(Output((token,)))
            if token < 2:
                other.tell(Output((token,)))
            subscribed.step()
        assert (generation.cancelled, other.cancelled) == (True, False)
        generation.tell(Output((99,)))
        generation.tell(Output((), FinishReason.CANCELLED))
        subscribed.step()
        subscribed.acknowledge(1)
        step = subscribed.channel.steps()[1]
        assert step["step_ends"] == [0, FAILED]
        assert step["step_ids"] == [1, *range(1, MAX_BACKLOG_TOKENS + 2)]
        assert step["step_errors"] == [b"More than 5 tokens (max_backlog_tokens) were waiting for the client to read"]

    def test_a_sequence_in_arrays_is_cut_as_well(self):
        subscribed = Subscribed(window=1)
        generation, other = subscribed.generate(7, 8)
        for token in range(MAX_BACKLOG_TOKENS + 3):
            subscribed.parts((7, token), *([(8, token)] if token < 2 else []))
            subscribed.step()
        assert (generation.cancelled, other.cancelled) == (True, False)
        subscribed.parts((7, 99), ends=[CANCELLED])
        subscribed.step()
        subscribed.acknowledge(1)
        step = subscribed.channel.steps()[1]
        assert (step["step_handles"], step["step_ends"]) == ([7, 8, 7], [0, 0, FAILED])
        assert step["step_ids"] == [*range(1, MAX_BACKLOG_TOKENS + 2), 1]
        subscribed.generate(7)

    def test_many_steps_are_kept_as_one(self):
        subscribed = Subscribed(window=1)
        subscribed.generate(*range(100))
        for number in range(100):
            subscribed.parts((number, number))
            subscribed.step()
        subscribed.acknowledge(1)
        assert subscribed.channel.steps()[1]["step_ids"] == list(range(1, 100))
