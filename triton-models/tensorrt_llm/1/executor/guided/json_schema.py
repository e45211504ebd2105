"""Schemas as llguidance is given them: compact, and stricter where it is laxer than validators are.

Its dates know no leap years and its times know leap seconds, which hardly any reader takes. Keys that `properties` does
not name may come twice, so that it cannot count them.
"""

import json

COMPACT = {"whitespace_flexible": False, "item_separator": ",", "key_separator": ":"}

_LEAP_YEAR = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
_YEAR = "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)"
_DAY = "(?:0[1-9]|1[0-9]|2[0-8])"
_DATE = (
    f"(?:{_YEAR}-(?:(?:0[13578]|1[02])-(?:{_DAY}|29|3[01])|(?:0[469]|11)-(?:{_DAY}|29|30)|(?:0[13578]|1[02])-30|02-{_DAY})"
    f"|{_LEAP_YEAR}-02-29)"
)
_TIME = "[0-9]{2}:[0-9]{2}:[0-5][0-9].*"
STRICTER = {"date": f"^{_DATE}$", "time": f"^{_TIME}$", "date-time": f"^{_DATE}[tT]{_TIME}$"}

_SCHEMA = ("additionalProperties", "items", "not", "contains", "propertyNames", "if", "then", "else")
_LIST = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAP = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")


class UnsupportedSchema(Exception):
    """A schema that answers might not satisfy."""


def json_value(schema):
    """A schema as Lark; whatever it says itself about white space does not count. Raises `UnsupportedSchema`."""
    if not isinstance(schema, dict):
        schema = {"allOf": [schema]}
    text = json.dumps({**_stricter(schema), "x-guidance": COMPACT}, ensure_ascii=False)
    return "%json " + text.replace("\x7f", "\\u007f")


def _stricter(schema):
    """The schema and all in it; what is no schema stays as it is."""
    if not isinstance(schema, dict):
        return schema
    _check_count(schema)
    changed = {name: _inside(name, value) for name, value in schema.items()}
    pattern = STRICTER.get(schema["format"]) if isinstance(schema.get("format"), str) else None
    if pattern and isinstance(changed.setdefault("allOf", []), list):
        changed["allOf"] = [*changed["allOf"], {"pattern": pattern}]
    return changed


def _check_count(schema):
    least, required = schema.get("minProperties"), schema.get("required", [])
    if isinstance(least, int) and isinstance(required, list) and least > len(required) + 1:
        raise UnsupportedSchema(f"minProperties: {least} (expected: at most one more than required has)")


def _inside(name, value):
    if name in _SCHEMA:
        return _stricter(value)
    if name in _LIST and isinstance(value, list):
        return [_stricter(each) for each in value]
    if name in _MAP and isinstance(value, dict):
        return {key: _stricter(each) for key, each in value.items()}
    return value
