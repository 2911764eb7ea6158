"""Whose request runs next in a web process. Neither one network's strangers, nor one person, nor all strangers together have all of it.

A slot is the right to run, with the database connections that go with it; who has none waits in line, which costs nothing. Next is,
of those who may run, whose network has the least running, then who has the least running herself, then who came first.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connections


@dataclass(frozen=True)
class Who:
    network: str
    person: int = 0  # 0: a stranger


class Crowded(Exception):
    """The line is long, and it is this network that makes it so."""


class Slot:
    """Its connections go from thread to thread, so that there are never more of them than slots."""

    def __init__(self) -> None:
        self._connections: dict = {}

    def lend(self) -> None:
        for alias, connection in self._connections.items():
            connections[alias] = connection

    def take_back(self) -> None:
        for connection in connections.all(initialized_only=True):
            if connection.alias not in self._connections:
                connection.inc_thread_sharing()
                self._connections[connection.alias] = connection
            del connections[connection.alias]


@dataclass(eq=False)
class _Waiter:
    who: Who
    slot: Slot = field(init=False)  # once it is called
    called: threading.Event = field(default_factory=threading.Event, init=False)


class Lines:
    def __init__(self, slots: int, room: int) -> None:
        self._most_strangers, self._most_of_one = max(1, slots // 2), max(1, slots // 2)
        self._most_strangers_of_a_network = max(1, slots // 4)
        self._room = room
        self._free = [Slot() for _ in range(slots)]
        self._running: Counter[Who | str] = Counter()  # of each person, of each network and of all strangers
        self._waiting: list[_Waiter] = []
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, who: Who, *, begun: bool = False) -> Iterator[None]:
        """Waits for it. What has `begun`, an answer half sent, is never turned away."""
        slot = self._enter(who, begun)
        slot.lend()
        try:
            yield
        finally:
            slot.take_back()
            self._leave(who, slot)

    def _enter(self, who: Who, begun: bool) -> Slot:
        with self._lock:
            if self._free and not self._waiting and self._may_run(who):  # the usual case
                self._count(who, 1)
                return self._free.pop()
            self._waiting.append(waiter := _Waiter(who))
            self._call_next()
            if not (waiter.called.is_set() or begun) and self._is_crowded_by(who.network):
                self._waiting.remove(waiter)
                raise Crowded
        waiter.called.wait()
        return waiter.slot

    def _leave(self, who: Who, slot: Slot) -> None:
        with self._lock:
            self._count(who, -1)
            self._free.append(slot)
            self._call_next()

    def _call_next(self) -> None:
        while self._free and (able := [waiter for waiter in self._waiting if self._may_run(waiter.who)]):
            waiter = min(able, key=lambda one: (self._running[one.who.network], self._running[one.who]))
            self._waiting.remove(waiter)
            self._count(waiter.who, 1)
            waiter.slot = self._free.pop()  # the last one used: its connection is open
            waiter.called.set()

    def _may_run(self, who: Who) -> bool:
        if who.person:
            return self._running[who] < self._most_of_one
        few = self._running["strangers"] < self._most_strangers
        return few and self._running[who] < self._most_strangers_of_a_network

    def _count(self, who: Who, one: int) -> None:
        names: list[Who | str] = [who, who.network, *([] if who.person else ["strangers"])]
        for name in names:
            self._running[name] += one
            if not self._running[name]:
                del self._running[name]

    def _is_crowded_by(self, network: str) -> bool:
        """Nobody is sent away while there is room. Then a network that has a quarter of the room sends no more into it."""
        if len(self._waiting) <= self._room * 3 // 4:
            return False
        return sum(waiter.who.network == network for waiter in self._waiting) > self._room // 4
