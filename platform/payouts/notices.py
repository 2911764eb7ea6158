"""Short messages about money that was taken back, in the reader's language."""

from __future__ import annotations

from django.conf import settings

from labelling.actions.recover_escrow import needed_micro
from payouts.models import Deposit
from people.models import Person
from people.telling import tell

MOST_TOLD = 20
TEXTS = {
    "en": {
        "taken": "{back} of a deposit of {organisation} was taken back by the payment service.",
        "covered": "Your funds covered it; open batches go on. {link}",
        "owing": "Open batches lend no new tasks until {need} are deposited and you resume them. What workers hold is paid. {link}",
    },
    "zu": {
        "taken": "U-{back} wediphozithi ye-{organisation} uthathwe wabuyiselwa yinkonzo yokukhokha.",
        "covered": "Imali yakho ikwanele; amaqoqo avuliwe ayaqhubeka. {link}",
        "owing": "Amaqoqo avuliwe awanikezi imisebenzi emisha kuze kufakwe u-{need} uphinde uwaqhube. Lokho abasebenzi "
        "abakuphethe kuyakhokhwa. {link}",
    },
}


def tell_of_reversal(deposit: Deposit) -> None:
    """Its members, and the admins: some of either."""
    need_micro = needed_micro(deposit.organisation_id, deposit.currency)
    members = Person.objects.filter(memberships__organisation=deposit.organisation_id, is_active=True)
    admins = Person.objects.filter(is_staff=True, is_active=True)
    for person in (members | admins).distinct().order_by("pk")[:MOST_TOLD]:
        texts = TEXTS.get(person.language, TEXTS["en"])
        words = {
            "back": _money(deposit.returned_micro, deposit.currency),
            "need": _money(need_micro, deposit.currency),
            "organisation": deposit.organisation.name,
            "link": f"{settings.PUBLIC_URL}/console/organisations/{deposit.organisation_id}/",
        }
        sentence = f"{texts['taken']} {texts['owing' if need_micro else 'covered']}"
        tell(person, sentence.format(**words))


def _money(micro: int, currency: str) -> str:
    return f"{micro / 1_000_000:,.2f} {currency}"
