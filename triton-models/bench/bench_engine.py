"""What the way from engine to client costs: the null engine in the real tritonserver, one client that counts.

Prints tokens per second, CPU time per token in tritonserver and in the model's process, and how old a step is when its
response is there, for subscriptions and for the per-request way; then how long the sequences of a client that was
killed stay. CPU time comes from /proc. What is measured by the clock depends on what else the machine does, so its load
average stands beside it.
"""

import argparse
import multiprocessing
import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import numpy as np

import consumer
from processes import Cost, Processes
from triton_server import TritonServer, await_that

WARM_UP_SECONDS = 1
PARTS = 4
KILLS = 5
GAUGES_EVERY_MS = 5


def main():
    options = _options()
    print(f"{options.streams} streams, {os.cpu_count()} cores, {options.seconds:g} s each")
    full = _at_full_speed(options)
    _two_at_full_speed(options)
    _at_half_load(options, 2 * 1e6 / full)
    _after_kills(options, 2 * 1e6 / full)


def _options():
    parser = argparse.ArgumentParser(prog="triton-models/bin/bench-engine", description=__doc__)
    parser.add_argument("--streams", type=int, default=512)
    parser.add_argument("--seconds", type=float, default=5)
    return parser.parse_args()


class Bench:
    """A server with the null engine, and what it costs. Use as a context manager."""

    def __init__(self, interval_us, **settings):
        self._settings = {
            "engine": "null",
            "null_ids_are_clock": "true",
            "null_step_interval_us": interval_us,
            "vocab_size": consumer.VOCABULARY,
            "max_seq_len": 2**30,
            **settings,
        }

    def __enter__(self):
        self.server = TritonServer(Path(tempfile.mkstemp(prefix="conch-bench-engine-")[1]), **self._settings)
        self.server.start()
        self.processes = Processes(server=self.server.process.pid, model=int(self.server.stub()), client=os.getpid())
        return self

    def __exit__(self, *_):
        self.server.stop()
        self.server.log.unlink()

    def measure(self, stream, count, seconds):
        """`count(stream, seconds)` once to warm up, then what it gives and costs."""
        count(stream, WARM_UP_SECONDS)
        before = self.processes.now()
        counts = count(stream, seconds)
        return counts, Cost(before, self.processes.now(), int(counts.tokens.sum()), counts.responses)

    def active(self):
        return self.server.requests("active")

    def await_idle(self):
        await_that(lambda: self.active() == 0)


def _at_full_speed(options):
    """Both ways, one behind the other; how many responses of the subscription came in a second."""
    with Bench(interval_us=0) as bench:
        with consumer.subscribe(bench.server.address(), options.streams) as stream:
            counts, cost = bench.measure(stream, _counting_steps(options), options.seconds)
        _say("subscription, steps as fast as they leave", cost)
        print(f"  tokens of a stream    {counts.tokens.min()} to {counts.tokens.max()}")
        bench.await_idle()
        with consumer.request_each(bench.server.address(), options.streams) as stream:
            _, single = bench.measure(stream, consumer.count_responses, options.seconds)
        _say("per-request way, steps as fast as they leave", single)
        print(f"\ntritonserver and model spend {single.served_us / cost.served_us:.0f} times as much on a token")
        return cost.responses / cost.wall_s


def _two_at_full_speed(options):
    """As two event loops of a front end have it."""
    half = options.streams // 2
    with Bench(interval_us=0) as bench, ExitStack() as stack, ThreadPoolExecutor() as threads:
        address = bench.server.address()
        streams = [stack.enter_context(consumer.subscribe(address, half, name)) for name in ("one", "two")]

        def count(streams, seconds):
            return consumer.total(threads.map(lambda stream: consumer.count_steps(stream, seconds, half), streams))

        _, cost = bench.measure(streams, count, options.seconds)
    _say("two subscriptions with half of the streams each, steps as fast as they leave", cost)


def _at_half_load(options, interval_us):
    with Bench(round(interval_us)) as bench, consumer.subscribe(bench.server.address(), options.streams) as stream:
        parts = [bench.measure(stream, _counting_steps(options), options.seconds / PARTS) for _ in range(PARTS)]
    ages = np.concatenate([counts.ages for counts, _ in parts]) / 1e3
    costs = [cost for _, cost in parts]
    _say(f"subscription, a step every {interval_us:.0f} us (the last quarter)", costs[-1])
    print("  step to wire, ms      p50 {:.2f}, p99 {:.2f}, most {:.2f}".format(*np.percentile(ages, [50, 99, 100])))
    print("  over time, us a step ", *(f"{cost.per_response_us:.0f}" for cost in costs))
    print("  over time, MB in all ", *(f"{cost.memory_mb:.1f}" for cost in costs))


def _after_kills(options, interval_us):
    """From the kill to a gauge that shows no sequence, which is some milliseconds late itself."""
    with Bench(round(interval_us), stats_check_period_ms=GAUGES_EVERY_MS) as bench:
        times_ms = sorted(_after_kill(bench, options.streams) for _ in range(KILLS))
    print(f"\na client with {options.streams} sequences is killed (signal 9), {KILLS} times")
    print("  all are free after, ms", *(f"{time_ms:.0f}" for time_ms in times_ms))


def _after_kill(bench, streams):
    address = bench.server.address()
    client = multiprocessing.get_context("spawn").Process(target=consumer.read_on, args=(address, streams), daemon=True)
    client.start()
    await_that(lambda: bench.active() == streams)
    client.kill()
    killed = time.monotonic()
    while bench.active():
        assert time.monotonic() - killed < 60, "sequences are left"
        time.sleep(0.002)
    return (time.monotonic() - killed) * 1e3


def _say(title, cost):
    print(f"\n{title}\n{cost}")


def _counting_steps(options):
    return lambda stream, seconds: consumer.count_steps(stream, seconds, options.streams)


if __name__ == "__main__":
    main()
