"""A circuit breaker: who does not answer once is not asked again for five seconds, so that a hanging server costs one wait.

Afterwards one caller tries; the others are still refused at once, until she comes back with an answer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from redis.exceptions import ConnectionError as RedisConnectionError

REST_S = 5
PATIENCE_S = 0.2  # of a web request with a cache or a broker; what is behind them is never worth more


class Away(RedisConnectionError):
    """Did not answer a moment ago, and was not asked again."""


class Breaker:
    """Of one server and this process. `failures` are the exceptions that mean: it does not answer."""

    def __init__(self, name: str, failures: tuple[type[Exception], ...]):
        self.name, self.failures = name, failures
        self._lock = threading.Lock()
        self._rests_until_s: float | None = None

    @contextmanager
    def guard(self) -> Iterator[None]:
        self._refuse_while_open()
        try:
            yield
        except self.failures:
            self._rests_until_s = time.monotonic() + REST_S
            raise
        self.close()

    def close(self) -> None:
        self._rests_until_s = None

    def _refuse_while_open(self) -> None:
        if self._rests_until_s is None:
            return
        with self._lock:
            now_s = time.monotonic()
            if self._rests_until_s is not None and now_s < self._rests_until_s:
                raise Away(f"{self.name} does not answer; it is asked again in a moment")
            self._rests_until_s = now_s + REST_S  # for the others, while this one tries
