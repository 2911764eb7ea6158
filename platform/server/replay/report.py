"""What a replay came to: accuracy next to plain methods on the same answers, money, wages, books, time."""

from __future__ import annotations

from collections import defaultdict

from django.conf import settings
from django.db.models import Sum

from labelling.batches.escrow import fee_micro
from labelling.models import Answer, Decision, Settlement
from ledger.factories import available_of, pending_of
from ledger.posting import balances, trial_balance
from payouts.models import Payout
from server.replay.run import Replay
from server.replay.score import plain_methods, score


def report(replay: Replay) -> dict:
    """Figures by name; shares and scores from 0 to 1, money in micro-units."""
    crowd = replay.plan.crowd
    decided = {
        d.item.external_id: d.value
        for d in Decision.objects.filter(project=replay.project, final=True)
        .select_related("item")
        .only("value", "item__external_id")
    }
    answers = Answer.objects.filter(project=replay.project)
    return {
        "crowd": crowd.name,
        "kind": crowd.kind,
        "items": len(crowd.tasks),
        "decided": len(decided),
        "answers_recorded": len(crowd.answers),
        "answers_used": answers.filter(counted=True).count(),
        **{f"ours_{name}": value for name, value in score(crowd, decided).items()},
        **plain_methods(crowd),
        **_earned(replay),
        **_money(replay),
        "trial_balance_micro": _sum_by_currency(),
        "seconds": round(replay.seconds, 1),
        "answers_a_second": round(len(replay.acknowledged) / max(replay.seconds, 1e-9)),
    }


def _earned(replay: Replay) -> dict[str, int]:
    """What workers earned and what it cost with the fee; the wage is that of people who take `task_s` for each answer."""
    rows = Settlement.objects.filter(answer__project=replay.project)
    pay = [base + bonus for base, bonus in rows.values_list("base_micro", "bonus_micro")]
    hours = len(pay) * replay.plan.task_s / 3600
    return {
        "earned_micro": sum(pay),
        "spent_micro": sum(pay) + sum(fee_micro(one, replay.batch.fee_bps) for one in pay),
        "wage_micro_per_hour": round(sum(pay) / hours) if pay else 0,
    }


def _money(replay: Replay) -> dict[str, int]:
    workers = [worker.pk for worker in replay.workers.values()]
    refs = [ref for pk in workers for ref in (available_of(pk), pending_of(pk))]
    held = sum(balances(refs, settings.CURRENCY).values())
    payouts = Payout.objects.filter(worker__in=workers)
    paid = payouts.filter(state="paid").aggregate(sum=Sum("amount_micro"))["sum"] or 0
    under_way = payouts.filter(state__in=Payout.OPEN).aggregate(sum=Sum("amount_micro"))["sum"] or 0
    return {"held_by_workers_micro": held, "paid_out_micro": paid, "payouts_under_way_micro": under_way}


def _sum_by_currency() -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for row in trial_balance():
        sums[row.currency] += row.sum_micro
    return dict(sums)


def as_text(figures: dict) -> str:
    width = max(map(len, figures))
    return "\n".join(
        f"  {name:<{width}}  {value:.4f}" if isinstance(value, float) else f"  {name:<{width}}  {value}"
        for name, value in figures.items()
    )
