"""Texts that set tokenizers apart: hand-picked edges, and reproducible random strings from every corner of Unicode."""

import random

EDGES = [
    "",
    " ",
    "   three  spaces   ",
    "\n\n \n\t\r\n",
    "don't we'll I'M they'd",
    "1234567890 3.14 1,000,000 ٣٤٥ ½ ²",
    "naïve café e\u0301 Å Å ﬁ",
    "日本語とEnglishと한국어",
    "😀👩‍👩‍👧‍👦🇪🇺 👍🏽",
    "العربية עברית हिन्दी ไทย",
    "def f(x):\n    return {'a': [1, 2]}  # comment\n",
    "\u200b\u00a0\ufeff\u2028\u0000",
    "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n",
    "<|im_start|>" * 3,
    "<|im_start |> <|endoftext|>x<|im_end|",
]
RANGES = [
    (0x20, 0x7E),
    (0x00, 0x1F),
    (0xA0, 0x24F),
    (0x300, 0x36F),
    (0x370, 0x5FF),
    (0x600, 0x6FF),
    (0x900, 0xDFF),
    (0x2000, 0x2BFF),
    (0x3040, 0x30FF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3),
    (0xE000, 0xF8FF),
    (0x1F300, 0x1FAFF),
    (0x10000, 0x10FFFF),
]
# SmolLM2 has no token for these bytes. Both tokenizers drop them, but only Hugging Face's goes on to merge the bytes to
# their left and right with each other, so the two can differ by design there.
BYTES_WITHOUT_TOKEN = frozenset(b"\x04\x06\x13\x14\x16\x1d\xf1\xf2")
CONTROL_TOKENS = ["<|im_start|>", "<|im_end|>", "<|endoftext|>"]
RANDOM_TEXTS = 3000
SEED = 20240531


def samples():
    """The edges, random texts of one script, of mixed scripts, and with control tokens strewn in."""
    source = random.Random(SEED)
    return EDGES + [_random_text(source, number) for number in range(RANDOM_TEXTS)]


def _random_text(source, number):
    ranges = [source.choice(RANGES)] if number % 2 else source.sample(RANGES, 3)
    pieces = ["".join(_random_character(source, ranges) for _ in range(source.randint(1, 12))) for _ in range(4)]
    if number % 5 == 0:
        pieces.insert(source.randrange(5), source.choice(CONTROL_TOKENS))
    return source.choice(["", " ", "\n", "  "]).join(pieces)


def _random_character(source, ranges):
    while True:
        character = chr(source.randint(*source.choice(ranges)))
        if BYTES_WITHOUT_TOKEN.isdisjoint(character.encode()):
            return character
