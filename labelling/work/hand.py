"""What a worker has in hand, and how much more she may draw; the rule stands in labelling/work/tempo.py."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.sql import fetch
from labelling.work import tempo
from ledger import clock
from people.models import Worker

_HAND = f"SELECT {tempo.MOST}, live, {tempo.ROOM}, held FROM labelling_hand(%s, %s)"  # noqa: S608  constants only


@dataclass(frozen=True)
class Hand:
    """What a worker may hold. most: at once; live: what she holds; room: how many more now."""

    most: int
    live: int
    room: int
    held: bool

    @property
    def why(self) -> str:
        """Why there is no room: "flag", "full" or "look"."""
        return "flag" if self.held else "full" if self.live >= self.most else "look"

    @property
    def sentence(self) -> str:
        if self.why == "flag":
            return f"Somebody looks at your last answers: until then you may hold {self.most} tasks at once. Your wallet says until when."
        if self.why == "full":
            return f"You hold {self.live} tasks, and you may hold {self.most} at once: answer some, or hand some back, first."
        return "Your first answers are being looked at: there is more work for you in a minute."


def hand_of(worker: Worker) -> Hand:
    [row] = fetch(_HAND, [worker.pk, clock.now()])
    return Hand(*row)
