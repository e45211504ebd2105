"""Several steps as one."""

from random import Random

from executor.step_news import LENGTH, merged
from subscribed import news


class TestMerging:
    def test_it_is_what_one_gets_sequence_by_sequence(self):
        random = Random(4)
        for _ in range(200):
            parts = [self.random_part(random) for _ in range(random.randint(2, 6))]
            together = merged(parts)
            expected = {}
            for part in parts:
                for key, ids in by_sequence(part).items():
                    expected.setdefault(key, []).extend(ids)
            assert by_sequence(together) == expected
            assert list(by_sequence(together)) == list(expected)

    def random_part(self, random):
        keys = random.sample(
            [(handle, sequence) for handle in (3, 2**62, 9) for sequence in (0, 1)], random.randint(1, 6)
        )
        rows = [(handle, *(random.randrange(100) for _ in range(random.randint(0, 3)))) for handle, _ in keys]
        return news(*rows, sequences=[sequence for _, sequence in keys])

    def test_ends_and_cached_tokens_are_kept(self):
        together = merged([news((1, 5), (2, 6), ends=[0, LENGTH]), news((1, 7))])
        assert together.ends.tolist() == [0, LENGTH]
        assert together.sequences is None
        assert together.cached_tokens is None


def by_sequence(news):
    ids, told = news.ids.tolist(), {}
    for handle, sequence, count in zip(
        news.handles.tolist(), news.sequences.tolist(), news.counts.tolist(), strict=True
    ):
        told[handle, sequence], ids = ids[:count], ids[count:]
    return told
