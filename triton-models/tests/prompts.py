"""Prompts as token ids, cut by the exported tokenizer."""

from tokenizers import Tokenizer

from layout import TOKENIZER

END_OF_TURN = 2
TOKENIZER_FILE = Tokenizer.from_file(str(TOKENIZER / "tokenizer.json"))


def chat(text):
    return TOKENIZER_FILE.encode(f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n").ids


FRANCE = chat("What is the capital of France?")
LONG = (FRANCE * 400)[:3000]
