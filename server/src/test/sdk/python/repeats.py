"""How often a check whose outcome is drawn by lot is made: CONCH_REPEATS times."""

import functools
import os

REPEATS = int(os.environ.get("CONCH_REPEATS") or 10)


def repeats(function):
    @functools.wraps(function)
    def repeated():
        for _ in range(REPEATS):
            function()

    return repeated
