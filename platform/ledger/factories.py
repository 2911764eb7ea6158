"""What money does here, as transfers ready to post. Pure: each function makes one `Transfer`; callers post it, alone or many at once.

    deposit     provider float -> requester's funds          fund_batch  funds -> escrow of the batch
    earn        escrow -> worker pending                     settle      pending -> available, escrow -> bonus and fee
    top_up      escrow -> worker pending, or available where the base of its answer is
    refuse      worker pending -> escrow                     close_batch what is left in escrow -> funds
    payout_*    available -> in flight -> float (paid) or -> available (failed)
    recover     escrow -> the requester's debt               donate      available -> money given away
    compensate   escrow, or funds -> available                goodwill    goodwill -> available
    fund_judge   funds -> escrow of a judge                  pay_model   escrow of a judge -> what is owed for its answers
    close_judge  what is left in a judge's escrow -> funds

Whatever comes to a requester who owes pays the debt first: `deposit`, `close_batch` take what she owes, read under `posting.locked()`.

An amount of 0 moves nothing and is refused: callers leave it out. Escrow, fees and payouts in flight have an account a batch or a
payout, so no row of the ledger is touched by everybody (791 against 1,323 transfers a second when they shared one).
"""

from __future__ import annotations

from uuid import UUID

from ledger import kinds
from ledger.transfers import AccountRef, Leg, Transfer


def funds_of(organisation_id: int) -> AccountRef:
    return AccountRef(kinds.REQUESTER_FUNDS, f"organisation:{organisation_id}")


def escrow_of(batch_id: int) -> AccountRef:
    return AccountRef(kinds.BATCH_ESCROW, f"batch:{batch_id}")


def fee_of(batch_id: int) -> AccountRef:
    return AccountRef(kinds.PLATFORM_FEE, f"batch:{batch_id}")


def pending_of(worker_id: int) -> AccountRef:
    return AccountRef(kinds.WORKER_PENDING, f"worker:{worker_id}")


def available_of(worker_id: int) -> AccountRef:
    return AccountRef(kinds.WORKER_AVAILABLE, f"worker:{worker_id}")


def in_flight_of(payout_id: UUID | str) -> AccountRef:
    """One account a payout: paying or returning it twice would take this account below zero, which the database refuses."""
    return AccountRef(kinds.PAYOUT_IN_FLIGHT, f"payout:{payout_id}")


def float_of(provider: str) -> AccountRef:
    return AccountRef(kinds.PROVIDER_FLOAT, provider)


def cost_of(provider: str) -> AccountRef:
    return AccountRef(kinds.PROVIDER_COST, provider)


def suspense_of(provider: str) -> AccountRef:
    return AccountRef(kinds.SUSPENSE, provider)


def debt_of(organisation_id: int) -> AccountRef:
    """At or below zero: what was charged back and could not be taken from funds or escrow any more."""
    return AccountRef(kinds.REQUESTER_DEBT, f"organisation:{organisation_id}")


def donations_to(name: str) -> AccountRef:
    return AccountRef(kinds.DONATION, name)


def moved(source: AccountRef, target: AccountRef, amount_micro: int) -> list[Leg]:
    """The two legs that take a positive amount from one account to another."""
    if amount_micro < 0:
        raise ValueError(f"amount_micro is {amount_micro}: it must not be negative.")
    return [(source, -amount_micro), (target, amount_micro)]


def paid_in(source: AccountRef, organisation_id: int, amount_micro: int, owed_micro: int = 0) -> list[Leg]:
    """The legs of money that comes to a requester: what she owes is paid first, the rest is hers to spend."""
    back = min(amount_micro, owed_micro)
    return [
        *moved(source, debt_of(organisation_id), back),
        *moved(source, funds_of(organisation_id), amount_micro - back),
    ]


def deposit(
    reference: str, organisation_id: int, amount_micro: int, currency: str, provider: str, owed_micro: int = 0
) -> Transfer:
    legs = paid_in(float_of(provider), organisation_id, amount_micro, owed_micro)
    return Transfer(f"deposit:{reference}", "deposit", currency, legs, {"reference": reference})


def fund_batch(batch_id: int, organisation_id: int, amount_micro: int, currency: str, part: int = 0) -> Transfer:
    """`part` numbers the top-ups of one batch: 0 when it opens."""
    legs = moved(funds_of(organisation_id), escrow_of(batch_id), amount_micro)
    return Transfer(f"fund:{batch_id}:{part}", "fund", currency, legs, {"batch": batch_id})


def earn(answer_id: UUID | str, batch_id: int, worker_id: int, amount_micro: int, currency: str) -> Transfer:
    """The base pay of an accepted answer."""
    legs = moved(escrow_of(batch_id), pending_of(worker_id), amount_micro)
    return Transfer(f"earn:{answer_id}", "earn", currency, legs, {"answer": str(answer_id), "batch": batch_id})


def release_base(answer_id: UUID | str, worker_id: int, amount_micro: int, currency: str) -> Transfer:
    """A day has passed and the item is not decided: base pay becomes available before its answer is settled."""
    legs = moved(pending_of(worker_id), available_of(worker_id), amount_micro)
    return Transfer(f"base:{answer_id}", "base", currency, legs, {"answer": str(answer_id)})


def settle(
    answer_id: UUID | str,
    batch_id: int,
    worker_id: int,
    base_micro: int,
    bonus_micro: int,
    fee_micro: int,
    currency: str,
) -> Transfer:
    """The item is decided: base pay becomes available, the bonus is added, the platform takes its fee from the escrow."""
    legs = [
        *moved(pending_of(worker_id), available_of(worker_id), base_micro),
        *moved(escrow_of(batch_id), available_of(worker_id), bonus_micro),
        *moved(escrow_of(batch_id), fee_of(batch_id), fee_micro),
    ]
    note = {"answer": str(answer_id), "batch": batch_id, "base_micro": base_micro, "bonus_micro": bonus_micro}
    return Transfer(f"settle:{answer_id}", "settle", currency, legs, note)


def top_up(
    answer_id: UUID | str, batch_id: int, to: AccountRef, had_micro: int, amount_micro: int, currency: str
) -> Transfer:
    """Its task took longer than was thought: on top of the base, where that is, and of what it was topped up by before."""
    legs = moved(escrow_of(batch_id), to, amount_micro)
    note = {"answer": str(answer_id), "batch": batch_id}
    return Transfer(f"top-up:{answer_id}:{had_micro}", "top up", currency, legs, note)


def refuse(answer_id: UUID | str, batch_id: int, worker_id: int, amount_micro: int, currency: str) -> Transfer:
    """A refusal that stood after its appeal: pending money goes back to the escrow."""
    legs = moved(pending_of(worker_id), escrow_of(batch_id), amount_micro)
    return Transfer(f"refuse:{answer_id}", "refuse", currency, legs, {"answer": str(answer_id), "batch": batch_id})


def close_batch(
    batch_id: int, organisation_id: int, amount_micro: int, currency: str, part: int = 0, owed_micro: int = 0
) -> Transfer:
    """What is left in the escrow goes back. `part` numbers the closings of a batch that was opened again."""
    legs = paid_in(escrow_of(batch_id), organisation_id, amount_micro, owed_micro)
    return Transfer(f"close:{batch_id}:{part}", "close", currency, legs, {"batch": batch_id})


def recover(batch_id: int, organisation_id: int, amount_micro: int, currency: str, part: int) -> Transfer:
    """Escrow that nobody has a claim on pays what its requester owes. `part` numbers the times of one batch."""
    legs = moved(escrow_of(batch_id), debt_of(organisation_id), amount_micro)
    return Transfer(f"recover:{batch_id}:{part}", "recover", currency, legs, {"batch": batch_id})


def donate(reference: str, worker_id: int, amount_micro: int, currency: str, to: str) -> Transfer:
    """She gives away what is too little to be paid out."""
    legs = moved(available_of(worker_id), donations_to(to), amount_micro)
    return Transfer(f"donate:{reference}", "donate", currency, legs, {"to": to})


def goodwill_of_platform() -> AccountRef:
    return AccountRef(kinds.GOODWILL, "platform")


def goodwill_before_funding() -> AccountRef:
    """What was given away before goodwill had to be funded: below zero until the operator has paid it in."""
    return AccountRef(kinds.SUSPENSE, "goodwill before it was funded")


def fund_goodwill(reference: str, goodwill_micro: int, before_micro: int, currency: str, provider: str) -> Transfer:
    """The operator pays own money in at the rail: what was given before there was any comes first."""
    legs = [
        *moved(float_of(provider), goodwill_before_funding(), before_micro),
        *moved(float_of(provider), goodwill_of_platform(), goodwill_micro),
    ]
    return Transfer(f"fund-goodwill:{reference}", "fund goodwill", currency, legs, {"reference": reference})


def goodwill(reference: str, worker_id: int, amount_micro: int, currency: str, reason: str) -> Transfer:
    """The platform pays out of its own pocket, for example for a mistake of ours. Only labelling/gold/goodwill.py decides that it does."""
    legs = moved(goodwill_of_platform(), available_of(worker_id), amount_micro)
    return Transfer(f"goodwill:{reference}", "goodwill", currency, legs, {"reason": reason})


def compensate(
    reference: str, source: AccountRef, worker_id: int, amount_micro: int, currency: str, reason: str
) -> Transfer:
    """Bonus that a wrong known task had cost a worker: the requester's debt, out of a batch's escrow or her funds."""
    legs = moved(source, available_of(worker_id), amount_micro)
    return Transfer(f"put-right:{reference}", "put right", currency, legs, {"reason": reason})


def judge_escrow_of(judge_id: int) -> AccountRef:
    return AccountRef(kinds.JUDGE_ESCROW, f"judge:{judge_id}")


def model_cost_of(judge_id: int) -> AccountRef:
    """Owed to who runs the model, until its bill is paid."""
    return AccountRef(kinds.MODEL_COST, f"judge:{judge_id}")


def fund_judge(judge_id: int, organisation_id: int, amount_micro: int, currency: str) -> Transfer:
    """All that a judge may cost, before it is asked anything."""
    legs = moved(funds_of(organisation_id), judge_escrow_of(judge_id), amount_micro)
    return Transfer(f"fund-judge:{judge_id}", "fund judge", currency, legs, {"judge": judge_id})


def pay_model(call_id: int, judge_id: int, amount_micro: int, currency: str) -> Transfer:
    """One answer of a model."""
    legs = moved(judge_escrow_of(judge_id), model_cost_of(judge_id), amount_micro)
    return Transfer(f"model:{call_id}", "model", currency, legs, {"judge": judge_id, "call": call_id})


def close_judge(judge_id: int, organisation_id: int, amount_micro: int, currency: str, owed_micro: int = 0) -> Transfer:
    """A judge is dismissed: what it did not cost goes back."""
    legs = paid_in(judge_escrow_of(judge_id), organisation_id, amount_micro, owed_micro)
    return Transfer(f"close-judge:{judge_id}", "close judge", currency, legs, {"judge": judge_id})
