"""What the end of a ban means for the flags that it was made for."""

from __future__ import annotations

from consensus.app.actions.clear_flags import WON, clear_flags
from delivery.outbox import on
from labelling.models.bans import Ban


@on("ban.lifted")
def clear(events: list[dict]) -> None:
    for ban in Ban.objects.filter(pk__in=[event["ban"] for event in events], lifted_because__in=WON):
        clear_flags(ban)
