"""What came of a call: kept, paid, measured where the truth is known, heard where it is a vote."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from consensus.core.guarantees.change import watch
from delivery.outbox import emit
from labelling.gold import judged_gold
from labelling.models import BatchItem, Gold, Item, ModelVote
from labelling.task_types.questions import deciding_question
from ledger import factories
from ledger.posting import post_many
from ml_assist.judges.exam import STANDING
from ml_assist.judges.models import Judge, JudgeCall, JudgeVersion
from ml_assist.judges.rules import usual_errors
from ml_assist.judges.stop import stop

CHANGED = gettext_noop(
    "It has changed: of its last {audits} audits {wrong} went wrong, where at most {usual} of them do since its exam. Examine it anew."
)
ANOTHER = gettext_noop(
    "Its address says that another model answers now: {now}, and in the exam it was {before}. Examine it anew."
)
MOST_AUDITS = 20_000

Purpose = JudgeCall.Purpose


@transaction.atomic
def keep(judge_id: int, version: JudgeVersion, item: Item, purpose: str, said) -> None:
    """`said` is a Said of asking.py. The judge's row is held: whoever dismisses it waits, or is seen."""
    judge = Judge.objects.select_for_update().get(pk=judge_id)
    judge.project = item.project
    gone = judge.state == Judge.State.DISMISSED
    call = JudgeCall.objects.create(
        version=version, item_id=item.pk, purpose=purpose, value=said.value, said=said.raw, took_ms=said.took_ms,
        right=_right(version, item, purpose, said.value), cost_micro=0 if gone else judge.price_micro,
    )  # fmt: skip
    if judge.failures:
        Judge.objects.filter(pk=judge.pk).update(failures=0, last_error="", rests_until=None)
    if not gone:
        _hear(judge, version, call)
        _look(judge, version, call, said.served_by)
    if call.cost_micro:
        post_many([factories.pay_model(call.pk, judge.pk, call.cost_micro, settings.CURRENCY)])


def _right(version: JudgeVersion, item: Item, purpose: str, value: dict | None) -> bool | None:
    """Of a known task: whether it is right, and no answer is not. Of a swap: whether it is the same answer as before."""
    if purpose == Purpose.SWAP:
        before = version.calls.filter(purpose=Purpose.VOTE, item_id=item.pk).order_by("-id").first()
        return None if before is None else value == before.value
    gold = Gold.objects.filter(item=item, retired_at=None).first()
    if gold is None:
        return None
    project = item.project
    question = deciding_question(item)
    return value is not None and judged_gold.is_right(
        project.task_type, value, gold.truth, question, project.past_labels
    )


def _hear(judge: Judge, version: JudgeVersion, call: JudgeCall) -> None:
    """Its vote; an earlier version's on the same item is not heard beside it: one judge is one annotator."""
    if call.value is None or call.purpose not in (Purpose.EXAM, Purpose.VOTE):
        return
    standing = STANDING.get(Judge.State(judge.state), ModelVote.Standing.SILENT)
    vote = ModelVote(item_id=call.item_id, annotator=version.annotator, value=call.value, standing=standing)
    ModelVote.objects.bulk_create([vote], ignore_conflicts=True)
    if standing == ModelVote.Standing.SILENT:
        return
    earlier = [
        JudgeVersion(pk=pk).annotator for pk in judge.versions.exclude(pk=version.pk).values_list("pk", flat=True)
    ]
    ModelVote.objects.filter(item=call.item_id, annotator__in=earlier).update(standing=ModelVote.Standing.SILENT)
    if BatchItem.objects.filter(item=call.item_id, state=BatchItem.State.OPEN, counted__gt=0).exists():
        emit("items.judged", {"items": [call.item_id]})


def _look(judge: Judge, version: JudgeVersion, call: JudgeCall, served_by: str) -> None:
    """Whether it is still the one that was examined."""
    if served_by and served_by != version.served_by:
        before, version.served_by = version.served_by, served_by
        JudgeVersion.objects.filter(pk=version.pk).update(served_by=served_by)
        if before and judge.state in Judge.ASKED:
            _silence_since(version, call)
            return stop(judge, ANOTHER, now=served_by, before=before)
    if call.purpose == Purpose.AUDIT and judge.state in Judge.VOTES:
        _watch(judge, version)
    return None


def _watch(judge: Judge, version: JudgeVersion) -> None:
    audits = list(version.calls.filter(purpose=Purpose.AUDIT, right__isnull=False).order_by("id")[:MOST_AUDITS])
    usual = usual_errors(judge.result)
    found = watch([not audit.right for audit in audits], usual)
    if found.alarm_at is None or found.since is None:
        return
    since = audits[found.since :]
    _silence_since(version, since[0])
    stop(judge, CHANGED, audits=len(since), wrong=sum(not audit.right for audit in since), usual=f"{100 * usual:.1f} %")


def _silence_since(version: JudgeVersion, call: JudgeCall) -> None:
    """What it voted since then is not heard; items that are decided by it are decided again when their next answer comes."""
    votes = ModelVote.objects.filter(annotator=version.annotator, made_at__gte=call.made_at)
    votes.update(standing=ModelVote.Standing.SILENT)
