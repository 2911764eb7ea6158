"""What a replay came to: accuracy next to plain methods on the same answers, money, wages, books, time."""

from __future__ import annotations

from collections import Counter, defaultdict

from django.conf import settings
from django.db.models import Sum
from rapidfuzz.distance import Levenshtein

from consensus.core import Votes, dawid_skene, majority_vote
from labelling.models import Answer, Decision, Settlement
from labelling.task_types.boxes.agreement import matches
from labelling.task_types.text.agreement import fold
from ledger.posting import balances, trial_balance
from ledger.verbs import available_of, pending_of
from payouts.models import Payout
from server.replay.crowds import Crowd
from server.replay.run import Replay


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
    settled = Settlement.objects.filter(answer__project=replay.project).aggregate(
        base=Sum("base_micro"), bonus=Sum("bonus_micro")
    )
    earned = (settled["base"] or 0) + (settled["bonus"] or 0)
    return {
        "crowd": crowd.name,
        "kind": crowd.kind,
        "items": len(crowd.tasks),
        "decided": len(decided),
        "answers_recorded": len(crowd.answers),
        "answers_used": answers.filter(counted=True).count(),
        **{f"ours_{name}": value for name, value in score(crowd, decided).items()},
        **plain_methods(crowd),
        "earned_micro": earned,
        **_money(replay),
        "trial_balance_micro": _sum_by_currency(),
        "seconds": round(replay.seconds, 1),
        "answers_a_second": round(len(replay.acknowledged) / max(replay.seconds, 1e-9)),
    }


def score(crowd: Crowd, decided: dict[str, dict]) -> dict[str, float]:
    """choice: accuracy; boxes: F1 at IoU 0.5; text: word error rate. An undecided item counts as wrong."""
    known = {task: truth for task, truth in crowd.truth.items() if task in set(crowd.tasks)}
    if crowd.kind == "choice":
        right = sum(decided.get(task, {}).get("label") == truth["label"].lower() for task, truth in known.items())
        return {"accuracy": right / len(known)}
    if crowd.kind == "boxes":
        pairs = [(decided.get(task, {"boxes": []})["boxes"], truth["boxes"]) for task, truth in known.items()]
        total = sum(len(a) + len(b) for a, b in pairs)
        return {"f1_at_50": 2 * sum(matches(a, b) for a, b in pairs) / total}
    pairs = [
        (fold(decided.get(task, {"text": ""})["text"]).split(), fold(truth["text"]).split())
        for task, truth in known.items()
    ]
    return {"wer": sum(Levenshtein.distance(a, b) for a, b in pairs) / sum(len(b) for _, b in pairs)}


def plain_methods(crowd: Crowd) -> dict[str, float]:
    """Majority vote (expected over ties) and Dawid-Skene on the same answers, for choice; the first answer for text."""
    if crowd.kind != "choice":
        return {}
    rows = [(task, worker, value["label"]) for task, worker, value in crowd.answers]
    votes = Votes.from_rows(*zip(*rows, strict=True), labels=crowd.labels)
    ds = dawid_skene(votes)
    named = {
        str(item): crowd.labels[code] for item, code in zip(votes.item_ids.tolist(), ds.labels.tolist(), strict=True)
    }
    known = {task: truth["label"] for task, truth in crowd.truth.items() if task in named}
    return {
        "majority_accuracy": _expected_majority(rows, known),
        "dawid_skene_accuracy": sum(named[task] == label for task, label in known.items()) / len(known),
        "majority_first_label_accuracy": _first_label_majority(votes, crowd, known),
    }


def _expected_majority(rows: list[tuple[str, str, str]], known: dict[str, str]) -> float:
    counts: dict[str, Counter] = defaultdict(Counter)
    for task, _, label in rows:
        counts[task][label] += 1
    total = 0.0
    for task, label in known.items():
        most = max(counts[task].values())
        best = [one for one, n in counts[task].items() if n == most]
        total += (label in best) / len(best)
    return total / len(known)


def _first_label_majority(votes: Votes, crowd: Crowd, known: dict[str, str]) -> float:
    labels = majority_vote(votes).labels.tolist()
    named = {str(item): crowd.labels[code] for item, code in zip(votes.item_ids.tolist(), labels, strict=True)}
    return sum(named[task] == label for task, label in known.items()) / len(known)


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
