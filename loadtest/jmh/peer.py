"""Encodes the benchmark's texts with fastokens, the fastest library found, and prints the microseconds of CPU time for one.

Arguments: tokenizer.json, and a JSON file with the lists "warmUp" and "unseen". One thread; whole texts are not remembered, words are, as by Conch:
every round begins with a new tokenizer, shows it the texts for warming up, and then encodes the unseen texts, each once. Nothing has to be done for the
call from Python: it hands over a string and gets an object that keeps its ids in Rust.
"""

import json
import os
import statistics
import sys
import time

os.environ.update(FASTOKENS_BPE_THREADS="1", FASTOKENS_INPUT_CACHE="0", FASTOKENS_SEGMENT_CACHE="0")

import fastokens  # noqa: E402 (it reads the environment)

ROUNDS = 5
WARM_UPS = 100


def main() -> None:
    with open(sys.argv[2], encoding="utf-8") as file:
        texts = json.load(file)
    print(statistics.median(measure(texts) for _ in range(ROUNDS)))


def measure(texts: dict[str, list[str]]) -> float:
    """Median of the unseen texts."""
    tokenizer = fastokens.Tokenizer.from_file(sys.argv[1])
    for i in range(WARM_UPS):
        tokenizer.encode(texts["warmUp"][i % len(texts["warmUp"])])
    return statistics.median(cost(tokenizer, text) for text in texts["unseen"]) / 1e3


def cost(tokenizer: fastokens.Tokenizer, text: str) -> int:
    start = time.process_time_ns()
    tokenizer.encode(text)
    return time.process_time_ns() - start


main()
