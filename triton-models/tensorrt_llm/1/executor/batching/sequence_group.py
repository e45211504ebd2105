"""The sequences of one request: they draw with seeds of their own and end by themselves, but fail and are cancelled
together."""

from dataclasses import replace

from .sequence import Sequence


class SequenceGroup:
    """A `Generation`. `guide` is the compiled one, `fault` what makes the request impossible.

    Only `cancel` and `cancelled` may be used from other threads than the batcher's.
    """

    def __init__(self, request, listener, vocab_size, on_cancel):
        self.request = request
        self.cancelled = False
        self.cached_tokens = 0
        self.reader = None
        self.guide = None
        self.fault = None
        self.sequences = [Sequence(self, index, vocab_size) for index in range(request.num_sequences)]
        self._listener = listener
        self._on_cancel = on_cancel
        self._open = request.num_sequences
        self._error = None

    def cancel(self):
        self.cancelled = True
        self._on_cancel()

    def admitted(self, sequence):
        """The first one reads the prompt for those that are there when it has done so."""
        if self.reader is None:
            self.reader = sequence
            self.cached_tokens = sequence.evaluated

    def waiting_for(self, reader):
        """The running sequences that the reader, done with the prompt, has to hand it on to."""
        if self.reader is not reader:
            return []
        return [each for each in self.sequences if each.slot is not None and not each.evaluated]

    def tell(self, output):
        """News that is not the end of a sequence."""
        if self._error is None:
            self._listener(output)

    def ended(self, output):
        """The last news of one sequence, of which nothing is left in the batcher. The first error ends the others."""
        self._open -= 1
        if output.error and self._error is None:
            self._error = output.error
            self.cancelled = True
        if self._error is None:
            self._listener(replace(output, others_open=self._open))
        elif self._open == 0:
            self._listener(replace(output, error=self._error))
