"""Decide items: what is true, how sure that is, and whether one more answer is asked.

Any number of items is one vectorised call a project. The work is done before anything is locked, because workers who send
answers wait for the hot rows; under the lock a draft stands only if no answer was counted meanwhile. One that was has an
event of its own, and decides the item again.

Machines: the answers of whom a flag stands have no weight, and nothing is final by a newcomer's answer before a look has covered
it, or half a minute has passed (consensus/app/heard.py).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from consensus.app.bars import bar_ppm_of
from consensus.app.heard import LOOK_WITHIN, answers_of, heard_of, stand_ins, unheard_in, waiting_for_a_look, weights_of
from consensus.app.models import Skill, SupersededDecision
from consensus.app.tasks_of import load_tasks
from consensus.core.answers.stopping import Rule, most_doubtful_first
from delivery.outbox import emit_many
from kernel.sql import insert_many
from labelling import task_types
from labelling.batches import queue
from labelling.batches.close_batch import close_batch
from labelling.batches.settle_items import settle_items
from labelling.models import Batch, BatchItem, Decision, Project
from labelling.task_types.questions import deciding_config
from labelling.task_types.votes import CROWD, Decided, Task
from ledger import clock
from proofs import build_inputs, inputs_hash

SETTLED_TOGETHER = 100  # items; who pays for more holds the accounts longer
_WRITTEN = (
    "value", "confidence_ppm", "agreement_ppm", "answers_used", "final", "sure", "source", "method", "inputs_hash", "detail",
    "decided_at", "batch_id",
)  # fmt: skip


@dataclass
class _Draft:
    """A decision that is worked out and not written."""

    row: BatchItem
    task: Task
    decision: Decision
    most_answers: int  # that the batch is funded for
    at_limit: bool  # by answers of which some are silent: one more is asked if the batch's spare can pay for it
    waits: bool = False  # for a look at newcomers: not final, and nobody is asked meanwhile


def decide_items(item_ids: Iterable[int], late_answers: Iterable[str] = ()) -> int:
    """Decide all open items of these ids; returns how many became final. Safe to repeat.

    late_answers: ids of answers that came after their item was decided; to be paid with the rest.
    """
    rows = BatchItem.objects.filter(item__in=set(item_ids), state=BatchItem.State.OPEN)
    drafts = _draft(list(rows.order_by("id")))
    with transaction.atomic():
        final = _write(_lock(rows, drafts))
        emit_many("settlement.due", _settlements(final, list(late_answers)))
    return len(final)


def finish_items(batch_id: int, item_ids: Iterable[int]) -> int:
    """The last word on items of a closed batch, with what is known of the workers now; returns how many.

    Undecided items become final as they stand; decided ones may change, until they are released. Pay never does.
    """
    rows = BatchItem.objects.filter(batch=batch_id, item__in=set(item_ids))
    drafts = _draft(list(rows.order_by("id")), closing=True)
    with transaction.atomic():
        final = _write(_lock(rows, drafts))
        settle_items(draft.task.item for draft in final)
    return len(final)


def _draft(rows: list[BatchItem], closing: bool = False) -> list[_Draft]:
    """The hot rows are read before their answers: whatever is counted in between shows under the lock."""
    batches = Batch.objects.in_bulk({row.batch_id for row in rows})  # few batches, many rows: a join would repeat them
    by_project: dict[int, list[BatchItem]] = defaultdict(list)
    for row in rows:
        row.batch = batches[row.batch_id]
        by_project[row.batch.project_id].append(row)
    projects = Project.objects.in_bulk(by_project)
    return [draft for pk in sorted(by_project) for draft in _draft_project(projects[pk], by_project[pk], closing)]


def _draft_project(project: Project, rows: list[BatchItem], closing: bool) -> list[_Draft]:
    kind = task_types.get(project.task_type)
    tasks = load_tasks(project, [row.item_id for row in rows])
    tasks = [task for task in tasks if any(vote.seq >= 0 for vote in task.votes)]  # a suggestion alone decides nothing
    if not tasks:
        return []
    unheard = unheard_in(project)
    heard = [heard_of(task, unheard) for task in tasks]
    skills = skills_of(project, heard)
    decided, rule = kind.consensus.decide_many(heard, skills, deciding_config(project)), _rule(project, skills)
    row_of = {row.item_id: row for row in rows}
    drafts = []
    for task, by, one in zip(tasks, heard, decided, strict=True):
        row, trusted = row_of[task.item], answers_of(by, unheard)
        most = row.batch.max_answers
        bounded = replace(rule, min_votes=row.batch.min_answers, max_votes=most)
        decision = _decision(project, row, task, by, one, trusted, bounded, kind.consensus.METHOD, closing)
        drafts.append(_Draft(row, task, decision, most, not decision.final and answers_of(task) >= most))
    return drafts if closing else _let_wait(drafts)


def _let_wait(drafts: list[_Draft]) -> list[_Draft]:
    ends = [draft.task.item for draft in drafts if draft.decision.final or draft.at_limit]
    waiting = waiting_for_a_look(ends) if ends else set()
    for draft in drafts:
        if draft.task.item in waiting:
            draft.waits, draft.at_limit, draft.decision.final = True, False, False
    return drafts


def _lock(rows: QuerySet[BatchItem], drafts: list[_Draft]) -> list[_Draft]:
    """Lock in ascending order, then read: those drafts whose item is as it was, with the row as it is now. What a reviewer
    said in the meantime stands."""
    drawn_up = [draft.row.pk for draft in drafts]
    locked = list(rows.filter(pk__in=drawn_up).order_by("id").select_for_update().values_list("pk", flat=True))
    reviewed = Decision.objects.filter(item=OuterRef("item"), source=Decision.Source.REVIEWER)
    now = {row.pk: row for row in rows.filter(~Exists(reviewed), pk__in=locked)}
    standing = [draft for draft in drafts if draft.row.pk in now and now[draft.row.pk].counted == draft.row.counted]
    for draft in standing:
        draft.row = now[draft.row.pk]
    return standing


def _write(drafts: list[_Draft]) -> list[_Draft]:
    """Write them; those that are final."""
    if not drafts:
        return []
    decisions = [draft.decision for draft in drafts]
    _keep_superseded(decisions)
    _pay_beyond_limit([draft for draft in drafts if draft.at_limit and queue.all_came(draft.row)])
    now = clock.now()  # with all locks held: what was settled before was not measured by these
    for decision in decisions:
        decision.decided_at = now
    insert_many(decisions, unique="item_id", update=_WRITTEN)
    final = [draft for draft in drafts if draft.decision.final]
    _finish([draft for draft in final if draft.row.state == BatchItem.State.OPEN])
    _ask_again([draft for draft in drafts if not draft.decision.final and not draft.waits])
    if waiting := [draft.task.item for draft in drafts if draft.waits]:
        emit_many("items.waiting", [{"items": waiting}], later=LOOK_WITHIN)
    return final


def _pay_beyond_limit(drafts: list[_Draft]) -> None:
    """An answer more, out of the spare, where those who are not heard used an item's up; what it cannot pay for is final as it stands."""
    batches = Batch.objects.filter(pk__in={draft.row.batch_id for draft in drafts}).order_by("id")
    spare = dict(batches.select_for_update(no_key=True).values_list("pk", "spare")) if drafts else {}
    paid: Counter[int] = Counter()
    for draft in drafts:
        batch = draft.row.batch_id
        more = queue.beyond(draft.row, draft.most_answers)
        if paid[batch] + more <= spare[batch]:
            paid[batch] += more
        else:
            draft.decision.final = True
    for batch, answers in sorted(paid.items()):
        Batch.objects.filter(pk=batch).update(spare=F("spare") - answers)


def _keep_superseded(decisions: list[Decision]) -> None:
    """A final decision that is about to change is kept: pay was measured by it."""
    new = {decision.item_id: (decision.inputs_hash, decision.value) for decision in decisions}
    settled = Decision.objects.filter(item__in=new, final=True).order_by("item").select_for_update(no_key=True)
    SupersededDecision.objects.bulk_create(
        superseded(old) for old in settled if (old.inputs_hash, old.value) != new[old.item_id]
    )


def superseded(old: Decision) -> SupersededDecision:
    """What is kept of a final decision when another takes its place; not saved yet."""
    fields = ("item_id", "value", "method", "inputs_hash", "decided_at")
    return SupersededDecision(inputs=old.detail.get("inputs", {}), **{name: getattr(old, name) for name in fields})


def skills_of(project: Project, tasks: list[Task]) -> dict[str, dict]:
    """{annotator: published tables} of everybody who voted, and of the crowd."""
    names = {vote.annotator for task in tasks for vote in task.votes} | {CROWD}
    return dict(Skill.objects.filter(project=project, annotator__in=names).values_list("annotator", "tables"))


def _rule(project: Project, skills: dict[str, dict]) -> Rule:
    """Of the project; bounds are each batch's."""
    return Rule(_error(project.target_ppm), 1, 1, _error(bar_ppm_of(project, skills.get(CROWD, {}))))


def _decision(
    project: Project,
    row: BatchItem,
    task: Task,
    heard: Task,
    one: Decided,
    trusted: int,
    rule: Rule,
    method: str,
    closing: bool,
) -> Decision:
    """trusted: how many of the answers are of people of whom no flag stands; the others count for nothing."""
    error = _error(one.confidence_ppm)
    inputs = _inputs(task, heard, one)
    sure = rule.is_sure(error, trusted + (stand_ins(heard) if trusted else 0))
    models = sorted(vote.annotator for vote in heard.votes if vote.seq < 0)
    return Decision(
        item_id=task.item,
        project=project,
        batch_id=row.batch_id,
        value=one.value,
        confidence_ppm=one.confidence_ppm,
        agreement_ppm=one.agreement_ppm,
        answers_used=answers_of(heard),
        final=closing or sure or rule.is_done(error, trusted),
        sure=sure,
        method=method,
        inputs_hash=inputs_hash(inputs),
        detail={**one.detail, "inputs": inputs, **({"models": models} if models else {})},
    )


def _inputs(task: Task, heard: Task, one: Decided) -> dict:
    # Who signed another label than is counted here cannot add the rule up, so such a decision is none of the rule's.
    labels, prior, weights = ([], [], []) if task.relabelled else (one.labels, one.prior, one.weights)
    weights = weights_of(task, heard, weights, len(labels))
    return build_inputs(
        item=str(task.item),
        labels=labels,
        prior=prior,
        votes=[
            {"seq": vote.seq, "answer_hash": vote.answer_hash, "weights": row}
            for vote, row in zip(task.votes, weights, strict=True)
        ],
        softening=one.softening if labels else None,
        confidence_ppm=one.confidence_ppm,
    )


def _error(confidence_ppm: int) -> float:
    """How often a decision of that confidence is wrong; exact to the millionth, so that a target that is just met is met."""
    return (1_000_000 - confidence_ppm) / 1e6


def _finish(final: list[_Draft]) -> None:
    BatchItem.objects.filter(pk__in=[draft.row.pk for draft in final]).update(state=BatchItem.State.DONE)
    unused: Counter[int] = Counter()  # answers that lie in escrow and that nobody will be asked for
    for draft in final:
        unused[draft.row.batch_id] += queue.never_asked(draft.row, draft.most_answers)
    for batch_id, done in sorted(Counter(draft.row.batch_id for draft in final).items()):
        left = F("spare") + unused[batch_id]
        Batch.objects.filter(pk=batch_id).update(items_done=F("items_done") + done, spare=left)
        complete = Batch.objects.filter(
            pk=batch_id, state="open", keep_open=False, items_done__gte=F("items_total")
        ).first()
        if complete:
            close_batch(None, complete)


def _ask_again(drafts: list[_Draft]) -> None:
    """One more answer where every one asked for has come, the most doubtful first."""
    again = [draft for draft in drafts if queue.all_came(draft.row)]
    errors = np.array([_error(draft.decision.confidence_ppm) for draft in again])
    queue.ask_again([again[place].row.pk for place in most_doubtful_first(errors)])


def _settlements(final: list[_Draft], late_answers: list[str]) -> list[dict]:
    """Events: a part of the items each, and the late answers with one more."""
    items = [draft.task.item for draft in final]
    parts = [items[start : start + SETTLED_TOGETHER] for start in range(0, len(items), SETTLED_TOGETHER)]
    events = [{"items": part, "late_answers": []} for part in parts]
    return events + ([{"items": [], "late_answers": late_answers}] if late_answers else [])
