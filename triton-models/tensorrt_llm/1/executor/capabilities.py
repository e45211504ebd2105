"""What an engine can do with its settings, as config parameters tell front ends: the tensors cannot say it."""

from dataclasses import dataclass, fields

from .request import GuideType
from .settings import InvalidSettings
from .tensors import CPU, refused_by

ALL_GUIDES = tuple(kind.value for kind in GuideType)


@dataclass(frozen=True)
class Capabilities:
    """Each field is a config parameter of the same name: names with commas between them.

    `unsupported_inputs` are refused, `min_tokens_bans` hold tokens that cannot come before `min_tokens`.
    """

    unsupported_inputs: tuple[str, ...] = refused_by(CPU)
    min_tokens_bans: tuple[str, ...] = ("end_id", "stop_words_list")
    guided_decoding_types: tuple[str, ...] = ALL_GUIDES

    def as_parameters(self):
        """Name -> text."""
        return {field.name: ",".join(getattr(self, field.name)) for field in fields(self)}


CPU_CAPABILITIES = Capabilities()
NOT_COMPUTED = ("return_log_probs", "num_logprobs", "guided_decoding_guide_type", "guided_decoding_guide")
NULL_CAPABILITIES = Capabilities((*refused_by(CPU), *NOT_COMPUTED), guided_decoding_types=())


def check_told(parameters, capabilities):
    """Raises `InvalidSettings` where config parameters tell front ends something that is not so."""
    faults = [
        f"{name}: {parameters.get(name, '')} (expected: {true}, as the engine and its settings have it)"
        for name, true in capabilities.as_parameters().items()
        if parameters.get(name, "") != true
    ]
    if faults:
        raise InvalidSettings("\n".join(faults))
