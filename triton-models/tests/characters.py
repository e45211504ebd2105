"""Guides over a vocabulary of single bytes and two control tokens."""

from executor.guided.errors import GuideError
from executor.guided.matcher import CompiledGuide, fill
from executor.guided.token_texts import TokenTexts
from executor.guided.vocabulary import GuideVocabulary
from executor.request import Guide

END, THINK = 256, 257
COMPILED = "it was compiled"
TEXTS = (*(bytes([byte]) for byte in range(256)), b"<end>", b"<think>")
TOKENS = TokenTexts(TEXTS, frozenset({END, THINK}), lambda text: list(text.encode()))
VOCABULARY = GuideVocabulary(TOKENS)


def text_of(text):
    """The tokens of a text; tokens stay as they are."""
    return list(text.encode()) if isinstance(text, str) else text


def compiled(kind, text=""):
    return CompiledGuide(Guide(kind, text), VOCABULARY)


def refused(kind, text):
    """What is said of a guide that cannot be compiled."""
    return fault(lambda: compiled(kind, text)) or COMPILED


def fault(action):
    """What is said of a guide by the error that comes of the action; None if none comes."""
    try:
        action()
    except GuideError as error:
        return str(error)
    return None


def after(guide, text, end_id=-1, end_ids=()):
    """The state behind a text, None if it is not let through."""
    state = guide.start(end_id, {*end_ids, end_id} - {-1})
    for token in text_of(text):
        fill([state])
        if not state.allowed()[token]:
            return None
        state.accept(token)
    return state


def allows(guide, text, **ends):
    """Whether an answer may begin like this."""
    return after(guide, text, **ends) is not None


def complete(guide, text):
    """Whether an answer may be this."""
    state = after(guide, text)
    if state is None:
        return False
    fill([state])
    state.check()
    return state.may_end
