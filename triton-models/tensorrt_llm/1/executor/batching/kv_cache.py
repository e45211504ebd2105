"""The KV cache: who has which slot of it, what is promised to whom, and what is left of those who are gone.

A sequence is promised slot and tokens in full before it starts, so that none is ever evicted. When it ends, its slot
keeps what it holds for as long as nobody needs the room, and a later sequence whose prompt begins with the same tokens
does not read these again. The same goes for what a running sequence holds. Slots that share tokens may share cells of
the cache; here each slot counts all of its own, so that more is never used than is counted.

Whole blocks are reused, of as many tokens as are read in one step. So the rest of a prompt is cut into the same steps
whether its beginning was there or not, and a request that is alone gets the same answer each time: sums of floating
point numbers depend on how many tokens are evaluated together.

All idle slots together keep no more than one sequence may have, whatever the evaluator's layout: where slots share a
pool of cells, every step looks at all that are in use, and 1,000 of them make it about 6 % slower (SmolLM2-135M, CPU
time of one thread).
"""

from itertools import accumulate, islice, takewhile


class KvCache:
    """Over the memory of an `Evaluator`. Used by the batcher's thread only, but for `fitting`."""

    def __init__(self, evaluator, block, reuses=True):
        self.tokens = evaluator.kv_cache_tokens
        self.reserved = 0
        self.reused = 0
        self._evaluator = evaluator
        self._reuses = reuses
        self._block = block
        self._empty = list(range(evaluator.slots))
        self._running = {}
        self._most_kept = evaluator.max_seq_len
        self._kept = {}  # the tokens in each idle slot; the least recently used one first

    def admit(self, sequence):
        """Gives the sequence its slot and what that holds of its prompt; False when it has to wait for room."""
        need = sequence.reservation
        if not (self._empty or self._kept) or self.reserved + need > self.tokens:
            return False
        source, length = self._longest_prefix(sequence)
        self._make_room(need, source)
        sequence.slot = self._take(source, length, need)
        self._running[sequence.slot] = sequence
        self.reserved += need
        if length:
            sequence.evaluated = self._evaluator.share(source, sequence.slot, length)
            self.reused += sequence.evaluated
        return True

    def hand_on(self, sequence, other):
        """Gives another running sequence of the same prompt what this one has read of it."""
        length = len(sequence.request.prompt) - 1
        if length:
            other.evaluated = self._evaluator.share(sequence.slot, other.slot, length)
            self.reused += other.evaluated

    def release(self, sequence):
        """Takes the slot back; unless the sequence failed, its tokens stay for a while."""
        del self._running[sequence.slot]
        self.reserved -= sequence.reservation
        tokens = sequence.evaluated_tokens()
        if self._reuses and not sequence.failed and len(tokens) >= self._block:
            self._keep(sequence.slot, tokens)
        else:
            self._empty_slot(sequence.slot)

    def fitting(self, reservations):
        """How many of these, in order, have room. Any thread may ask; what is just being freed may not count yet."""
        room = self.tokens - self.reserved
        sums = accumulate(islice(reservations, len(self._empty) + len(self._kept)))
        return sum(1 for _ in takewhile(lambda needed: needed <= room, sums))

    def _longest_prefix(self, sequence):
        """The slot that holds most of the prompt, and how much; the last token is always read, for its logits."""
        if not self._reuses or sequence.waits_for_sibling:
            return None, 0
        prompt = sequence.request.prompt[:-1]
        found = [(_common(tokens, prompt), slot) for slot, tokens in self._kept.items()]
        found += [(_common(each.evaluated_tokens(), prompt), slot) for slot, each in self._running.items()]
        length, slot = max(found, default=(0, None))
        whole = length // self._block * self._block
        return (slot, whole) if whole else (None, 0)

    def _make_room(self, need, source):
        """Evicts what was kept, the least recently used first and the source not at all."""
        for slot in list(self._kept):
            if self._fits(need):
                return
            if slot != source:
                self._evict(slot)

    def _fits(self, need):
        return self.reserved + need + self._kept_tokens() <= self.tokens

    def _kept_tokens(self):
        return sum(map(len, self._kept.values()))

    def _take(self, source, length, need):
        """The slot of the source itself, if that loses nothing or there is no other; else an empty one."""
        others = self._empty or [slot for slot in self._kept if slot != source]
        if source in self._kept and (length == len(self._kept[source]) or not others or not self._fits(need)):
            del self._kept[source]
            return source
        if source in self._kept:
            self._kept[source] = self._kept.pop(source)
        if not self._empty:
            self._evict(others[0])
        slot = min(self._empty)
        self._empty.remove(slot)
        return slot

    def _keep(self, slot, tokens):
        """Of two slots of which one holds the beginning of the other, the longer is kept."""
        for other, others in list(self._kept.items()):
            if others[: len(tokens)] == tokens:
                self._kept[other] = self._kept.pop(other)
                self._empty_slot(slot)
                return
            if tokens[: len(others)] == others:
                self._evict(other)
        self._kept[slot] = tokens
        while self._kept_tokens() > self._most_kept:
            self._evict(next(iter(self._kept)))

    def _evict(self, slot):
        del self._kept[slot]
        self._empty_slot(slot)

    def _empty_slot(self, slot):
        self._evaluator.forget(slot)
        self._empty.append(slot)


def _common(tokens, prompt):
    """How many tokens both begin with."""
    pairs = zip(tokens, prompt, strict=False)
    return next((at for at, (one, other) in enumerate(pairs) if one != other), min(len(tokens), len(prompt)))
