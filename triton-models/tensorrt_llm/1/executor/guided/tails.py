"""What comes behind a part of a grammar, as far as that part has to know it."""

from dataclasses import dataclass

from . import charset, lark


@dataclass(frozen=True)
class End:
    """Nothing, all is over."""


@dataclass(frozen=True)
class Marked:
    """One of some fixed texts, none of them empty, each with the expression behind it."""

    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Behind:
    """Something of which only the expression is known."""

    expression: str


END = End()


class Tails:
    """Writes parts together with their tails."""

    def __init__(self, special, writer):
        self._special = special
        self._writer = writer

    def expression(self, tail):
        """What a tail is written as; short, however long the tail is."""
        if isinstance(tail, Behind):
            return tail.expression
        if isinstance(tail, End):
            return ""
        return self._writer.rule(" | ".join(f"{self._literal(marker)} {rest}" for marker, rest in tail.options))

    def shared(self, tail):
        """The same tail, to be used several times without being written as often."""
        if isinstance(tail, Marked):
            return Marked(tuple((marker, rest and self._writer.rule(rest)) for marker, rest in tail.options))
        return tail

    def join(self, expression, tail):
        return f"{expression} {self.expression(tail)}".rstrip()

    def first(self, tail):
        """The characters it may begin with."""
        if isinstance(tail, Behind):
            return charset.ANY
        chars = charset.NONE
        for marker, _ in tail.options if isinstance(tail, Marked) else ():
            chars |= charset.NONE if self._special.begin(marker) else charset.of(marker[0])
        return chars

    def up_to(self, regex, tail):
        """Text of a regular expression as far as the first marker behind it."""
        if not isinstance(tail, Marked):
            return self.join(self._writer.terminal(regex), tail)
        return "(" + " | ".join(self._marked(regex, marker, rest) for marker, rest in tail.options) + ")"

    def _marked(self, regex, marker, rest):
        first, *others = self._special.split(marker)
        behind = f"{lark.literal(others) if others else ''} {rest}".strip()
        if isinstance(first, lark.Token):
            return f"{self._writer.terminal(regex)} {first} {behind}".rstrip()
        if others:  # the lexer sees where the text ends by the token behind it
            return f"{self._writer.terminal(f'{regex} {first}')} {behind}"
        return f"{self._writer.rule(f'{regex} {first}', lazy=True)} {behind}".rstrip()

    def _literal(self, marker):
        return lark.literal(self._special.split(marker))
