"""The tokens of a model as guided decoding needs them."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class TokenTexts:
    """`texts` are the bytes of each token, `special` the ids of those that are not text but control something.

    `tokenize` cuts a text into ids, none of them special; it may be called from several threads.
    """

    texts: tuple[bytes, ...]
    special: frozenset[int]
    tokenize: Callable[[str], list[int]]
