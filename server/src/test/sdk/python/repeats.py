"""How often a check whose outcome is drawn by lot is made: CONCH_REPEATS times, a few of them at once."""

import functools
import os
from concurrent.futures import ThreadPoolExecutor

REPEATS = int(os.environ.get("CONCH_REPEATS") or 10)
AT_ONCE = 5


def repeats(function):
    @functools.wraps(function)
    def repeated():
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for run in [pool.submit(function) for _ in range(REPEATS)]:
                run.result()

    return repeated
