"""The law of money, recomputed from the rows: after every step what is cheap, now and then and at the end all of it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.db import connection
from django.db.models import F, Sum

from delivery import outbox
from kernel.sql import fetch
from labelling.batches.claims import kept_micro
from labelling.batches.escrow import cost_of_answer_micro
from labelling.models import Answer, AppealPayment, Batch, GoldAppeal, Lease, Settlement, TopUp
from ledger.audit import drifted, overdrawn, unbalanced
from ledger.factories import escrow_of
from ledger.kinds import NEVER_NEGATIVE
from ledger.models import Account, Transfer
from people.models import AuditEntry
from tests.work.money_history import History

# One look: the accounts, and of each batch what lies in escrow and who may still claim it. An open batch that lends has to be able
# to pay for every answer that its open items may come to, besides what is out elsewhere.
_LOOK = """
WITH total AS (
    SELECT coalesce(sum(balance_micro), 0) AS sum_micro,
           coalesce(min(balance_micro) FILTER (WHERE kind = ANY(%(law)s)), 0) AS least_micro,
           coalesce(sum(balance_micro) FILTER (WHERE kind = 'goodwill'), 0) AS goodwill_micro
      FROM ledger_account
)
SELECT total.*, b.id, b.base_micro, b.bonus_micro, b.fee_bps, coalesce(a.balance_micro, 0),
       (SELECT count(*) FROM labelling_answer x LEFT JOIN labelling_settlement s ON s.answer_id = x.id
         WHERE x.batch_id = b.id AND s.id IS NULL),
       CASE WHEN b.owing_at IS NULL THEN
           (SELECT coalesce(sum(greatest(b.max_answers, bi.wanted) - bi.counted), 0) FROM labelling_batchitem bi
             WHERE bi.batch_id = b.id AND bi.state = 'open')
           + (SELECT count(*) FROM labelling_lease l LEFT JOIN labelling_batchitem bi ON bi.id = l.batch_item_id
               WHERE l.batch_id = b.id AND (l.state = 'late' OR l.state = 'live' AND bi.state IS DISTINCT FROM 'open'))
       ELSE 0 END,
       b.top_up_micro, CASE WHEN EXISTS (SELECT 1 FROM ledger_transfer t WHERE t.key = 'close:' || b.id || ':0') THEN 0 ELSE
           (SELECT count(*) * b.top_up_micro - coalesce(sum(u.amount_micro), 0)
              FROM labelling_answer x LEFT JOIN labelling_topup u ON u.answer_id = x.id WHERE x.batch_id = b.id)::bigint END
  FROM total LEFT JOIN labelling_batch b ON b.project_id = %(project)s AND b.state <> 'draft'
  LEFT JOIN ledger_account a ON a.kind = 'batch_escrow' AND a.owner = 'batch:' || b.id
"""


def after_a_step(history: History) -> None:
    project, now, out = history.world.project, history.time.at, Counter[int]()
    for held in history.leases.values():
        out[held.batch] += held.is_out(now)
    values = {"law": list(NEVER_NEGATIVE), "project": project.pk}
    for total, least, goodwill, batch_id, base, bonus, fee_bps, escrow, *claims in fetch(_LOOK, values):
        assert total == 0, "money was made or lost"
        assert least >= 0, "an account is overdrawn"
        assert goodwill == 0, "the platform paid out of its own pocket"
        if batch_id is not None:
            unsettled, reserved, top_up, top_ups_to_come = claims
            cost = cost_of_answer_micro(base, bonus, fee_bps)
            claimed = max(out[batch_id], reserved) * (cost + top_up) + unsettled * (cost - base) + top_ups_to_come
            assert escrow >= claimed, f"batch {batch_id}: {claimed - escrow} can be claimed that nobody escrowed"


def all_of_it(history: History) -> None:
    after_a_step(history)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert [*unbalanced(), *drifted(), *overdrawn()] == []
    given = AuditEntry.objects.filter(action="goodwill.give").count()
    assert Transfer.objects.filter(kind="goodwill").count() == given
    _requesters_pay_for_every_label(history)
    _workers_have_all_that_they_earned(history)
    _what_waits_waits_together(history)
    _appeals_can_be_paid(history)
    for batch in Batch.objects.filter(project=history.world.project, state="open"):
        assert all(row.taken <= row.wanted for row in batch.batch_items.all())


def _requesters_pay_for_every_label(history: History) -> None:
    """Every answer's base left its own batch's escrow, once."""
    legs = fetch(
        """SELECT t.key, a.owner, l.amount_micro FROM ledger_transfer t JOIN ledger_leg l ON l.transfer_id = t.id
             JOIN ledger_account a ON a.id = l.account_id WHERE t.kind = 'earn' AND a.kind <> 'worker_pending'"""
    )
    mine = Answer.objects.filter(project=history.world.project).values_list("pk", "batch", "base_micro")
    assert sorted(legs) == sorted((f"earn:{pk}", f"batch:{batch}", -base) for pk, batch, base in mine)


def _workers_have_all_that_they_earned(history: History) -> None:
    workers = [worker.pk for worker in history.world.workers]
    earned = Counter(dict(Answer.objects.filter(worker__in=workers).values_list("worker").annotate(Sum("base_micro"))))
    earned.update(
        dict(Settlement.objects.filter(worker__in=workers).values_list("worker").annotate(Sum("bonus_micro")))
    )
    earned.update(dict(TopUp.objects.filter(worker__in=workers).values_list("worker").annotate(Sum("amount_micro"))))
    payments = AppealPayment.objects.filter(appeal__worker__in=workers).values_list("appeal__worker")
    earned.update(dict(payments.annotate(Sum("amount_micro"))))
    has = Counter[int]()
    for owner, micro in Account.objects.filter(owner__startswith="worker:").values_list("owner", "balance_micro"):
        has[int(owner.removeprefix("worker:"))] += micro
    paid = fetch(
        """SELECT worker_id, sum(amount_micro)::bigint FROM payouts_payout
            WHERE worker_id = ANY(%s) AND state IN ('created', 'sent', 'unknown', 'paid') GROUP BY 1""",
        [workers],
    )
    has.update(dict(paid))
    assert {w: has[w] for w in workers} == {w: earned[w] for w in workers}


def _what_waits_waits_together(history: History) -> None:
    """Pending is the base, and all that it was topped up by, of answers that are neither settled nor released after their day."""
    waiting = Answer.objects.filter(worker__in=history.world.workers, settlement=None, early_base=None)
    micro = Sum("base_micro") + Sum("top_up__amount_micro", default=0)
    owed = dict(waiting.values("worker").annotate(micro=micro).values_list("worker", "micro").order_by())
    pending = Account.objects.filter(kind="worker_pending").exclude(balance_micro=0)
    had = {int(owner.removeprefix("worker:")): micro for owner, micro in pending.values_list("owner", "balance_micro")}
    assert had == owed


def _no_answer_has_less_than_the_others(history: History) -> None:
    """Once all is over, each answer of a batch has what the batch was topped up by."""
    for batch in Batch.objects.filter(project=history.world.project, topped_micro__gt=0):
        had = set(batch.answers.values_list("top_up__amount_micro", flat=True))
        assert had <= {batch.topped_micro}


def _appeals_can_be_paid(history: History) -> None:
    """Whoever may still win has her bonus kept for her, and nobody else ever paid for it."""
    assert not GoldAppeal.objects.filter(owed_micro__gt=0).exists()
    assert set(AppealPayment.objects.values_list("source", flat=True)) <= {"escrow"}
    balances = dict(Account.objects.filter(kind="batch_escrow").values_list("owner", "balance_micro"))
    for batch in Batch.objects.filter(project=history.world.project).exclude(state="draft"):
        assert balances.get(escrow_of(batch.pk).owner, 0) >= kept_micro(batch)


def at_the_end(history: History) -> None:
    all_of_it(history)
    project = history.world.project
    assert outbox.waiting() == 0
    _no_answer_has_less_than_the_others(history)
    assert not Lease.objects.filter(batch__project=project, state__in=("live", "late")).exists()
    assert not Answer.objects.filter(project=project, settlement=None).exists()
    assert not GoldAppeal.objects.filter(answer__project=project, decided_at=None).exists()
    left = Account.objects.filter(kind__in=("batch_escrow", "worker_pending")).exclude(balance_micro=0)
    assert list(left.values_list("owner", "balance_micro")) == []


def what_happened(history: History) -> dict[str, int]:
    """Of what the histories are for: how often it came about."""
    project = history.world.project
    late = Answer.objects.filter(project=project, received_at__gt=F("lease__expires_at"))
    appeals = GoldAppeal.objects.filter(answer__project=project)
    return {
        "late and counted": late.filter(counted=True).count(),
        "late and paid": late.filter(counted=False).count(),
        "appeal paid": AppealPayment.objects.count(),
        "same miss put right": appeals.filter(
            outcome="won", made_at__gte=F("decided_at") - timedelta(seconds=1)
        ).count(),
        "silence": appeals.filter(outcome="silence").count(),
        "batch owing": AuditEntry.objects.filter(action="batch.owing").count(),
        "bonus kept": Transfer.objects.filter(kind="close").exclude(key__endswith=":0").count(),
        "topped up": Transfer.objects.filter(kind="top up").count(),
        "refunded": Transfer.objects.filter(kind="close").count(),
        "paid out": Transfer.objects.filter(kind="payout paid").count(),
    }
