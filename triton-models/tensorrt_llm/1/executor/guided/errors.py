"""What is said of a guide; front ends classify by the beginnings, which the README lists."""

import re

from executor.errors import RequestError

PREFIX = "guided decoding"
MOST_DETAIL = 300

_PLACE = re.compile(r"^at \d+\(\d+\): ")
_LISTING = re.compile(r"\n +\d+ \| ")


class GuideError(RequestError):
    """A guide that cannot be followed, at the client's fault."""

    def __init__(self, text):
        super().__init__(f"{PREFIX}: {text}", invalid=True)


def unknown_type(name, known):
    return GuideError(f"unknown guide type: {_shortened(name)} (expected: {', '.join(known)})")


def invalid_guide(kind, detail):
    """`kind` is the type of the guide as the client named it."""
    return GuideError(f"invalid guide: {kind}: {_shortened(detail)}")


def over_limit(kind, detail):
    """It may be well-formed, but costs more than is spent on one."""
    return GuideError(f"limit exceeded: {kind}: {_shortened(detail)}")


def dead_end(kind, detail):
    """In the middle of the answer: what the guide still allows may not be sampled."""
    return GuideError(f"dead end: {kind}: {_shortened(detail)}")


def _shortened(detail):
    """One line, without the place and the lines of the grammar that llguidance was given."""
    text = " ".join(_LISTING.split(_PLACE.sub("", str(detail)))[0].split())
    return text if len(text) <= MOST_DETAIL else text[:MOST_DETAIL] + "..."
