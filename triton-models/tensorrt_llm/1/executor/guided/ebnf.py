"""Turns an EBNF grammar into Lark rules for llguidance, so that each part the lexer can take whole is one terminal."""

from . import charset, lark
from .ebnf_analysis import Analysis
from .ebnf_parser import Alt, Chars, Ref, Repeat, Text, parse


def write_ebnf(text, special, writer, follow=charset.NONE):
    """Adds the grammar to a `LarkWriter`; answers the name of what stands for its root.

    `follow` has the characters that may come behind it. Raises `MalformedGrammar` or `TooTangled`.
    """
    return _Conversion(parse(text), special, writer, follow).root()


class _Conversion:
    def __init__(self, rules, special, writer, follow):
        self._rules = rules
        self._special = special
        self._writer = writer
        self._analysis = Analysis(rules, special, follow)
        self._names = {name: writer.reserve("r") for name in self._analysis.order}
        self._terminals = {}

    def root(self):
        for name, written in self._names.items():
            self._writer.define(written, self._expression(self._rules[name], self._analysis.follow(name)))
        return self._names["root"]

    def _expression(self, node, follow):
        if isinstance(node, Text):
            return lark.literal(self._special.split(node.value))
        if isinstance(node, Chars):
            return f"/{node.chars.regex()}/"
        if self._analysis.is_terminal(node, follow):
            return self._terminal(node)
        if isinstance(node, Ref):
            return self._names[node.name]
        if isinstance(node, Repeat):
            return self._repeat(node, self._expression(node.item, self._analysis.inside(node, follow)))
        if isinstance(node, Alt):
            return "(" + " | ".join(self._expression(item, follow) for item in node.items) + ")"
        return self._sequence(node, follow)

    def _sequence(self, node, follow):
        pairs = self._analysis.in_turn(node.items, follow)
        parts = [self._expression(item, after) for item, after in pairs if item is not None]
        return "(" + " ".join(reversed(parts)) + ")" if parts else lark.quoted("")

    def _terminal(self, node):
        if node not in self._terminals:
            self._terminals[node] = self._writer.terminal(self._regular(node))
        return self._terminals[node]

    def _regular(self, node):
        """The same inside a terminal."""
        if isinstance(node, Text):
            return lark.quoted(node.value)
        if isinstance(node, Chars):
            return f"/{node.chars.regex()}/"
        if isinstance(node, Ref):
            return self._terminal(self._rules[node.name])
        if isinstance(node, Repeat):
            return self._repeat(node, self._regular(node.item))
        joint = " | " if isinstance(node, Alt) else " "
        return "(" + joint.join(map(self._regular, node.items)) + ")" if node.items else lark.quoted("")

    def _repeat(self, node, item):
        if node.most is None and node.least < 2:
            return f"({item}){'*+'[node.least]}"
        most = "" if node.most is None else node.most
        return f"({item}){{{node.least},{most}}}"
