"""The KV cache in tokens and slots, promised in full to a sequence before it starts, so that none is ever evicted."""

from itertools import accumulate, islice, takewhile


class KvBudget:
    """Slots are handed out lowest first. Used by the batcher's thread only, but for `fitting`."""

    def __init__(self, slots, tokens):
        self.tokens = tokens
        self.reserved = 0
        self._free_slots = list(range(slots))

    def reserve(self, tokens):
        """A slot with room for `tokens`, or None when it has to wait."""
        if not self._free_slots or self.reserved + tokens > self.tokens:
            return None
        self.reserved += tokens
        slot = min(self._free_slots)
        self._free_slots.remove(slot)
        return slot

    def fitting(self, reservations):
        """How many of these, in order, have room. Any thread may ask; what is just being freed may not count yet."""
        room = self.tokens - self.reserved
        sums = accumulate(islice(reservations, len(self._free_slots)))
        return sum(1 for _ in takewhile(lambda needed: needed <= room, sums))

    def give_back(self, slot, tokens):
        self.reserved -= tokens
        self._free_slots.append(slot)
