"""Encodes the benchmark's texts with fastokens, the fastest library found, and prints the median in microseconds.

Arguments: tokenizer.json, and a JSON file with the lists "warmUp" and "unseen". One thread; whole texts are not remembered, words are, as by Conch:
every round begins with a new tokenizer, shows it the texts for warming up, and then times each unseen text once. Nothing has to be done for the
call from Python: it hands over a string and gets an object that keeps its ids in Rust.
"""

import json
import os
import statistics
import sys
import time

os.environ.update(FASTOKENS_BPE_THREADS="1", FASTOKENS_INPUT_CACHE="0", FASTOKENS_SEGMENT_CACHE="0")

import fastokens  # noqa: E402 (it reads the environment)

ROUNDS = 3
WARM_UPS = 100


def main() -> None:
    with open(sys.argv[2], encoding="utf-8") as file:
        texts = json.load(file)
    times = []
    for _ in range(ROUNDS):
        tokenizer = fastokens.Tokenizer.from_file(sys.argv[1])
        for i in range(WARM_UPS):
            tokenizer.encode(texts["warmUp"][i % len(texts["warmUp"])])
        for text in texts["unseen"]:
            start = time.perf_counter_ns()
            tokenizer.encode(text)
            times.append(time.perf_counter_ns() - start)
    print(statistics.median(times) / 1e3)


main()
