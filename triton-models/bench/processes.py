"""CPU time and memory of processes, from /proc."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass(frozen=True)
class Moment:
    at: float
    cpu_s: dict
    memory_mb: dict


class Processes:
    """By name."""

    def __init__(self, **ids):
        self._ids = ids

    def cpu_s(self):
        """Of all."""
        return sum(map(_cpu_s, self._ids.values()))

    def now(self):
        cpu = {name: _cpu_s(process) for name, process in self._ids.items()}
        memory = {name: _memory_mb(process) for name, process in self._ids.items()}
        return Moment(time.monotonic(), cpu, memory)


def _cpu_s(process):
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _memory_mb(process):
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE_MB


class Cost:
    """What happened between two moments."""

    def __init__(self, before, after, tokens, responses):
        self.tokens = tokens
        self.responses = responses
        self.wall_s = after.at - before.at
        self.us = {name: (after.cpu_s[name] - before.cpu_s[name]) * 1e6 for name in after.cpu_s}
        self.served_us = (self.us["server"] + self.us["model"]) / tokens
        self.per_response_us = (self.us["server"] + self.us["model"]) / responses
        self.memory_mb = after.memory_mb["server"] + after.memory_mb["model"]
        self._load = os.getloadavg()[0]

    def __str__(self):
        each = ", ".join(f"{name} {us / self.tokens:.3f}" for name, us in self.us.items())
        cores = sum(self.us.values()) / 1e6 / self.wall_s
        rows = (
            ("tokens/s", f"{self.tokens / self.wall_s:,.0f}, in {self.responses / self.wall_s:,.0f} responses/s"),
            ("tokens a response", f"{self.tokens / self.responses:.0f}"),
            ("meanwhile", f"{cores:.2f} cores for all of it, load average {self._load:.1f}"),
            ("us of CPU per token", f"{self.served_us:.3f} in server and model ({each})"),
            ("us of CPU a response", f"{self.per_response_us:.0f} in server and model"),
            ("tokens in 2 s of CPU", f"{2e6 * self.tokens / sum(self.us.values()):,.0f}, client included"),
        )
        return "\n".join(f"  {name:<22}{figure}" for name, figure in rows)
