"""Which tokens may not come next, by bad words and by repeated n-grams."""

from executor.batching.banned_tokens import BannedTokens


def banned(text, words=(), size=0, prompt=()):
    """What may not follow on `text`, of which `prompt` was there before the first token."""
    bans = BannedTokens(words, size, prompt)
    for token in text:
        bans.accept(token)
    return sorted(set(bans.next()))


def test_a_word_of_one_token_is_banned_always():
    assert banned([], words=((5,), (7,))) == [5, 7]
    assert banned([5, 6], words=((5,),)) == [5]


def test_a_longer_word_is_banned_where_it_would_be_completed():
    words = ((1, 2, 3), (2, 4))
    assert banned([], words) == []
    assert banned([1], words) == []
    assert banned([1, 2], words) == [3, 4]
    assert banned([9, 2], words) == [4]
    assert banned([1, 2, 9], words) == []


def test_words_with_one_beginning_are_all_banned():
    assert banned([1], words=((1, 2), (1, 3))) == [2, 3]


def test_a_word_may_begin_in_the_prompt():
    assert banned([], words=((1, 2, 3),), prompt=(9, 1, 2)) == [3]
    assert banned([2], words=((1, 2, 3),), prompt=(9, 1)) == [3]


def test_no_ngram_comes_twice():
    assert banned([1, 2, 3, 1], size=2) == [2]
    assert banned([1, 2, 3, 1, 2], size=3) == [3]
    assert banned([1, 2, 3, 2], size=3) == []
    assert banned([1, 2, 1, 3, 1], size=2) == [2, 3]


def test_a_size_of_one_bans_what_was_there():
    assert banned([4, 2], size=1, prompt=(7,)) == [2, 4, 7]


def test_ngrams_of_the_prompt_count():
    assert banned([1], size=2, prompt=(1, 2)) == [2]


def test_an_ngram_longer_than_the_text_bans_nothing():
    assert banned([1, 1, 1], size=9) == []


def test_both_bans_work_together():
    assert banned([1, 2, 1], words=((5,),), size=2) == [2, 5]


def test_without_either_nothing_is_banned():
    assert banned([1, 1, 1]) == []
