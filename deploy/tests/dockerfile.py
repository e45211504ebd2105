"""Reads Dockerfiles, as far as the tests look at them: instructions with their words, stage by stage."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Instruction:
    """One instruction, continued lines joined: `name` in capitals, `rest` as it stands."""

    name: str
    rest: str

    def flags(self):
        return [word for word in self.rest.split() if word.startswith("--")]

    def arguments(self):
        return [word for word in self.rest.split() if not word.startswith("--")]


@dataclass(frozen=True)
class Stage:
    """From one FROM to the next."""

    base: str
    name: str | None
    instructions: tuple

    def last(self, name):
        """The rest of the last instruction of that name, None if there is none."""
        return next((step.rest for step in reversed(self.instructions) if step.name == name), None)


def read_stages(path: Path) -> list[Stage]:
    stages, collected = [], []
    for step in reversed(read_instructions(path.read_text(encoding="utf-8"))):
        if step.name == "FROM":
            base, *alias = step.arguments()
            stages.append(Stage(base, alias[1] if alias else None, tuple(reversed(collected))))
            collected = []
        else:
            collected.append(step)
    return stages[::-1]


def read_instructions(text: str) -> list[Instruction]:
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [Instruction(*_split(line)) for line in joined.splitlines()]


def _split(line):
    name, _, rest = line.strip().partition(" ")
    return name.upper(), rest.strip()


def context_sources(stages):
    """What the COPY instructions take from the build context, not from other stages."""
    for stage in stages:
        for step in stage.instructions:
            if step.name in ("COPY", "ADD") and not any(flag.startswith("--from=") for flag in step.flags()):
                yield from step.arguments()[:-1]
