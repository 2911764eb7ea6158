"""The smallest world with wages in it: a requester's money, workers, what they earn and are paid."""

from itertools import count

from ledger import factories
from ledger.kinds import PAYOUT_IN_FLIGHT
from ledger.posting import post_many
from ledger.transfers import AccountRef, Transfer
from people.models import Person, Worker

_numbers = count(1)


def make_worker() -> Worker:
    person = Person.objects.create_user(email=f"worker{next(_numbers)}@example.com", password=None)
    return Worker.objects.create(person=person)


def fund(batch: int = 1, currency: str = "USD", amount_micro: int = 1_000_000_000, organisation: int = 1) -> None:
    number = next(_numbers)
    post_many([factories.deposit(f"d{number}", organisation, amount_micro, currency, "simulated")])
    post_many([factories.fund_batch(batch, organisation, amount_micro, currency, part=number)])


def earn(
    worker: Worker, base_micro: int, bonus_micro: int | None = None, *, batch: int = 1, currency: str = "USD"
) -> str:
    """An accepted answer, settled too when a bonus is named; returns the answer's id."""
    answer = f"00000000-0000-7000-8000-{next(_numbers):012d}"
    transfers = [factories.earn(answer, batch, worker.pk, base_micro, currency)]
    if bonus_micro is not None:
        transfers.append(factories.settle(answer, batch, worker.pk, base_micro, bonus_micro, 0, currency))
    post_many(transfers)
    return answer


def request_payout(worker: Worker, amount_micro: int, currency: str = "USD") -> None:
    number = next(_numbers)
    legs = factories.moved(
        factories.available_of(worker.pk), AccountRef(PAYOUT_IN_FLIGHT, f"payout:{number}"), amount_micro
    )
    post_many([Transfer(f"payout_request:{number}", "payout_request", currency, legs, {})])
