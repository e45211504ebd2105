"""Writes the Triton model `tensorrt_llm` of NVIDIA's C++ backend: REPOSITORY/tensorrt_llm/{config.pbtxt,1/}.

Values come from the command line, then from the engine's own config.json, then from the table of placeholders. Nothing
is written unless every placeholder is filled with something that makes sense; all faults are told at once. Needs Python
3.10 and nothing else, so that it runs inside NVIDIA's container.
"""

import argparse
import re
import sys
from pathlib import Path

from engine_folder import UnreadableEngine, values_of
from placeholders import BY_NAME, NAMES, PLACEHOLDERS, fault_of

TEMPLATE = Path(__file__).with_name("config.pbtxt.template")
PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
MODEL = "tensorrt_llm"
GUIDES = ("guided_decoding_backend", "xgrammar_tokenizer_info_path")
NOT_MORE_THAN_THE_ENGINE = ("max_seq_len",)
AS_THE_ENGINE = ("vocab_size",)


class Unfillable(Exception):
    """Every fault at once, one a line."""


def fill(template, values):
    """The text of a config.pbtxt; `values` are those told by name. Raises `Unfillable`."""
    faults = [f"{name}: unknown placeholder" for name in values if name not in BY_NAME]
    known = {name: value for name, value in values.items() if name in BY_NAME and value != ""}
    faults += filter(None, (fault_of(name, value) for name, value in known.items()))
    try:
        engine = values_of(known["engine_dir"]) if "engine_dir" in known else {}
    except UnreadableEngine as fault:
        engine = {}
        faults.append(str(fault))
    faults += [*_contradictions(known, engine), *_halves(known)]
    filled = {**_defaults(), **engine, **known}
    faults += [
        f"{each.name}: not filled (expected: {each.expected})"
        for each in PLACEHOLDERS
        if each.name not in filled and not each.optional
    ]
    faults += [f"{name}: in the template, but no known placeholder" for name in _strangers(template)]
    if faults:
        raise Unfillable("\n".join(faults))
    return "".join(_filled(line, _with_tensor_names(filled)) for line in template.splitlines(keepends=True))


def _defaults():
    return {each.name: each.default for each in PLACEHOLDERS if each.default is not None}


def _contradictions(known, engine):
    """What was told against what the engine was built for."""
    for name in (*NOT_MORE_THAN_THE_ENGINE, *AS_THE_ENGINE):
        told, built = known.get(name), engine.get(name)
        if built is None or told is None or fault_of(name, told):
            continue
        if int(told) > int(built) or (name in AS_THE_ENGINE and int(told) != int(built)):
            relation = "at most " if name in NOT_MORE_THAN_THE_ENGINE else ""
            yield f"{name}: {told} (expected: {relation}the engine's {built})"


def _halves(known):
    """The backend wants both or neither."""
    told = [name for name in GUIDES if name in known]
    if len(told) == 1:
        [other] = [name for name in GUIDES if name not in known]
        yield f"{other}: not filled (expected: together with {told[0]})"


def _strangers(template):
    derived = {"seed_tensor", "min_tokens_tensor"}
    return sorted(set(PLACEHOLDER.findall(template)) - BY_NAME.keys() - derived)


def _with_tensor_names(filled):
    seed, min_tokens = NAMES[filled["tensor_names"]]
    return {**filled, "seed_tensor": seed, "min_tokens_tensor": min_tokens}


def _filled(line, values):
    """A line with its values; nothing if one of them is optional and absent."""
    if any(name not in values for name in PLACEHOLDER.findall(line)):
        return ""
    return PLACEHOLDER.sub(lambda match: values[match[1]], line)


def main():
    options = _options()
    values, twice = {}, []
    for name, value in options.values:
        twice += [f"{name}: told twice"] if name in values else []
        values[name] = value
    try:
        if twice:
            raise Unfillable("\n".join(twice))
        text = fill(TEMPLATE.read_text(encoding="utf-8"), values)
    except Unfillable as faults:
        sys.exit(f"fill-config: nothing was written:\n{faults}")
    model = options.repository / MODEL
    (model / "1").mkdir(parents=True, exist_ok=True)
    (model / "config.pbtxt").write_text(text, encoding="utf-8")
    print(model / "config.pbtxt")


def _options():
    parser = argparse.ArgumentParser(
        prog="triton-models/bin/fill-config",
        description=__doc__,
        epilog="placeholders:\n" + "\n".join(f"  {_described(each)}" for each in PLACEHOLDERS),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("repository", type=Path, help="the model repository's folder")
    parser.add_argument("values", nargs="*", type=_assignment, metavar="KEY=VALUE", help="see below")
    return parser.parse_args()


def _described(placeholder):
    if placeholder.default is not None:
        return f"{placeholder.name}: {placeholder.expected} (default: {placeholder.default})"
    return f"{placeholder.name}: {placeholder.expected} ({'optional' if placeholder.optional else 'required'})"


def _assignment(text):
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text} (expected: KEY=VALUE)")
    return name, value


if __name__ == "__main__":
    main()
