"""What may be news to somebody: see docs/architecture.md, "Events"."""

from __future__ import annotations

from collections.abc import Iterable

from delivery.outbox import on
from labelling.models import Appeal
from notices.actions.look import note
from notices.models import Kind
from people.models import Worker


@on("payout.paid")
def money_is_there(events: list[dict]) -> None:
    note(Kind.MONEY, _people(event["worker"] for event in events))


@on("appeal.lost")
def ban_stands(events: list[dict]) -> None:
    note(Kind.APPEALS, _people(event["worker"] for event in events))


@on("ban.lifted")
def ban_is_lifted(events: list[dict]) -> None:
    """Some are lifted without an appeal."""
    appealed = set(Appeal.objects.filter(ban__in=[event["ban"] for event in events]).values_list("ban", flat=True))
    note(Kind.APPEALS, _people(event["worker"] for event in events if event["ban"] in appealed))


@on("miss.confirmed")
@on("miss.righted")
def miss_is_answered(events: list[dict]) -> None:
    """Hers, or somebody else's that put the same miss right for her."""
    note(Kind.APPEALS, _people(event["worker"] for event in events))


def _people(workers: Iterable[int]) -> Iterable[int]:
    return Worker.objects.filter(pk__in=list(workers)).values_list("person", flat=True)
