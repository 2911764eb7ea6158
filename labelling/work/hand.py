"""What a worker has in hand, and how much more she may draw; the rule stands in labelling/work/tempo.py."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.say import say
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
            return say(
                "Somebody looks at your last answers: until then you may hold {most} tasks at once. Your wallet says until when.",
                most=self.most,
            )
        if self.why == "full":
            return say(
                "You hold {live} tasks, and you may hold {most} at once: answer some, or hand some back, first.",
                live=self.live,
                most=self.most,
            )
        return say("Your first answers are being looked at: there is more work for you in a minute.")


def hand_of(worker: Worker) -> Hand:
    [row] = fetch(_HAND, [worker.pk, clock.now()])
    return Hand(*row)
