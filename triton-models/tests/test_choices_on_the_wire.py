"""Several sequences, log-probabilities, banned tokens and reuse of the KV cache, over the wire from the real server."""

from itertools import pairwise

import numpy as np
import pytest
from prompts import END_OF_TURN, FRANCE, TOKENIZER_FILE, chat

from triton_server import await_that, ids_of

WILD = {"runtime_top_p": 1.0, "temperature": 2.0}
CAPITALS = {"France": "Paris", "Italy": "Rome", "Germany": "Berlin", "Spain": "Madrid", "Japan": "Tokyo"}
LONG_CHAT = chat("Once upon a time " * 30)


def by_sequence(responses):
    """The responses of each sequence, by its index."""
    indexes = sorted({response.number("sequence_index") for response in responses})
    return {index: [each for each in responses if each.number("sequence_index") == index] for index in indexes}


def word_list(*words):
    """In the layout of stop words and bad words."""
    ids = [token for word in words for token in word]
    ends = np.cumsum([len(word) for word in words]).tolist()
    return np.array([ids, ends + [-1] * (len(ids) - len(ends))], np.int32)


def floats(response, name):
    return response.array(name).reshape(-1).tolist()


class TestSequences:
    def test_streams_interleave_and_the_final_flag_comes_once(self, client):
        responses = client.ask(FRANCE, 6, streaming=True, num_return_sequences=3, seed=5, **WILD)
        sequences = by_sequence(responses)
        assert list(sequences) == [0, 1, 2]
        assert [response.is_final for response in responses] == [False] * (len(responses) - 1) + [True]
        for own in sequences.values():
            assert len(ids_of(own)) == 6
            assert ["finish_reason" in response.outputs for response in own] == [False] * (len(own) - 1) + [True]
            assert own[-1].finish_reason == "length"
        assert ["num_input_tokens" in response.outputs for response in responses] == [True] + [False] * (
            len(responses) - 1
        )

    def test_sequence_i_is_the_request_with_seed_plus_i(self, exact_client):
        together = by_sequence(exact_client.ask(FRANCE, 6, num_return_sequences=3, seed=2**64 - 2, **WILD))
        alone = [ids_of(exact_client.ask(FRANCE, 6, seed=seed, **WILD)) for seed in (2**64 - 2, 2**64 - 1, 0)]
        assert [ids_of(own) for own in together.values()] == alone
        assert len({tuple(ids) for ids in alone}) == 3

    def test_without_streaming_each_sequence_has_one_response(self, exact_client):
        streamed = by_sequence(exact_client.ask(FRANCE, 6, streaming=True, num_return_sequences=3, **WILD))
        responses = exact_client.ask(FRANCE, 6, num_return_sequences=3, **WILD)
        assert len(responses) == 3
        assert {index: ids_of(own) for index, own in by_sequence(responses).items()} == {
            index: ids_of(own) for index, own in streamed.items()
        }
        assert all(response.finish_reason == "length" for response in responses)

    def test_more_of_them_than_run_together_take_turns(self, exact_client):
        sequences = by_sequence(exact_client.ask(FRANCE, 3, num_return_sequences=9, **WILD))
        assert [len(ids_of(own)) for own in sequences.values()] == [3] * 9

    def test_one_sequence_has_no_index(self, client):
        [response] = client.ask(FRANCE, 1, num_return_sequences=1)
        assert "sequence_index" not in response.outputs

    def test_they_end_one_by_one(self, exact_client):
        first, second = [ids_of(exact_client.ask(FRANCE, 8, seed=seed, **WILD)) for seed in (0, 1)]
        end = next(token for token in second if token not in first)
        sequences = by_sequence(exact_client.ask(FRANCE, 8, streaming=True, num_return_sequences=2, end_id=end, **WILD))
        assert (sequences[0][-1].finish_reason, ids_of(sequences[0])) == ("length", first)
        assert (sequences[1][-1].finish_reason, ids_of(sequences[1])) == ("stop", second[: second.index(end)])

    def test_a_stop_ends_them_all(self, batching, client):
        client.generate(FRANCE, 4000, request_id="n", streaming=True, num_return_sequences=20)
        client.next()
        await_that(lambda: batching.requests("active") == 20)
        with batching.connect() as other:
            other.send(
                "n",
                input_ids=np.zeros((1, 1), np.int32),
                input_lengths=np.zeros((1, 1), np.int32),
                request_output_len=np.zeros((1, 1), np.int32),
                stop=np.ones((1, 1), np.bool_),
            )
            assert other.next().is_final
        responses = client.rest()
        ends = [response for response in responses if "finish_reason" in response.outputs]
        assert [end.finish_reason for end in ends] == ["cancelled"] * 20
        assert sorted(end.number("sequence_index") for end in ends) == list(range(20))
        assert responses[-1] is ends[-1]
        await_that(lambda: batching.requests("active") == 0)

    def test_a_client_that_leaves_ends_them_all(self, batching):
        with batching.connect() as leaving:
            leaving.generate(FRANCE, 4000, streaming=True, num_return_sequences=20)
            leaving.next()
        await_that(lambda: batching.requests("active") == 0)
        await_that(lambda: batching.gauge("nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", "used") == 0)


class TestLogProbs:
    def test_a_stream_tells_all_of_them_again_and_again(self, client):
        responses = client.ask(FRANCE, 5, streaming=True, return_log_probs=True)
        sent = 0
        for response in responses:
            sent += response.number("sequence_length")
            assert response.array("output_log_probs").shape == (1, 1, sent)
            assert response.array("cum_log_probs").shape == (1, 1)
            assert response.number("cum_log_probs") == pytest.approx(
                sum(floats(response, "output_log_probs")), abs=1e-4
            )
        whole = floats(responses[-1], "output_log_probs")
        assert whole[: len(floats(responses[0], "output_log_probs"))] == floats(responses[0], "output_log_probs")
        assert all(value <= 0 for value in whole)

    def test_streaming_or_not_they_are_the_same(self, exact_client):
        asked = {"return_log_probs": True, "num_logprobs": 3, **WILD}
        streamed = exact_client.ask(FRANCE, 6, streaming=True, **asked)
        [response] = exact_client.ask(FRANCE, 6, **asked)
        assert floats(streamed[-1], "output_log_probs") == floats(response, "output_log_probs")
        for name in ("top_logprob_ids", "top_logprobs"):
            together = np.concatenate([each.array(name) for each in streamed], axis=1)
            assert np.array_equal(together, response.array(name))
            assert response.array(name).shape == (1, 6, 3)

    def test_the_best_of_a_greedy_request_are_its_tokens(self, client):
        [response] = client.ask(FRANCE, 5, return_log_probs=True, num_logprobs=2)
        assert response.array("top_logprob_ids")[0, :, 0].tolist() == response.ids
        assert response.array("top_logprobs")[0, :, 0].tolist() == floats(response, "output_log_probs")
        assert (np.diff(response.array("top_logprobs"), axis=2) <= 0).all()

    def test_the_probabilities_of_all_tokens_are_one(self, exact_client):
        [response] = exact_client.ask(FRANCE, 1, num_logprobs=100, temperature=0.5)
        assert np.exp(response.array("top_logprobs").astype(np.float64)).sum() == pytest.approx(1, abs=1e-3)

    def test_the_end_id_is_in_the_sum_only(self, exact_client):
        ids = ids_of(exact_client.ask(FRANCE, 12))
        [whole] = exact_client.ask(FRANCE, 12, return_log_probs=True)
        end = ids.index(ids[5])
        [ended] = exact_client.ask(FRANCE, 12, end_id=ids[5], return_log_probs=True, num_logprobs=1)
        values = floats(whole, "output_log_probs")
        assert floats(ended, "output_log_probs") == values[:end]
        assert ended.array("top_logprobs").shape == (1, end, 1)
        assert ended.number("cum_log_probs") == pytest.approx(sum(values[: end + 1]), abs=1e-4)

    def test_an_end_at_once_has_empty_ones(self, exact_client):
        first = ids_of(exact_client.ask(FRANCE, 1))[0]
        [response] = exact_client.ask(FRANCE, 4, end_id=first, return_log_probs=True, num_logprobs=2)
        assert response.array("output_log_probs").shape == (1, 1, 0)
        assert response.array("top_logprob_ids").shape == response.array("top_logprobs").shape == (1, 0, 2)
        assert response.number("cum_log_probs") < 0

    def test_a_stop_word_has_its_own(self, exact_client):
        ids = ids_of(exact_client.ask(FRANCE, 3))
        [response] = exact_client.ask(FRANCE, 8, stop_words_list=word_list(ids[1:3]), return_log_probs=True)
        assert response.ids == ids
        assert len(floats(response, "output_log_probs")) == 3

    def test_each_sequence_has_its_own(self, exact_client):
        responses = exact_client.ask(FRANCE, 4, num_return_sequences=2, return_log_probs=True, num_logprobs=1, **WILD)
        for index, [response] in by_sequence(responses).items():
            [alone] = exact_client.ask(FRANCE, 4, seed=index, return_log_probs=True, num_logprobs=1, **WILD)
            for name in ("output_log_probs", "cum_log_probs", "top_logprob_ids", "top_logprobs"):
                assert np.array_equal(response.array(name), alone.array(name))

    def test_they_are_not_sent_unasked(self, client):
        [response] = client.ask(FRANCE, 1)
        assert not {"output_log_probs", "cum_log_probs", "top_logprob_ids", "top_logprobs"} & set(response.outputs)
        [response] = client.ask(FRANCE, 1, num_logprobs=1)
        assert "output_log_probs" not in response.outputs


class TestBans:
    def test_a_bad_word_of_one_token_does_not_come(self, exact_client):
        ids = ids_of(exact_client.ask(FRANCE, 8))
        banned = ids_of(exact_client.ask(FRANCE, 8, bad_words_list=word_list(ids[:1], ids[3:4])))
        assert not {ids[0], ids[3]} & set(banned)

    def test_a_longer_bad_word_only_loses_its_end(self, exact_client):
        ids = ids_of(exact_client.ask(FRANCE, 4))
        banned = ids_of(exact_client.ask(FRANCE, 4, bad_words_list=word_list(ids[:3])))
        assert banned[:2] == ids[:2]
        assert banned[2] != ids[2]

    def test_a_bad_word_may_begin_in_the_prompt(self, exact_client):
        first = ids_of(exact_client.ask(FRANCE, 1))[0]
        assert ids_of(exact_client.ask(FRANCE, 1, bad_words_list=word_list([FRANCE[-1], first]))) != [first]

    def test_an_end_id_can_be_a_bad_word(self, exact_client):
        first = ids_of(exact_client.ask(FRANCE, 1))[0]
        [response] = exact_client.ask(FRANCE, 3, end_id=first, bad_words_list=word_list([first]))
        assert len(response.ids) == 3

    def test_empty_bad_words_are_none(self, exact_client):
        ids = ids_of(exact_client.ask(FRANCE, 2))
        assert ids_of(exact_client.ask(FRANCE, 2, bad_words_list=np.empty((2, 0), np.int32))) == ids

    @pytest.mark.parametrize(
        ("rows", "error"),
        [
            ([[5, 6], [2, 1]], "bad_words_list: Sparse list must not have non-increasing offsets: 5 6 2 1"),
            ([[5, 6], [3, -1]], "bad_words_list: Sparse list must not have out-of-bound offsets: 5 6 3 -1"),
            ([[5, 6], [-1, 2]], "bad_words_list: Sparse list must not have additional -1s: 5 6 -1 2"),
            ([[5, 49152], [2, -1]], "bad_words_list: 49152 (expected: 0 to 49151)"),
        ],
    )
    def test_faulty_bad_words_are_refused_by_name(self, client, rows, error):
        [response] = client.ask(FRANCE, 1, bad_words_list=np.array(rows, np.int32))
        assert response.error.endswith(error)

    def test_when_nothing_is_left_the_request_fails_and_others_do_not(self, client):
        [response] = client.ask(FRANCE, 2, bad_words_list=word_list(*[[token] for token in range(49152)]))
        assert "every token is banned" in response.error
        assert client.ask(FRANCE, 1)[-1].finish_reason == "length"

    def test_no_ngram_comes_twice(self, exact_client):
        loop = chat("Say yes. " * 8)
        ids = ids_of(exact_client.ask(loop, 24, no_repeat_ngram_size=2))
        text = [*loop, *ids]
        for at in range(len(loop), len(text)):
            assert (text[at - 1], text[at]) not in set(pairwise(text[:at]))


class TestReuse:
    def test_what_was_read_before_is_not_read_again(self, batching, client):
        [first] = client.ask(LONG_CHAT, 4)
        context = batching.gauge("nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", "reused")
        [again] = client.ask([*LONG_CHAT, *first.ids, 28], 4)
        cached = (len(LONG_CHAT) + 3) // 64 * 64
        assert again.number("cached_tokens") == cached > 64
        assert again.number("num_input_tokens") == len(LONG_CHAT) + 5
        reused = batching.gauge("nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", "reused")
        assert reused - context == cached

    def test_the_answer_stays_right(self, client):
        prompt = chat("I have been to Rome and to Milan. " * 8 + "What is the capital of Italy?")
        [first] = client.ask(prompt, 8)
        [again] = client.ask(prompt, 8)
        assert again.number("cached_tokens") == (len(prompt) - 1) // 64 * 64 > 0
        assert again.ids == first.ids
        assert "Rome" in TOKENIZER_FILE.decode(again.ids)

    def test_it_is_told_in_the_first_response_only(self, client):
        responses = client.ask(FRANCE, 4, streaming=True)
        assert ["cached_tokens" in response.outputs for response in responses] == [True] + [False] * (
            len(responses) - 1
        )

    def test_sequences_do_not_count_what_they_have_from_each_other(self, client):
        prompt = chat("Count the stars of the southern sky, slowly and one by one, please, dear model.")
        responses = client.ask(prompt, 4, num_return_sequences=20, **WILD)
        assert [each.number("cached_tokens") for each in responses if "cached_tokens" in each.outputs] == [0]

    def test_never_under_deterministic(self, exact_client):
        assert [exact_client.ask(FRANCE, 2)[0].number("cached_tokens") for _ in range(2)] == [0, 0]

    def test_many_clients_beyond_the_slots_are_served_right(self, batching):
        """Slots are kept, shared, cut and evicted under this; nobody gets anybody else's answer."""
        with batching.connect() as client:
            for number in range(40):
                country = list(CAPITALS)[number % len(CAPITALS)]
                client.generate(chat(f"What is the capital of {country}?"), 8, request_id=f"{country} {number}")
            answers = {response.request_id: response.ids for response in (client.next() for _ in range(40))}
        for request_id, ids in answers.items():
            assert CAPITALS[request_id.split()[0]] in TOKENIZER_FILE.decode(ids)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"num_return_sequences": 0}, "num_return_sequences: 0 (expected: 1 to 256)"),
        ({"num_return_sequences": 257}, "num_return_sequences: 257 (expected: 1 to 256)"),
        ({"num_logprobs": -1}, "num_logprobs: -1 (expected: 0 to 100)"),
        ({"num_logprobs": 101}, "num_logprobs: 101 (expected: 0 to 100)"),
        ({"no_repeat_ngram_size": -1}, "no_repeat_ngram_size: -1 (expected: 0 to 64)"),
    ],
)
def test_values_out_of_range_are_refused_by_name(client, values, error):
    [response] = client.ask([END_OF_TURN], 1, **values)
    assert error in response.error
