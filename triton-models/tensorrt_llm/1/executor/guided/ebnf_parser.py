"""Reads a grammar in the EBNF that GBNF (llama.cpp) and xgrammar have in common.

    # a comment
    root  ::= item ("," item)*      a rule goes on until the next `name ::=`, over line ends too
    item  ::= "text" | [a-z0-9]{1,8} | [^"\\n] | . | (other?)

A backslash makes a control character of n, r, t, f, v, b, a, e and 0, a character of xHH, uHHHH and UHHHHHHHH, and
leaves quotes, brackets, `\\`, `?`, `/`, `-` and `^` as they are. Not understood are the other things of xgrammar, its
lookahead `(= ...)` and its macros (`TagDispatch` and the like).
"""

import re
from dataclasses import dataclass

from . import charset
from .charset import CharSet

DEEPEST = 100
MOST_REPEATS = 100_000

_SPACE = re.compile(r"(?:\s|#[^\n]*)*")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_DEFINES = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*::=")
_BOUNDS = re.compile(r"\{\s*(\d{1,9})\s*(,\s*(\d{1,9})?\s*)?\}")
_HEX = {"x": 2, "u": 4, "U": 8}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "b": "\b", "a": "\a", "e": "\x1b", "0": "\0"}
_ITSELF = "'\"\\?/[]-^"
_TIMES = {"*": (0, None), "+": (1, None), "?": (0, 1)}


class MalformedGrammar(Exception):
    """Says what is wrong, and in which line."""


@dataclass(frozen=True)
class Text:
    value: str


@dataclass(frozen=True)
class Chars:
    """One character of a set."""

    chars: CharSet


@dataclass(frozen=True)
class Ref:
    name: str


@dataclass(frozen=True)
class Seq:
    items: tuple


@dataclass(frozen=True)
class Alt:
    items: tuple


@dataclass(frozen=True)
class Repeat:
    """`most` None: without end."""

    item: object
    least: int
    most: int | None


def parse(text):
    """The rules by name, `root` among them, every reference defined; raises `MalformedGrammar`."""
    rules = _Parser(text).rules()
    if "root" not in rules:
        raise MalformedGrammar("no rule is named root")
    for node in rules.values():
        for name in references(node):
            if name not in rules:
                raise MalformedGrammar(f"rule {name} is not defined")
    return rules


def references(node):
    """The names that a node refers to, in order."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Ref):
            yield node.name
        elif isinstance(node, (Seq, Alt)):
            waiting += reversed(node.items)
        elif isinstance(node, Repeat):
            waiting.append(node.item)


class _Parser:
    def __init__(self, text):
        self._text = text
        self._at = 0
        self._depth = 0

    def rules(self):
        rules = {}
        self._skip()
        while self._at < len(self._text):
            name = self._match(_NAME) or self._fail("a rule's name is expected")
            self._match(_DEFINES) or self._fail("::= is expected")
            if name in rules:
                self._fail(f"rule {name} is defined twice")
            self._skip()
            rules[name] = self._alternatives()
        return rules

    def _alternatives(self):
        items = [self._sequence()]
        while self._take("|"):
            items.append(self._sequence())
        return items[0] if len(items) == 1 else Alt(tuple(items))

    def _sequence(self):
        items = []
        while self._peek() not in ("", "|", ")") and not self._at_rule():
            items.append(self._repeated(self._item()))
        return items[0] if len(items) == 1 else Seq(tuple(items))

    def _at_rule(self):
        name = _NAME.match(self._text, self._at)
        return name and _DEFINES.match(self._text, name.end())

    def _item(self):
        char = self._peek()
        if char == '"':
            return self._literal()
        if char == "[":
            return self._class()
        if self._take("."):
            return Chars(charset.ANY)
        if self._take("("):
            return self._group()
        name = self._match(_NAME) or self._fail("a literal, a class, a rule or ( is expected")
        return Ref(name)

    def _group(self):
        if self._peek() == "=":
            self._fail("lookahead (= ...) is not supported")
        self._depth += 1
        if self._depth > DEEPEST:
            self._fail(f"parentheses are more than {DEEPEST} deep")
        node = self._alternatives()
        self._take(")") or self._fail(") is expected")
        self._depth -= 1
        return node

    def _repeated(self, node):
        char = self._peek()
        if char == "{":
            return Repeat(node, *self._bounds())
        if char not in _TIMES:
            return node
        self._take(char)
        return Repeat(node, *_TIMES[char])

    def _bounds(self):
        found = _BOUNDS.match(self._text, self._at) or self._fail("{n}, {n,} or {n,m} is expected")
        least = int(found[1])
        most = least if not found[2] else int(found[3]) if found[3] else None
        if max(least, most or 0) > MOST_REPEATS:
            self._fail(f"more than {MOST_REPEATS} repetitions")
        if most is not None and most < least:
            self._fail("the repetition has no end")
        self._at = found.end()
        self._skip()
        return least, most

    def _literal(self):
        self._at += 1
        chars = []
        while (char := self._raw()) != '"':
            chars.append(self._escape() if char == "\\" else char)
        self._skip()
        return Text("".join(chars))

    def _class(self):
        self._at += 1
        negated = self._text.startswith("^", self._at)
        self._at += negated
        ranges = []
        while not self._text.startswith("]", self._at):
            low = self._class_char()
            ranges.append((low, self._range_end(low)))
        self._at += 1
        self._skip()
        chars = CharSet(ranges)
        chars = ~chars if negated else chars
        return Chars(chars) if chars else self._fail("the class is empty")

    def _range_end(self, low):
        if not self._text.startswith("-", self._at) or self._text.startswith("]", self._at + 1):
            return low
        self._at += 1
        high = self._class_char()
        return high if high >= low else self._fail("the range is out of order")

    def _class_char(self):
        char = self._raw()
        return ord(self._escape() if char == "\\" else char)

    def _escape(self):
        char = self._raw()
        if char in _ITSELF:
            return char
        if char in _ESCAPES:
            return _ESCAPES[char]
        digits = self._text[self._at : self._at + _HEX.get(char, 0)]
        if not re.fullmatch(r"[0-9A-Fa-f]+", digits) or len(digits) != _HEX[char]:
            self._fail(f"the escape \\{char} is not known")
        code = int(digits, 16)
        if code > charset.LAST or charset.SURROGATES[0] <= code <= charset.SURROGATES[1]:
            self._fail(f"the escape \\{char}{digits} is no character")
        self._at += len(digits)
        return chr(code)

    def _raw(self):
        if self._at >= len(self._text):
            self._fail("the grammar ends too early")
        self._at += 1
        return self._text[self._at - 1]

    def _peek(self):
        return self._text[self._at : self._at + 1]

    def _take(self, char):
        if self._peek() != char:
            return False
        self._at += 1
        self._skip()
        return True

    def _match(self, pattern):
        found = pattern.match(self._text, self._at)
        if not found:
            return None
        self._at = found.end()
        self._skip()
        return found[0]

    def _skip(self):
        self._at = _SPACE.match(self._text, self._at).end()

    def _fail(self, what):
        line = self._text.count("\n", 0, self._at) + 1
        raise MalformedGrammar(f"line {line}: {what}")
