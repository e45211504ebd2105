"""What the lexer of llguidance has to know about a grammar.

Its lexer is greedy: a terminal takes all it can, whatever has to follow. `"a" [a-z]* "z"` with `[a-z]*` as a terminal
would never end, since that swallows each "z". So a part of a grammar may become a terminal only if nothing that may
follow on it could also be more of it. Three sets of characters decide that, each perhaps too large, never too small:

    first(part)    may begin a text of it
    more(part)     may come behind a whole text of it and still lead to a longer one
    follow(rule)   may come behind it, wherever it is used

A part is regular if it has no special tokens and no rule that comes back to itself. Where two branches of it can begin
alike, `more` is every character; then it becomes a terminal only at the end of everything.
"""

from . import charset
from .ebnf_parser import Alt, Chars, Ref, Repeat, Seq, Text, references

MOST_ROUNDS = 60


class Endless(Exception):
    """A rule of which no text can ever be complete."""


class TooTangled(Exception):
    """The rules refer to each other in more circles than are followed."""


class Analysis:
    """Of the rules of one grammar, `special` being the model's `SpecialTokens`."""

    def __init__(self, rules, special, follow_root):
        self._rules = rules
        self._special = special
        self._finite = set()
        self._nullable = dict.fromkeys(rules, False)
        self._first = dict.fromkeys(rules, charset.NONE)
        self._more = {}
        self._follow = {**dict.fromkeys(rules, charset.NONE), "root": follow_root}
        self.order, self._regular = _regular_rules(rules, special)
        self._settle(self.order, self._end)
        self._check_ends()
        self._settle(self.order, self._begin)
        self._settle(list(reversed(self.order)), self._spread)

    def nullable(self, node):
        """Whether the empty text is one of it."""
        if isinstance(node, Ref):
            return self._nullable[node.name]
        if isinstance(node, Text):
            return not node.value
        if isinstance(node, Repeat):
            return node.least == 0 or self.nullable(node.item)
        if isinstance(node, Seq):
            return all(map(self.nullable, node.items))
        return isinstance(node, Alt) and any(map(self.nullable, node.items))

    def first(self, node):
        if isinstance(node, Ref):
            return self._first[node.name]
        if isinstance(node, Text):
            return charset.NONE if self._special.begin(node.value) else charset.of(node.value[:1])
        if isinstance(node, Chars):
            return node.chars
        if isinstance(node, Repeat):
            return self.first(node.item)
        if isinstance(node, Alt):
            return _union(map(self.first, node.items))
        *_, (_, chars) = self.in_turn(node.items, charset.NONE)
        return chars

    def in_turn(self, items, follow):
        """The items of a sequence with what may follow on each, the last one first; in the end None with all of it."""
        for item in reversed(items):
            yield item, follow
            follow = self.first(item) | follow if self.nullable(item) else self.first(item)
        yield None, follow

    def follow(self, name):
        return self._follow[name]

    def inside(self, repeat, follow):
        """What may follow one round of a repetition."""
        return follow if repeat.most in (0, 1) else follow | self.first(repeat.item)

    def is_terminal(self, node, follow):
        """Whether the lexer can take it as one."""
        return self.is_regular(node) and not self._more_of(node).meets(follow)

    def is_regular(self, node):
        if isinstance(node, Text):
            return not self._special.among(node.value)
        if isinstance(node, (Seq, Alt)):
            return all(map(self.is_regular, node.items))
        if isinstance(node, Repeat):
            return self.is_regular(node.item)
        return isinstance(node, Chars) or node.name in self._regular

    def _more_of(self, node):
        """`more` of a regular part."""
        if isinstance(node, Ref):
            if node.name not in self._more:
                self._more[node.name] = self._more_of(self._rules[node.name])
            return self._more[node.name]
        if isinstance(node, (Text, Chars)):
            return charset.NONE
        if isinstance(node, Repeat):
            return self._more_of_repeat(node)
        parts = self._more_of_seq(node) if isinstance(node, Seq) else self._more_of_alt(node)
        return parts | self.first(node) if self.nullable(node) else parts

    def _more_of_repeat(self, node):
        more, first = self._more_of(node.item), self.first(node.item)
        if node.most in (0, 1):
            return more | first
        if more.meets(first):
            return charset.ANY
        return more if node.least == node.most else more | first

    def _more_of_seq(self, node):
        more = charset.NONE
        for item in node.items:
            first = self.first(item)
            if more.meets(first):
                return charset.ANY
            more = self._more_of(item) | more if self.nullable(item) else self._more_of(item)
        return more

    def _more_of_alt(self, node):
        seen, more = charset.NONE, charset.NONE
        for item in node.items:
            first = self.first(item)
            if seen.meets(first):
                return charset.ANY
            seen, more = seen | first, more | self._more_of(item)
        return more

    def _settle(self, names, step):
        for _ in range(MOST_ROUNDS):
            changed = [step(name) for name in names]
            if not any(changed):
                return
        raise TooTangled("the rules refer to each other in too many circles")

    def _end(self, name):
        if name in self._finite or not self._is_finite(self._rules[name]):
            return False
        self._finite.add(name)
        return True

    def _is_finite(self, node):
        if isinstance(node, Ref):
            return node.name in self._finite
        if isinstance(node, Seq):
            return all(map(self._is_finite, node.items))
        if isinstance(node, Alt):
            return any(map(self._is_finite, node.items))
        return not isinstance(node, Repeat) or node.least == 0 or self._is_finite(node.item)

    def _check_ends(self):
        for name in self.order:
            if name not in self._finite:
                raise Endless(f"no text of rule {name} has an end")

    def _begin(self, name):
        node = self._rules[name]
        found = (self.nullable(node), self.first(node))
        if found == (self._nullable[name], self._first[name]):
            return False
        self._nullable[name], self._first[name] = found
        return True

    def _spread(self, name):
        return self._spread_into(self._rules[name], self._follow[name])

    def _spread_into(self, node, follow):
        if isinstance(node, Ref):
            known = self._follow[node.name]
            self._follow[node.name] = known | follow
            return self._follow[node.name] != known
        if isinstance(node, Repeat):
            return self._spread_into(node.item, self.inside(node, follow))
        if isinstance(node, Alt):
            changed = [self._spread_into(item, follow) for item in node.items]
            return any(changed)
        if isinstance(node, Seq):
            pairs = self.in_turn(node.items, follow)
            changed = [self._spread_into(item, after) for item, after in pairs if item is not None]
            return any(changed)
        return False


def _union(sets):
    chars = charset.NONE
    for each in sets:
        chars |= each
    return chars


def _regular_rules(rules, special):
    """The rules that `root` needs, those that others refer to first, and the names of the regular ones."""
    order, regular, entered = [], set(), {"root"}
    stack = [("root", iter(list(references(rules["root"]))))]
    while stack:
        name, names = stack[-1]
        fresh = next((each for each in names if each not in entered), None)
        if fresh is not None:
            entered.add(fresh)
            stack.append((fresh, iter(list(references(rules[fresh])))))
            continue
        stack.pop()
        order.append(name)
        # A rule on a circle refers to one that is not done, itself perhaps.
        if all(each in regular for each in references(rules[name])) and not _has_tokens(rules[name], special):
            regular.add(name)
    return order, regular


def _has_tokens(node, special):
    if isinstance(node, (Seq, Alt)):
        return any(_has_tokens(item, special) for item in node.items)
    if isinstance(node, Repeat):
        return _has_tokens(node.item, special)
    return isinstance(node, Text) and special.among(node.value)
