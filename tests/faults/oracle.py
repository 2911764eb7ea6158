"""What the database and the rail's books hold in the end: facts, no judgement. `python -m tests.faults.oracle PROJECT`."""

from __future__ import annotations

import json
import sys
from collections import Counter

import django

django.setup()

from django.db.models import F  # noqa: E402

from delivery.outbox import waiting  # noqa: E402
from labelling.models import Answer, BatchItem, Lease, Settlement  # noqa: E402
from ledger.models import Account, Transfer  # noqa: E402
from ledger.posting import trial_balance  # noqa: E402
from payouts.models import Payout  # noqa: E402
from payouts.providers import get_provider  # noqa: E402


def facts(project: int) -> dict:
    answers = Answer.objects.filter(project=project)
    ids = [str(pk) for pk in answers.values_list("pk", flat=True)]
    keys = Counter(Transfer.objects.values_list("key", flat=True))
    wallet = Counter(entry.reference for entry in get_provider("simulated").statement() if entry.wallet_micro)
    sums: Counter[str] = Counter()
    for row in trial_balance():
        sums[row.currency] += row.sum_micro
    payouts = Payout.objects.values_list("pk", "state", "reference")
    return {
        "answers": ids,
        "most_of_one_item_and_worker": max(Counter(answers.values_list("item_id", "worker_id")).values(), default=0),
        "earned_once": sum(keys[f"earn:{one}"] == 1 for one in ids),
        "settled": Settlement.objects.filter(answer__project=project).count(),
        "settled_once": sum(keys[f"settle:{one}"] == 1 for one in ids),
        "sums": list(sums.values()),
        "below_zero": Account.objects.filter(
            kind__in=["worker_available", "worker_pending"], balance_micro__lt=0
        ).count(),
        "leases": Lease.objects.filter(batch__project=project).count(),
        "live": Lease.objects.filter(batch__project=project, state="live").count(),
        "over_issued": BatchItem.objects.filter(batch__project=project, taken__gt=F("wanted")).count(),
        "waiting": waiting(),
        "payouts": {str(pk): {"state": state, "on_the_rail": wallet[reference]} for pk, state, reference in payouts},
    }


if __name__ == "__main__":
    print(json.dumps(facts(int(sys.argv[1]))))
