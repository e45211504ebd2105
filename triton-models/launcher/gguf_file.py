"""What a GGUF file says of its model: tokens and length. Read with the library that `bin/setup` installs."""


class UnreadableGguf(Exception):
    """No GGUF file, or none with a vocabulary."""


class GgufFile:
    """The tokens of a model by id, and how long its context may be."""

    def __init__(self, path):
        fields = _fields(path)
        try:
            architecture = fields["general.architecture"].contents()
            self.tokens = fields["tokenizer.ggml.tokens"].contents()
            self.context_length = int(fields[architecture + ".context_length"].contents())
        except KeyError as missing:
            raise UnreadableGguf(f"has no {missing.args[0]}") from missing


def _fields(path):
    try:
        from gguf import GGUFReader
    except ImportError as missing:
        raise UnreadableGguf("cannot be read before triton-models/bin/setup has run") from missing
    try:
        return GGUFReader(path).fields
    except (OSError, ValueError) as fault:
        raise UnreadableGguf(f"cannot be read ({fault})") from fault
