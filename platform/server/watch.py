"""Looks at every process of a platform, and starts again what is dead, stopped, silent or breaks its promises.

Dead: its parent is told by the kernel. Stopped: the kernel says so. Silent: no answer to the cheapest question. A broken promise:
a process that gets no time, or whose loop hangs (server/pulse.py). What comes from a server of several processes is ended alone,
and its parent makes another; only a parent is started again with all that is its own.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import psutil

from server import pulse
from server.processes import GONE, sessions

STOPPED_S = 3  # somebody may stop one for a moment
LONGEST_WAIT_S = 30  # before what dies again and again is started once more
CALM_S = 10
MOST_PATIENCE = 8  # times as long as usual, for one that has not answered since it was started


class Watched(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def log(self) -> Path: ...
    @property
    def patience_s(self) -> float: ...
    @property
    def process(self) -> Any: ...  # a Popen, once it was started
    def start(self) -> None: ...
    def kill(self) -> None: ...
    def lives(self) -> bool: ...


@dataclass
class _Seen:
    """What is known of one: when it was started, when it last answered, and how long to wait before the next start."""

    started_s: float
    answered_s: float
    wait_s: float = 0
    unanswered: int = 0  # starts in a row after which it never answered
    stopped: dict[int, float] = field(default_factory=dict)  # pid -> since when


class Watch:
    def __init__(self, watched: Iterable[Watched], pulses: Path, say=print):
        self._watched, self._pulses, self._say = list(watched), pulses, say
        now_s = time.monotonic()
        self._seen = {one.name: _Seen(now_s, now_s) for one in self._watched}
        self._sessions: dict[int, list[psutil.Process]] = {}
        self._end = threading.Event()
        self._asking = threading.Thread(target=self._ask, name="ask", daemon=True)

    def start(self) -> None:
        self._asking.start()

    def end(self) -> None:
        self._end.set()

    def look(self) -> list[str]:
        """Once at all of them; the names of those that were started again. Call it from the thread that lives longest: what is
        started here ends with its thread (server/tether.py)."""
        self._sessions = sessions(one.process.pid for one in self._watched)
        return [one.name for one in self._watched if (why := self._trouble(one)) and self._again(one, why)]

    def _trouble(self, one: Watched) -> str:
        seen, process = self._seen[one.name], one.process
        if _is_dead(process.pid):
            return "ended by itself"
        if self._stopped_for(one, process.pid) > STOPPED_S:
            return "was stopped"
        if time.monotonic() - max(seen.answered_s, seen.started_s) > (patience_s := _patience_s(one, seen)):
            return f"answered nothing for {patience_s:.0f} s"
        return self._broken_promise(process.pid)

    def _stopped_for(self, one: Watched, leader: int) -> float:
        """How long the leader has been stopped; a child of it that is, is dealt with here."""
        stopped, now_s = self._seen[one.name].stopped, time.monotonic()
        here = {process.pid: process for process in self._family(one, leader) if _is_stopped(process)}
        for pid in set(stopped) - set(here):
            del stopped[pid]
        for pid, process in here.items():
            if now_s - stopped.setdefault(pid, now_s) > STOPPED_S and pid != leader:
                self._end_child(one, process)
        return now_s - stopped.get(leader, now_s)

    def _family(self, one: Watched, leader: int) -> list[psutil.Process]:
        """PostgreSQL's backends have sessions of their own; all others share their parent's."""
        family = self._sessions.get(leader, [])
        if one.name == "postgres":
            for process in list(family):
                with suppress(*GONE):
                    family = family + process.children()
        return family

    def _end_child(self, one: Watched, process: psutil.Process) -> None:
        """Killing one backend would take all of PostgreSQL through a recovery; its transaction is as it was, so it may go on."""
        signum = signal.SIGCONT if one.name == "postgres" else signal.SIGKILL
        self._say(f"{process.pid} of {one.name} was stopped; sent {signum.name}.")
        with suppress(*GONE):
            process.send_signal(signum)

    def _broken_promise(self, leader: int) -> str:
        for pid, what in pulse.broken(self._pulses):
            if pid == leader:
                return f"broke its promise ({what})"
            with suppress(ProcessLookupError, *GONE):
                if os.getsid(pid) == leader:
                    self._say(f"{pid} broke its promise ({what}); killed.")
                    psutil.Process(pid).kill()
                    pulse.forget(self._pulses, pid)
                continue
            pulse.forget(self._pulses, pid)  # it is gone
        return ""

    def _again(self, one: Watched, why: str) -> bool:
        seen, now_s = self._seen[one.name], time.monotonic()
        if now_s - seen.started_s < seen.wait_s:
            return False
        self._say(f"{one.name} {why} (see {one.log}); starting it again.")
        pulse.forget(self._pulses, one.process.pid)
        seen.wait_s = 0 if now_s - seen.started_s > CALM_S else min(LONGEST_WAIT_S, 2 * seen.wait_s + 1)
        seen.unanswered = seen.unanswered + 1 if seen.answered_s < seen.started_s else 0
        seen.stopped.clear()
        try:
            one.kill()
            one.start()
        except Exception as failed:  # whatever it is, the others are looked after, and this one is tried again
            self._say(f"{one.name} did not start: {failed}")
        seen.started_s = time.monotonic()
        return True

    def _ask(self) -> None:
        """In a thread of its own: one that does not answer must not keep us from looking at the others."""
        while not self._end.wait(1):
            for one in self._watched:
                try:
                    lives = one.lives()
                except Exception as failed:
                    self._say(f"{one.name} could not be asked: {failed}")
                    lives = False
                if lives:
                    self._seen[one.name].answered_s = time.monotonic()


def _patience_s(one: Watched, seen: _Seen) -> float:
    """A start takes longer than an answer, and on a busy machine how long is not known: twice as long each time. Who ended it too early
    each time would never see it again."""
    if seen.answered_s >= seen.started_s:
        return one.patience_s
    return one.patience_s * min(MOST_PATIENCE, 2 ** (seen.unanswered + 1))


def _is_dead(pid: int) -> bool:
    """Without taking its number from it: while it is a zombie nobody else has that number, and its session can be ended."""
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:  # waited for already
        return True


def _is_stopped(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_STOPPED
    except GONE:
        return False
