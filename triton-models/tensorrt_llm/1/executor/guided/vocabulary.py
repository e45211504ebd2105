"""The tokens of a model as llguidance needs them."""

from llguidance import LLTokenizer

from .lark import SpecialTokens


class GuideVocabulary:
    """Knows one token more than the model, the last one: `end`, which is allowed where an answer may end."""

    def __init__(self, tokens):
        self.end = len(tokens.texts)
        self.special_ids = tokens.special
        self.special = SpecialTokens({tokens.texts[token].decode(errors="replace"): token for token in tokens.special})
        self.tokenizer = _Tokenizer(tokens).loaded()


class _Tokenizer:
    """What `LLTokenizer` asks for."""

    is_tokenizer_wrapper = True
    bos_token_id = None

    def __init__(self, tokens):
        self.tokens = [*tokens.texts, b""]
        self.eos_token_id = len(tokens.texts)
        self.special_token_ids = sorted(tokens.special)
        self._tokenize = tokens.tokenize
        self._greedy = None

    def loaded(self):
        tokenizer = LLTokenizer(self)
        self._greedy = tokenizer.greedy_tokenize
        return tokenizer

    def __call__(self, text):
        """A tokenizer that adds something, a space in front for example, cannot say what a text is cut into."""
        ids = self._tokenize(text)
        same = b"".join(self.tokens[token] for token in ids) == text.encode()
        return ids if same or self._greedy is None else self._greedy(text)
