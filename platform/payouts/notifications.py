"""Short messages about money that waits or was taken back, in the reader's language."""

from __future__ import annotations

from django.conf import settings

from kernel.money import to_text
from labelling.batches.recover_escrow import needed_micro
from payouts.models import Deposit, Payout
from people.models import Person
from people.telling import Message, tell

MAX_TOLD = 20
MONEY = "Money"
MESSAGES = {
    "covered": Message(
        MONEY,
        "{back} of a deposit of {organisation} was taken back by the payment service. Your funds covered it; open batches go on. {link}",
    ),
    "owing": Message(
        MONEY,
        "{back} of a deposit of {organisation} was taken back by the payment service. Open batches lend no new tasks until {need} are "
        "deposited and you resume them. What workers hold is paid. {link}",
    ),
    "waits": Message(
        "Your payout",
        "{money} were asked for, to a number that ends in {hint}; sent after {until}. Was it not you? Call it back: {link}",
    ),
    "appeal": Message("A payout waits", "A worker asks for a payout before its date, {until}: {link}"),
    "linked": Message(
        "A payout waits",
        "Several accounts may be one hand's; their payouts wait up to 72 hours for a look: {link}",
    ),
}


def tell_of_reversal(deposit: Deposit) -> None:
    """Its members, and the admins: some of either."""
    need_micro = needed_micro(deposit.organisation_id, deposit.currency)
    members = Person.objects.filter(memberships__organisation=deposit.organisation_id, is_active=True)
    admins = Person.objects.filter(is_staff=True, is_active=True)
    for person in (members | admins).distinct().order_by("pk")[:MAX_TOLD]:
        words = {
            "back": _money(deposit.returned_micro, deposit.currency),
            "need": _money(need_micro, deposit.currency),
            "organisation": deposit.organisation.name,
            "link": f"{settings.PUBLIC_URL}/console/organisations/{deposit.organisation_id}/",
        }
        tell(person, MESSAGES["owing" if need_micro else "covered"], **words)


def tell_of_wait(payout: Payout) -> None:
    if payout.not_before is None:
        return
    person = payout.worker.person
    words = {
        "money": _money(payout.amount_micro, payout.currency),
        "hint": payout.destination_hint,
        "until": f"{payout.not_before:%Y-%m-%d %H:%M} UTC",
        "link": f"{settings.PUBLIC_URL}/app/#/wallet",
    }
    tell(person, MESSAGES["waits"], **words)


def tell_of_appeal(payout: Payout) -> None:
    if payout.not_before is None:
        return
    until, link = (
        f"{payout.not_before:%Y-%m-%d %H:%M} UTC",
        f"{settings.PUBLIC_URL}/console/admin/payouts/?state=created",
    )
    for admin in Person.objects.filter(is_staff=True, is_active=True).order_by("pk")[:MAX_TOLD]:
        tell(admin, MESSAGES["appeal"], until=until, link=link)


def tell_of_links() -> None:
    link = f"{settings.PUBLIC_URL}/console/admin/linked/"
    for admin in Person.objects.filter(is_staff=True, is_active=True).order_by("pk")[:MAX_TOLD]:
        tell(admin, MESSAGES["linked"], link=link)


def _money(micro: int, currency: str) -> str:
    return to_text(micro, currency)
