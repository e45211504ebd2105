"""The compiler's threads: what is kept, what is shared, what is given up on."""

import threading

import pytest

from executor.errors import RequestError
from executor.guided.compiler import MOST_KEPT, GuideCompiler
from executor.guided.errors import GuideError
from executor.request import Guide, GuideType


def regex(text):
    return Guide(GuideType.REGEX, text)


class Counting:
    """Compiles a guide to its own text, once `go_on()` was called; `"bad"` raises."""

    def __init__(self):
        self.compiled = []
        self._may_go_on = threading.Event()

    def __call__(self, guide):
        assert self._may_go_on.wait(30)
        self.compiled.append(guide.text)
        if guide.text == "bad":
            raise ValueError("bad")
        return guide.text

    def go_on(self):
        self._may_go_on.set()


@pytest.fixture
def counting():
    counting = Counting()
    yield counting
    counting.go_on()


@pytest.fixture
def compiler(counting):
    compiler = GuideCompiler(counting, most_waiting=3)
    yield compiler
    compiler.close()


def test_a_guide_is_compiled_once(compiler, counting):
    first, second = compiler.compile(regex("a")), compiler.compile(regex("a"))
    counting.go_on()
    assert (first.result(30), second.result(30), compiler.compile(regex("a")).result(30)) == ("a", "a", "a")
    assert counting.compiled == ["a"]


def test_the_same_text_of_another_type_is_another_guide(compiler, counting):
    counting.go_on()
    compiler.compile(regex("a")).result(30)
    compiler.compile(Guide(GuideType.EBNF_GRAMMAR, "a")).result(30)
    assert counting.compiled == ["a", "a"]


def test_those_used_longest_ago_are_forgotten(compiler, counting):
    counting.go_on()
    for number in range(MOST_KEPT):
        compiler.compile(regex(str(number))).result(30)
    compiler.compile(regex("0")).result(30)
    compiler.compile(regex("one more")).result(30)
    compiler.compile(regex("0")).result(30)
    compiler.compile(regex("1")).result(30)
    assert counting.compiled.count("0") == 1
    assert counting.compiled.count("1") == 2


def test_a_failure_is_told_and_not_kept(compiler, counting):
    counting.go_on()
    for _ in range(2):
        with pytest.raises(ValueError, match="bad"):
            compiler.compile(regex("bad")).result(30)
    assert counting.compiled == ["bad", "bad"]


def test_no_more_than_so_many_may_wait(compiler, counting):
    futures = [compiler.compile(regex(text)) for text in "abc"]
    with pytest.raises(RequestError, match="Maximum queue size of 3 has been reached"):
        compiler.compile(regex("d"))
    assert compiler.compile(regex("a")) is futures[0]
    counting.go_on()
    assert [future.result(30) for future in futures] == ["a", "b", "c"]


def test_what_takes_too_long_is_given_up_on(counting):
    compiler = GuideCompiler(counting, seconds=0.01)
    with pytest.raises(
        GuideError, match=r"^guided decoding: limit exceeded: regex: takes longer than 0.01 s to compile$"
    ):
        compiler.compile(regex("a")).result(30)
    counting.go_on()
    compiler.close()
