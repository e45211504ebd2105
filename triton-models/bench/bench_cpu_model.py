"""The CPU model behind Triton beside llama.cpp's own server: one library, the same weights, threads and prompts.

They answer in turn, never at the same time, greedily, with so many streams under way. Prints tokens per second, CPU
time a token and the time to the first token of each round, and what the rounds have in common. What else the machine
does distorts the clock, more with more threads, as each waits for the slowest; CPU time of one thread (`--threads 1`)
says most then.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from completions import OverHttp, OverTriton
from prompts import chat

from layout import GGUF, PYTHON_LINK, site_packages
from processes import Processes
from triton_server import TritonServer, await_that

CONTEXT = 1024
SPIN = {"GOMP_SPINCOUNT": "10000"}  # both as the CPU engine has it; see docs/adr/0003
SUBJECTS = ("the sea", "a small town in winter", "prime numbers", "tea", "the moon and the tides", "an old clock")
ASKED = ("Write a story about {}.", "What should everybody know about {}? Answer in detail, and give examples.")
PADDING = "Take your time, and think about who is going to read it. "


def main():
    options = _options()
    with _triton(options) as ours, _llama_server(options) as theirs:
        rounds = []
        for number in range(options.rounds + 1):
            pair = [_measure(server, options, number) for server in (ours, theirs)]
            if number:  # the first one is to warm up
                rounds.append(pair)
                print(f"round {number}: Triton {_told(pair[0])}; llama.cpp {_told(pair[1])}", flush=True)
    _sum_up(rounds)


def _options():
    parser = argparse.ArgumentParser(prog="triton-models/bin/bench-cpu-model", description=__doc__)
    parser.add_argument("--streams", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--requests", type=int, default=16, help="in each round (default: %(default)s)")
    parser.add_argument("--tokens", type=int, default=64, help="of each answer (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    return parser.parse_args()


@contextmanager
def _triton(options):
    log = Path(tempfile.mkstemp(prefix="conch-bench-cpu-model-")[1])
    server = TritonServer(
        log,
        max_batch_size=options.streams,
        max_seq_len=CONTEXT,
        n_threads=options.threads,
        enable_kv_cache_reuse="false",
    )
    try:
        server.start()
        with OverTriton(server.address()) as client:
            yield client, Processes(server=server.process.pid, model=int(server.stub()))
    finally:
        server.stop()
        log.unlink()


@contextmanager
def _llama_server(options):
    model = site_packages(PYTHON_LINK) / GGUF
    command = [sys.executable, "-B", Path(__file__).with_name("llama_server.py"), model]
    command += [str(number) for number in (options.threads, options.streams, CONTEXT)]
    with tempfile.NamedTemporaryFile(prefix="conch-bench-llama-") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **SPIN}
        )
        try:
            await_that(lambda: process.poll() is not None or _address(log.name))
            assert process.poll() is None, Path(log.name).read_text()
            yield OverHttp(_address(log.name)), Processes(server=process.pid)
        finally:
            process.kill()
            process.wait()


def _address(log):
    """None for as long as it does not listen."""
    return next((line.split()[1] for line in Path(log).read_text().splitlines() if line.startswith("at ")), None)


def _measure(server, options, number):
    """Its `Times`, and microseconds of CPU time for each token."""
    client, processes = server
    prompts = [_prompt(number * options.requests + request) for request in range(options.requests)]
    before = processes.cpu_s()
    times = client.complete(prompts, options.tokens, options.streams)
    return times, (processes.cpu_s() - before) / times.tokens * 1e6


def _prompt(number):
    """About 20 to 120 tokens."""
    question = ASKED[number % len(ASKED)].format(SUBJECTS[number % len(SUBJECTS)])
    return chat(f"{number}. {PADDING * (number % 7)}{question}")


def _told(measured):
    times, cpu_us = measured
    p50, p99 = _first_ms(times, 50), _first_ms(times, 99)
    speed = f"{times.tokens / times.all_s:.0f} tokens/s, {cpu_us:.0f} us of CPU a token"
    return f"{speed}, first token {p50:.0f} ms (p99 {p99:.0f})"


def _sum_up(rounds):
    speeds = [theirs.all_s / ours.all_s for (ours, _), (theirs, _) in rounds]
    costs = [ours / theirs for (_, ours), (_, theirs) in rounds]
    print(f"tokens/s, share of llama.cpp's server   {statistics.median(speeds):.1%} ({_range(speeds, '.1%')})")
    print(f"CPU time a token, share of it           {statistics.median(costs):.1%} ({_range(costs, '.1%')})")
    for quantile in (50, 99):
        later = [_first_ms(ours, quantile) - _first_ms(theirs, quantile) for (ours, _), (theirs, _) in rounds]
        print(
            f"first token later than there, ms, p{quantile}   {statistics.median(later):.0f} ({_range(later, '.0f')})"
        )
    print(f"load average                            {os.getloadavg()[0]:.1f}")


def _first_ms(times, quantile):
    return np.percentile(times.first_s, quantile) * 1e3


def _range(values, form):
    return f"{min(values):{form}} to {max(values):{form}}"


if __name__ == "__main__":
    main()
