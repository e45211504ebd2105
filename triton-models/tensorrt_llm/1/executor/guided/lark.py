"""The pieces of llguidance's Lark, as text.

Names in capitals are terminals, each a regular expression that the lexer matches as far as it can; all others are
rules. A special token of the model is no text to llguidance: it is named by its number, and never inside a terminal.
"""

import json
import re
from dataclasses import dataclass

from llguidance import regex_to_lark

HEADER = "%llguidance {}\n"
ANY_TEXT = "/(?s:.*)/"


@dataclass(frozen=True)
class Token:
    """One special token."""

    id: int

    def __str__(self):
        return f"<[{self.id}]>"


@dataclass(frozen=True)
class Plain:
    """Ordinary text, never empty."""

    text: str

    def __str__(self):
        return quoted(self.text)


class SpecialTokens:
    """Finds the special tokens of a model in literal text."""

    def __init__(self, ids_by_text):
        self._ids = {text: token for text, token in ids_by_text.items() if text}
        longest_first = sorted(self._ids, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def among(self, text):
        """Whether there is one in the text."""
        return self._pattern.search(text) is not None

    def begin(self, text):
        """Whether the text begins with one."""
        return self._pattern.match(text) is not None

    def split(self, text):
        """The text in pieces, `Token` or `Plain`."""
        pieces, start = [], 0
        for found in self._pattern.finditer(text):
            if found.start() > start:
                pieces.append(Plain(text[start : found.start()]))
            pieces.append(Token(self._ids[found[0]]))
            start = found.end()
        return [*pieces, Plain(text[start:])] if start < len(text) else pieces


def quoted(text):
    """A string literal; Lark's are those of JSON, without the control character 7f."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def literal(pieces):
    return " ".join(map(str, pieces)) or '""'


def regex(pattern):
    """A regular expression that has to match all of a text; anchors around it say so once more."""
    pattern = pattern.removeprefix("^")
    if pattern.endswith("$") and (len(pattern) - len(pattern[:-1].rstrip("\\"))) % 2:
        pattern = pattern[:-1]
    return f"/{regex_to_lark(pattern, 'd')}/" if pattern else quoted("")


class LarkWriter:
    """Gathers rules and terminals under names of its own."""

    def __init__(self):
        self._lines = [HEADER]
        self._count = 0

    def rule(self, expression, lazy=False):
        """The name of a new rule; a lazy one is a single terminal that ends as early as it can."""
        return self.define(self.reserve("r"), expression, lazy)

    def terminal(self, expression):
        return self.define(self.reserve("T"), expression)

    def reserve(self, kind):
        """A name to define later, for rules that refer to each other."""
        self._count += 1
        return f"{kind}{self._count}"

    def define(self, name, expression, lazy=False):
        self._lines.append(f"{name}{'[lazy]' if lazy else ''}: {expression or quoted('')}\n")
        return name

    def grammar(self, start):
        return "".join([*self._lines, f"start: {start or quoted('')}\n"])
