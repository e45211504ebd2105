"""Renders small templates with the real Jinja2, set up as transformers does it, and writes what came out: golden.json."""

import json
from datetime import datetime
from pathlib import Path

import jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.nodes import CallBlock
from jinja2.sandbox import ImmutableSandboxedEnvironment

from golden_templates import CONTEXT, GROUPS

NOW = datetime(2026, 3, 7, 15, 4, 9)


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return CallBlock(self.call_method("_say"), [], [], body).set_lineno(line)

    def _say(self, caller):
        return caller()


class Refused(Exception):
    pass


def raise_exception(message):
    raise Refused(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment():
    env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = NOW.strftime
    return env


def outcome(source):
    try:
        return {"expected": environment().from_string(source).render(**json.loads(json.dumps(CONTEXT)))}
    except Refused as error:
        return {"refused": str(error)}
    except Exception as error:
        return {"fails": type(error).__name__}


def main():
    assert jinja2.__version__ == "3.1.6", jinja2.__version__
    cases = [
        {"group": group, "template": source, **outcome(source)} for group, sources in GROUPS.items() for source in sources
    ]
    lines = ",\n".join("    " + json.dumps(case) for case in cases)
    text = '{\n  "now": "%s",\n  "context": %s,\n  "cases": [\n%s\n  ]\n}\n' % (NOW.isoformat(), json.dumps(CONTEXT), lines)
    (Path(__file__).parent / "golden.json").write_text(text)


if __name__ == "__main__":
    main()
