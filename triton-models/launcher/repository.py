"""The model repository of one server: our model or those of other repositories, parameters changed for this start."""

import re
import shutil
import sys

from layout import MODEL_SOURCE

sys.path.append(str(MODEL_SOURCE / "1"))
from executor.engines import capabilities_of
from executor.settings import InvalidSettings, parse_settings

PARAMETER = re.compile(r'parameters \{ key: "(?P<key>\w+)" value \{ string_value: "(?P<value>[^"]*)" \} \}')
CONTROL_OR_QUOTE = re.compile(r'[\x00-\x1f"\\]')


class UnknownParameter(Exception):
    """A parameter that config.pbtxt does not have, or a value that it cannot hold."""


class NoModel(Exception):
    """A repository without a model, or two models of one name."""


def models_of(repositories):
    """The model folders of these repositories: those with a config.pbtxt. Raises `NoModel`."""
    found = [config.parent for folder in repositories for config in sorted(folder.glob("*/config.pbtxt"))]
    for folder in repositories:
        if not any(model.parent == folder for model in found):
            raise NoModel(f"{folder}: no model there (expected: a folder with a config.pbtxt in it)")
    names = [model.name for model in found]
    for name in sorted({name for name in names if names.count(name) > 1}):
        raise NoModel(f"{name}: several models of that name (expected: one)")
    return found


def lay_repository(folder, overrides, models=(MODEL_SOURCE,)):
    """Makes `folder` afresh: for each model its config.pbtxt with `overrides` (name -> text), the code as a link.

    What the parameters tell front ends of the engine follows from the others.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for source in models:
        model = folder / source.name
        model.mkdir(parents=True)
        config = with_parameters((source / "config.pbtxt").read_text(encoding="utf-8"), overrides)
        (model / "config.pbtxt").write_text(with_capabilities(config, overrides), encoding="utf-8")
        (model / "1").symlink_to((source / "1").resolve())


def with_parameters(config, overrides):
    """The text of a config.pbtxt with other values; raises `UnknownParameter`."""
    known = {match["key"] for match in PARAMETER.finditer(config)}
    for name, value in overrides.items():
        if name not in known:
            raise UnknownParameter(f"--set {name}: unknown parameter (expected one of: {', '.join(sorted(known))})")
        if CONTROL_OR_QUOTE.search(value):
            raise UnknownParameter(f"--set {name}: quotes, backslashes and control characters are not possible")
    return PARAMETER.sub(lambda match: _line(match, overrides), config)


def with_capabilities(config, overrides=()):
    """The text of a config.pbtxt that tells front ends what the engine it names can do, but for what is overridden."""
    try:
        settings = parse_settings({match["key"]: match["value"] for match in PARAMETER.finditer(config)})
        capabilities = capabilities_of(settings).as_parameters()
    except InvalidSettings:
        return config  # the model says it when it is loaded, with all faults
    for name in capabilities.keys() - set(overrides):
        value = re.compile(rf'(key: "{name}"\s+value {{ string_value: ")[^"]*')
        config = value.sub(rf"\g<1>{capabilities[name]}", config)
    return config


def _line(match, overrides):
    value = overrides.get(match["key"], match["value"])
    return match[0].replace(f'string_value: "{match["value"]}"', f'string_value: "{value}"')
