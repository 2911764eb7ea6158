"""A way to reach a person: what it is given, and what can come of it."""

from __future__ import annotations

from dataclasses import dataclass

from notices.models import Choice, Kind


@dataclass(frozen=True)
class Told:
    """What is to be said: the kinds, their words in her language, the screen that they open, and the link that stops them."""

    choice: Choice
    kinds: list[Kind]
    words: str
    opens: str
    stop: str


class NotNow(Exception):
    """It was not taken. `after_s`: when to try again, where that was said."""

    def __init__(self, why: str, after_s: float | None = None):
        super().__init__(why)
        self.after_s = after_s


class NoWay(Exception):
    """Nothing reaches her by this way any more."""
