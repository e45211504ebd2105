"""The model repository of one server: our model, its parameters changed for this start."""

import re
import shutil

from layout import MODEL_SOURCE

PARAMETER = re.compile(r'parameters \{ key: "(?P<key>\w+)" value \{ string_value: "(?P<value>[^"]*)" \} \}')
CONTROL_OR_QUOTE = re.compile(r'[\x00-\x1f"\\]')


class UnknownParameter(Exception):
    """A parameter that config.pbtxt does not have, or a value that it cannot hold."""


def lay_repository(folder, overrides):
    """Makes `folder` afresh: config.pbtxt with `overrides` (name -> text), the code as a link to the one source."""
    shutil.rmtree(folder, ignore_errors=True)
    model = folder / MODEL_SOURCE.name
    model.mkdir(parents=True)
    config = with_parameters((MODEL_SOURCE / "config.pbtxt").read_text(encoding="utf-8"), overrides)
    (model / "config.pbtxt").write_text(config, encoding="utf-8")
    (model / "1").symlink_to(MODEL_SOURCE / "1")


def with_parameters(config, overrides):
    """The text of a config.pbtxt with other values; raises `UnknownParameter`."""
    known = {match["key"] for match in PARAMETER.finditer(config)}
    for name, value in overrides.items():
        if name not in known:
            raise UnknownParameter(f"--set {name}: unknown parameter (expected one of: {', '.join(sorted(known))})")
        if CONTROL_OR_QUOTE.search(value):
            raise UnknownParameter(f"--set {name}: quotes, backslashes and control characters are not possible")
    return PARAMETER.sub(lambda match: _line(match, overrides), config)


def _line(match, overrides):
    value = overrides.get(match["key"], match["value"])
    return match[0].replace(f'string_value: "{match["value"]}"', f'string_value: "{value}"')
