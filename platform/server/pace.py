"""How much of a web process's processor the strangers of one network take while people work. Above it they pause; none is refused.

The shares come from use. A first visit to the phone app is about 25 requests of 3 ms in all: of a room of forty people who open it at the
same moment nobody waits where two processes serve, and after them one more each second in every process. A monitor asks once a second.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from server.at_work import AtWork

SHARE = 0.1  # of a processor, second by second
BURST_S = 1.5  # of processor time, at once
REQUEST_S = 0.001  # what any request costs around Django: sockets, threads, the server's own work
LONGEST_S = 2.0  # nobody pauses longer, whoever else asks from her network
PROBE_BURST_S = 0.1  # a probe is one request, no page of many: a hundred monitors at once
PROBE_LONGEST_S = 0.25  # who decides by a probe whether to end us waits a second for it, or less
WORKING_S = 1.0  # so long after somebody's request people are at work
MANY = 1_000  # networks


class Pace:
    def __init__(
        self, places: int, now: Callable = time.monotonic, sleep: Callable = time.sleep, at_work: AtWork | None = None
    ) -> None:
        self._places = places  # threads that may pause at once: what comes beyond goes on without a pause
        self._now, self._sleep, self._at_work = now, sleep, at_work or AtWork()
        self._spent: dict[str, tuple[float, float]] = {}  # network -> processor time not yet made up for, and when
        self._lock = threading.Lock()

    def somebody_works(self) -> None:
        self._at_work.note(self._now())

    def pause(self, network: str, longest_s: float = LONGEST_S, burst_s: float = BURST_S) -> None:
        """Before a stranger's request."""
        with self._lock:
            spent = self._spend(network, REQUEST_S)
            wait_s = min(longest_s, (spent - burst_s) / SHARE)
            if wait_s <= 0 or not self._places or not self._people_work(self._now()):
                return
            self._places -= 1
        try:
            self._sleep(wait_s)
        finally:
            with self._lock:
                self._places += 1

    def spent(self, network: str, processor_s: float) -> None:
        """After it."""
        with self._lock:
            self._spend(network, processor_s)

    def _spend(self, network: str, processor_s: float) -> float:
        """What is then to be made up for. Never more than the longest pause does, nor, while nobody works, than a burst."""
        now = self._now()
        most = BURST_S + (SHARE * LONGEST_S if self._people_work(now) else 0.0)
        before, at = self._spent.pop(network, (0.0, now))
        spent = min(most, max(0.0, before - SHARE * (now - at)) + processor_s)
        self._spent[network] = spent, now  # the last in line: who has not come for long is the first
        if len(self._spent) > MANY:
            del self._spent[next(iter(self._spent))]
        return spent

    def _people_work(self, now: float) -> bool:
        return self._at_work.within(WORKING_S, now)
