"""Reads the guide of a request; what it says is looked at when it is compiled."""

from executor.request import Guide, GuideType

from . import errors

MOST_BYTES = 256 << 10


def guide_of(type_name, text):
    """The guide that two tensors name, both bytes; None if they name none. Raises `GuideError`."""
    name = type_name.decode(errors="replace")
    if not name:
        if text:
            raise errors.unknown_type("(empty)", _KNOWN)
        return None
    if name not in _KNOWN:
        raise errors.unknown_type(name, _KNOWN)
    kind = GuideType(name)
    return Guide(kind) if kind is GuideType.JSON else Guide(kind, _checked(name, text))


def _checked(name, text):
    if not text:
        raise errors.invalid_guide(name, "guided_decoding_guide is absent or empty")
    if len(text) > MOST_BYTES:
        raise errors.over_limit(name, f"{len(text)} bytes (expected: at most {MOST_BYTES})")
    try:
        return text.decode()
    except UnicodeDecodeError as fault:
        raise errors.invalid_guide(name, "no UTF-8") from fault


_KNOWN = [kind.value for kind in GuideType]
