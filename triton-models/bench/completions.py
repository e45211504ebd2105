"""So many completions at a time, over Triton's subscriptions and over llama.cpp's HTTP: when their tokens come.

Both clients are one thread that waits for all of its streams and looks no closer at a token than it must: the model
computes on the same cores.
"""

import json
import selectors
import socket
import time
from urllib.parse import urlsplit

import numpy as np

import consumer
from subscriber import LENGTH, NONE, submission
from triton_server import shaped


class Times:
    """Of a batch of completions: seconds to the first token of each, and from the first start to the last token."""

    def __init__(self):
        self.first_s = []
        self._started = {}
        self._began = time.monotonic()
        self.all_s = 0.0
        self.tokens = 0

    def start(self, key):
        self._started[key] = time.monotonic()

    def token(self, key):
        if key in self._started:
            self.first_s.append(time.monotonic() - self._started.pop(key))

    def end(self, tokens):
        self.tokens += tokens
        self.all_s = time.monotonic() - self._began


class OverTriton:
    """Requests of one subscription. Use as a context manager."""

    def __init__(self, address):
        self._news = consumer.Stream(address)
        self._asking = consumer.Stream(address)

    def __enter__(self):
        self._news.send(subscribe=shaped("subscribe", [True]), **NONE)
        self._news.next()
        return self

    def __exit__(self, *_):
        for stream in (self._asking, self._news):
            stream.__exit__()

    def complete(self, prompts, tokens, at_once):
        """The `Times` of these prompts, `at_once` of them under way for as long as there are so many."""
        times, left = Times(), list(enumerate(prompts))
        under_way = min(at_once, len(left))
        self._submit([left.pop(0) for _ in range(under_way)], tokens, times)
        while under_way:
            response = self._news.next()
            handles = consumer.column(response, "step_handles", np.int64)
            for handle in handles.tolist():
                times.token(handle)
            ends = consumer.column(response, "step_ends", np.uint8)
            for end in ends[ends > 0].tolist():
                assert end == LENGTH
                times.end(tokens)
                under_way -= 1
                if left:
                    under_way += 1
                    self._submit([left.pop(0)], tokens, times)
        return times

    def _submit(self, numbered, tokens, times):
        for handle, _ in numbered:
            times.start(handle)
        texts = [submission(handle, prompt, tokens) for handle, prompt in numbered]
        self._asking.send(
            subscription=shaped("subscription", [b"bench"]), submissions=np.array([texts], np.object_), **NONE
        )


class OverHttp:
    """Requests to llama.cpp's server, each with a connection of its own."""

    EVENT = b"data: "
    LAST = b'"stop":true'

    def __init__(self, url):
        self._address = urlsplit(url).hostname, urlsplit(url).port

    def complete(self, prompts, tokens, at_once):
        """As `OverTriton` does it."""
        times, left = Times(), list(prompts)
        with selectors.DefaultSelector() as selector:
            for _ in range(min(at_once, len(left))):
                self._start(left.pop(0), tokens, times, selector)
            while selector.get_map():
                for key, _ in selector.select():
                    if self._read(key, times):
                        selector.unregister(key.fileobj)
                        key.fileobj.close()
                        times.end(tokens)
                        if left:
                            self._start(left.pop(0), tokens, times, selector)
        return times

    def _start(self, prompt, tokens, times, selector):
        connection = socket.create_connection(self._address)
        times.start(connection.fileno())
        connection.sendall(self._request(prompt, tokens))
        selector.register(connection, selectors.EVENT_READ, bytearray())

    def _read(self, key, times):
        """Takes in what has come; whether that was the end."""
        received = key.data
        came = key.fileobj.recv(1 << 16)
        assert came, f"closed behind {bytes(received)}"
        received += came
        assert b"200 OK" in received[:100], received
        if self.EVENT in received:
            times.token(key.fd)
        if self.LAST in received:
            return True
        del received[200:-200]
        return False

    def _request(self, prompt, tokens):
        """Greedy, by as few samplers as it takes, on to the length; nothing is kept of earlier prompts."""
        wanted = {"n_predict": tokens, "ignore_eos": True, "stream": True, "cache_prompt": False}
        body = json.dumps({"prompt": prompt, "samplers": ["top_k"], "top_k": 1, **wanted}).encode()
        head = (
            f"POST /completion HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        return head.encode() + body
