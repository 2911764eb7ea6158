"""The smallest world with wages in it: a requester's money, workers, what they earn and are paid."""

from itertools import count

from ledger import verbs
from ledger.kinds import PAYOUT_IN_FLIGHT
from ledger.posting import post, post_many
from ledger.transfers import AccountRef, Transfer
from people.models import Person, Worker

BATCH, ORGANISATION = 1, 1
_numbers = count(1)


def make_worker() -> Worker:
    person = Person.objects.create_user(email=f"worker{next(_numbers)}@example.com", password=None)
    return Worker.objects.create(person=person)


def fund(amount_micro: int = 1_000_000_000, currency: str = "USD") -> None:
    number = next(_numbers)
    post(verbs.deposit(f"d{number}", ORGANISATION, amount_micro, currency, "simulated"))
    post(verbs.fund_batch(BATCH, ORGANISATION, amount_micro, currency, part=number))


def earn(worker: Worker, base_micro: int, bonus_micro: int | None = None, currency: str = "USD") -> str:
    """An accepted answer, settled too when a bonus is named; returns the answer's id."""
    answer = f"00000000-0000-7000-8000-{next(_numbers):012d}"
    transfers = [verbs.earn(answer, BATCH, worker.pk, base_micro, currency)]
    if bonus_micro is not None:
        transfers.append(verbs.settle(answer, BATCH, worker.pk, base_micro, bonus_micro, 0, currency))
    post_many(transfers)
    return answer


def request_payout(worker: Worker, amount_micro: int, currency: str = "USD") -> None:
    number = next(_numbers)
    legs = verbs.moved(verbs.available_of(worker.pk), AccountRef(PAYOUT_IN_FLIGHT, f"payout:{number}"), amount_micro)
    post(Transfer(f"payout_request:{number}", "payout_request", currency, legs, {}))
