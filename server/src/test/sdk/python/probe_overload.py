"""A server with one place inside and no queue: who finds it taken is turned away, and the SDK comes back by itself. Form: probe.py."""

import threading
import time

from live_server import ask, check, client, expect, expect_equal, expect_usage, run_checks
from openai import InternalServerError

LONG = {"stream": True, "max_completion_tokens": 2000, "extra_body": {"ignore_eos": True}}
MOST_RETRY_AFTER_SECONDS = 10


@check
def is_turned_away_and_told_when_to_come_back():
    with ask(**LONG) as occupant:
        next(iter(occupant))
        try:
            ask()
        except InternalServerError as error:
            expect_equal((error.status_code, error.code, error.type), (503, "overloaded", "server_error"), "error")
            seconds = int(error.response.headers["retry-after"])
            expect(1 <= seconds <= MOST_RETRY_AFTER_SECONDS, f"retry-after: {seconds}")
        else:
            expect(False, "a second request was let in")


@check
def lets_the_sdk_come_back():
    with ask(**LONG) as occupant:
        next(iter(occupant))
        leaving = threading.Timer(0.2, occupant.close)
        leaving.start()
        begin = time.monotonic()
        answer = client.with_options(max_retries=3).chat.completions.with_raw_response.create(
            model="smollm2-135m-instruct", messages=[{"role": "user", "content": "Hello"}], max_completion_tokens=2
        )
    expect(answer.retries_taken >= 1, f"retries_taken: {answer.retries_taken}")
    expect(time.monotonic() - begin >= 1, "the SDK did not wait as retry-after told it")
    expect_usage(answer.parse().usage, most_tokens=2)


if __name__ == "__main__":
    run_checks()
