"""Turns a structural tag, a tree of formats as xgrammar documents it, into Lark rules for llguidance.

Each format is written together with what comes behind it (`tails.py`), for free text has to know where it ends. It ends
at the first of its end markers, and a trigger in it always begins a tag: both are lazy terminals, which win over the
rest.
"""

import json

from . import lark
from .ebnf import write_ebnf
from .json_schema import json_value
from .tails import END, Behind, Marked, Tails

DEEPEST = 60
AGAIN = Behind("")  # the next round of a loop


class MalformedTag(Exception):
    """Says what is wrong, and where in the tree."""


def write_structural_tag(text, special, writer):
    """Adds the tag, JSON text, to a `LarkWriter`; answers what stands for all of it."""
    tag = _parsed(text)
    if "structures" in tag:
        tag = {"type": "structural_tag", "format": _of_structures(tag)}
    _check_fields(tag, "structural_tag", {"type", "format"})
    if tag.get("type") != "structural_tag":
        raise MalformedTag('type: "structural_tag" is expected')
    return _Formats(special, writer).write(_field(tag, "format", dict, "structural_tag"), END, "format")


def _parsed(text):
    try:
        tag = json.loads(text)
    except ValueError as fault:
        raise MalformedTag(f"no JSON: {fault}") from fault
    if not isinstance(tag, dict):
        raise MalformedTag("an object is expected")
    return tag


def _of_structures(tag):
    """The older form: begin, schema, end of each tag, and triggers."""
    _check_fields(tag, "structural_tag", {"type", "structures", "triggers"})
    tags = []
    for each in _field(tag, "structures", list, "structural_tag"):
        _check_fields(each, "structures", {"begin", "schema", "end"})
        content = {"type": "json_schema", "json_schema": each.get("schema", {})}
        tags.append({"type": "tag", "begin": each.get("begin"), "content": content, "end": each.get("end")})
    return {"type": "triggered_tags", "triggers": tag.get("triggers"), "tags": tags}


class _Formats:
    """Writes formats; `where` names the place in the tree for errors."""

    def __init__(self, special, writer):
        self._special = special
        self._writer = writer
        self._tails = Tails(special, writer)

    def write(self, node, tail, where):
        """The expression of a format and of what comes behind it."""
        kind = node.get("type") if isinstance(node, dict) else None
        if not isinstance(kind, str) or kind not in _FIELDS:
            raise MalformedTag(f"{where}.type: {kind} (expected: {', '.join(_FIELDS)})")
        if where.count(".") + where.count("[") > DEEPEST:
            raise MalformedTag(f"more than {DEEPEST} deep")
        _check_fields(node, where, {"type", *_FIELDS[kind]})
        return getattr(self, f"_{kind}")(node, tail, where)

    def _const_string(self, node, tail, where):
        return self._tails.join(self._literal(_field(node, "value", str, where)), tail)

    def _json_schema(self, node, tail, where):
        if node.get("style", "json") != "json":
            raise MalformedTag(f"{where}.style: {node['style']} (expected: json)")
        return self._tails.join(json_value(_field(node, "json_schema", (dict, bool), where)), tail)

    def _any_text(self, _, tail, where):
        if isinstance(tail, Behind):
            raise MalformedTag(f"{where}: any_text needs an end, or a fixed text behind it")
        return self._tails.up_to(lark.ANY_TEXT, tail)

    def _regex(self, node, tail, where):
        return self._tails.up_to(lark.regex(_field(node, "pattern", str, where)), tail)

    def _grammar(self, node, tail, where):
        text = _field(node, "grammar", str, where)
        return self._tails.join(write_ebnf(text, self._special, self._writer, self._tails.first(tail)), tail)

    def _sequence(self, node, tail, where):
        elements = _list(node, "elements", where)
        for at in range(len(elements) - 1, 0, -1):
            tail = self._tail_of(elements[at], tail, f"{where}.elements[{at}]")
        return self.write(elements[0], tail, f"{where}.elements[0]")

    def _tail_of(self, node, tail, where):
        """A format and what is behind it as a tail of the one before it."""
        kind = node.get("type") if isinstance(node, dict) else None
        if kind == "const_string" and node.get("value"):
            self.write(node, END, where)
            return Marked(((node["value"], self._tails.expression(tail)),))
        if kind == "tag" and node.get("begin"):
            return Marked(((self._begin(node, where), self._inside(node, tail, where)),))
        return Behind(self._writer.rule(self.write(node, tail, where)))

    def _or(self, node, tail, where):
        tail = self._tails.shared(tail)
        elements = _list(node, "elements", where)
        options = [self.write(each, tail, f"{where}.elements[{at}]") for at, each in enumerate(elements)]
        return "(" + " | ".join(options) + ")"

    def _tag(self, node, tail, where):
        return f"{self._literal(self._begin(node, where))} {self._inside(node, tail, where)}"

    def _literal(self, text):
        return lark.literal(self._special.split(text))

    def _begin(self, node, where):
        _check_fields(node, where, {"type", *_FIELDS["tag"]})
        return _field(node, "begin", str, where)

    def _inside(self, node, tail, where):
        """A tag behind its begin."""
        ends = self._ends(node, where)
        if ends:
            behind = self._tails.expression(tail)
            tail = Marked(tuple((end, behind) for end in ends))
        return self._writer.rule(self.write(_field(node, "content", dict, where), tail, f"{where}.content"))

    def _ends(self, node, where):
        end = _field(node, "end", (str, list), where)
        if end == "":
            return []
        ends = [end] if isinstance(end, str) else end
        if not ends or not all(isinstance(each, str) and each for each in ends):
            raise MalformedTag(f"{where}.end: a text, or a list of texts that are not empty, is expected")
        return ends

    def _triggered_tags(self, node, tail, where):
        if isinstance(tail, Behind):
            raise MalformedTag(f"{where}: triggered_tags need an end, or a fixed text behind them")
        tags = self._tags(node, where)
        tail = self._tails.shared(tail)
        once = _flag(node, "stop_after_first", where)
        behind = tail if once else AGAIN
        bodies = [(self._begin(tag, at), self._inside(tag, behind, at), at) for tag, at in tags]
        triggered = self._triggered(bodies, _list(node, "triggers", where), where)
        text = self._tails.up_to(lark.ANY_TEXT, tail)
        if _flag(node, "at_least_one", where):
            first = "(" + " | ".join(f"{self._literal(begin)} {inside}" for begin, inside, _ in bodies) + ")"
            return first if once else f"{first} {triggered}* {text}"
        return f"({triggered} | {text})" if once else f"{triggered}* {text}"

    def _triggered(self, bodies, triggers, where):
        """Text up to a trigger and one of its tags."""
        options = {}
        for begin, inside, at in bodies:
            trigger = _trigger_of(begin, triggers, at)
            options.setdefault(trigger, []).append(f"{self._literal(begin[len(trigger) :])} {inside}")
        unused = [each for each in triggers if each not in options]
        if unused:
            raise MalformedTag(f"{where}.triggers: no tag begins with {json.dumps(unused[0])}")
        pairs = tuple((trigger, "(" + " | ".join(rests) + ")") for trigger, rests in options.items())
        return self._tails.up_to(lark.ANY_TEXT, Marked(pairs))

    def _tags_with_separator(self, node, tail, where):
        tags = self._tags(node, where)
        once = _flag(node, "stop_after_first", where)
        item = self._writer.rule("(" + " | ".join(self._tag(tag, AGAIN, at) for tag, at in tags) + ")")
        separator = self._literal(_field(node, "separator", str, where))
        items = item if once else f"({item} ({separator} {item})*)"
        return self._tails.join(items if _flag(node, "at_least_one", where) else f"({items})?", tail)

    def _tags(self, node, where):
        tags = _list(node, "tags", where)
        for at, tag in enumerate(tags):
            if not isinstance(tag, dict) or tag.get("type", "tag") != "tag":
                raise MalformedTag(f"{where}.tags[{at}]: a tag is expected")
        return [(tag, f"{where}.tags[{at}]") for at, tag in enumerate(tags)]


_FIELDS = {
    "const_string": ("value",),
    "json_schema": ("json_schema", "style"),
    "any_text": (),
    "regex": ("pattern",),
    "grammar": ("grammar",),
    "sequence": ("elements",),
    "or": ("elements",),
    "tag": ("begin", "content", "end"),
    "triggered_tags": ("triggers", "tags", "at_least_one", "stop_after_first"),
    "tags_with_separator": ("tags", "separator", "at_least_one", "stop_after_first"),
}


def _trigger_of(begin, triggers, where):
    found = [each for each in triggers if isinstance(each, str) and each and begin.startswith(each)]
    if len(found) != 1:
        raise MalformedTag(f"{where}.begin: begins with {len(found)} of the triggers (expected: 1)")
    return found[0]


def _check_fields(node, where, known):
    if not isinstance(node, dict):
        raise MalformedTag(f"{where}: an object is expected")
    for name in node:
        if name not in known:
            raise MalformedTag(f"{where}.{name}: not supported (expected: {', '.join(sorted(known))})")


def _field(node, name, kinds, where):
    value = node.get(name)
    if not isinstance(value, kinds):
        raise MalformedTag(f"{where}.{name}: {_named(kinds)} is expected")
    return value


def _list(node, name, where):
    return _field(node, name, list, where) or _empty(name, where)


def _empty(name, where):
    raise MalformedTag(f"{where}.{name}: at least one is expected")


def _flag(node, name, where):
    return _field({name: False, **node}, name, bool, where)


def _named(kinds):
    names = {str: "a text", dict: "an object", list: "a list", bool: "true or false"}
    return " or ".join(names[kind] for kind in (kinds if isinstance(kinds, tuple) else (kinds,)))
