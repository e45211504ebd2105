"""The grammar, in llguidance's words, that a guide stands for."""

import json

from executor.request import GuideType

from . import lark
from .ebnf import write_ebnf
from .ebnf_analysis import Endless, TooTangled
from .ebnf_parser import MalformedGrammar
from .errors import invalid_guide, over_limit
from .json_schema import UnsupportedSchema, json_value
from .structural_tag import MalformedTag, write_structural_tag

ANY_OBJECT = {"type": "object"}


def grammar_of(guide, special):
    """Lark text; raises `GuideError`."""
    writer = lark.LarkWriter()
    try:
        return writer.grammar(_WRITERS[guide.type](guide.text, special, writer))
    except (MalformedGrammar, MalformedTag, Endless, UnsupportedSchema) as fault:
        raise invalid_guide(guide.type.value, fault) from fault
    except TooTangled as fault:
        raise over_limit(guide.type.value, fault) from fault
    except RecursionError as fault:
        raise over_limit(guide.type.value, "nested too deep") from fault


def _any_object(*_):
    return json_value(ANY_OBJECT)


def _json_schema(text, *_):
    try:
        schema = json.loads(text)
    except ValueError as fault:
        raise invalid_guide(GuideType.JSON_SCHEMA.value, f"no JSON: {fault}") from fault
    if not isinstance(schema, (dict, bool)):
        raise invalid_guide(GuideType.JSON_SCHEMA.value, "an object or a boolean is expected")
    return json_value(schema)


def _regex(text, _, writer):
    return writer.terminal(lark.regex(text))


_WRITERS = {
    GuideType.JSON: _any_object,
    GuideType.JSON_SCHEMA: _json_schema,
    GuideType.REGEX: _regex,
    GuideType.EBNF_GRAMMAR: write_ebnf,
    GuideType.STRUCTURAL_TAG: write_structural_tag,
}
