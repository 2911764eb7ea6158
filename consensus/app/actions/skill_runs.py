"""Skills of a project with more answers than one process should hold: EM over shards, by whichever Celery processes there are.

    start_run    cuts the items into shards, one row each, and hands them out
    work_on      does the pass's job on one shard; its result is a file, then a row; the last shard of a pass wakes
    advance      adds the results up in the order of the shards, takes the M step, hands out the next pass; at the end publishes
    resume       (beat) hands out again what was handed out long ago: a lost process or message costs its shard only
    cancel_run   from this moment nothing of the run is read or published

Nobody waits for anybody: between two passes a run is a row. Every step may be repeated at any time, also twice at once: a result counts
only while its shard is still at that pass, a next pass only while the run is (compare and swap under the run's row lock). The sums are in
the order of the shards, so that the numbers do not depend on who finished when. Memory: one shard's votes plus a few tables of
(annotators x labels, labels x item types). Model and iteration: consensus.core.distributed.shard_steps.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Max

from consensus import core as cc
from consensus.app import run_files
from consensus.app.actions.publish_skills import publish_skills
from consensus.app.actions.set_bar import MOST_ITEMS, set_bar
from consensus.app.model_votes import voting
from consensus.app.models import SkillRun, SkillShard
from consensus.app.shard_votes import cut_ranges, read_votes, votes_per_annotator
from consensus.app.tasks_of import load_shard_tasks
from delivery.enqueue import enqueue
from kernel.locks import only_one
from labelling import task_types
from labelling.models import Answer, Project
from labelling.task_types.questions import deciding_config
from labelling.task_types.votes import Task
from labelling.work.new_answers import Look
from ledger import clock
from people.audit import record
from people.models import Person

if TYPE_CHECKING:
    from consensus.core.answers.bar import Known
    from consensus.core.distributed import ShardedSkills, Steps
    from consensus.core.labels.softening import Softening

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 20


def is_for_shards(project: Project, answers: int) -> bool:
    """Above the stated number of answers, for a task type whose votes are labels, when the tables fit."""
    kind = task_types.get(project.task_type).consensus
    if answers <= settings.SKILLS_IN_MEMORY_ANSWERS or not hasattr(kind, "votes_of"):
        return False
    labels = len(deciding_config(project)["labels"])
    workers = Answer.objects.filter(project=project).aggregate(n=Count("worker", distinct=True))["n"]
    return labels > 1 and cc.distributed.tables_fit(workers, labels)


def start_run(project: Project) -> SkillRun | None:
    """Begin, unless a run is under way: then None."""
    answers = Answer.objects.filter(project=project)
    last_seq = answers.aggregate(last=Max("seq"))["last"] or 0
    ranges, total = cut_ranges(answers.filter(seq__lte=last_seq))
    workers = answers.filter(seq__lte=last_seq).order_by("worker").values_list("worker", flat=True).distinct()
    now = clock.now()
    try:
        with transaction.atomic():
            run = SkillRun.objects.create(
                project=project,
                last_seq=last_seq,
                answers=total,
                annotators=[f"worker:{pk}" for pk in workers] + voting(project),
                config=deciding_config(project),
                n_shards=len(ranges),
                started_at=now,
                pass_at=now,
            )
            SkillShard.objects.bulk_create(
                SkillShard(run=run, number=number, first_item=first, last_item=last, sent_at=now, attempts=1)
                for number, (first, last) in enumerate(ranges)
            )
            _hand_out(run.pk, 0, range(len(ranges)))
    except IntegrityError:
        return None
    return run


def work_on(run_id: int, number: int, shard_number: int) -> bool:
    """Do pass `number` on one shard; False when that is no longer wanted."""
    shard = SkillShard.objects.select_related("run__project").filter(run=run_id, number=shard_number).first()
    if shard is None or not shard.run.is_running or (shard.run.number, shard.done) != (number, number):
        return False
    with only_one(f"consensus.shard:{shard.pk}") as mine:
        return mine and _do_and_count(shard.run, number, shard)


def _do_and_count(run: SkillRun, number: int, shard: SkillShard) -> bool:
    try:
        files = _do_job(run, shard)
    except FileNotFoundError:
        if _still(run.pk, number).exists():
            raise
        return False  # the run went on meanwhile
    if not _count(run.pk, number, shard.number, files):
        run_files.delete([name for name in files.values() if name != shard.votes_file])
        return False
    return True


def advance(run_id: int, number: int) -> bool:
    """From the results of pass `number` to the next pass, or to the end; False when somebody else did it."""
    run = SkillRun.objects.select_related("project").get(pk=run_id)
    if not run.is_running or run.number != number or run.shards_done < run.n_shards:
        return False
    with only_one(f"consensus.step:{run.pk}") as mine:
        return mine and _step(run, number)


def _step(run: SkillRun, number: int) -> bool:
    results = list(run.shards.order_by("number").values_list("result_file", flat=True))
    try:
        steps = _steps(run).take(_total(results))
    except FileNotFoundError:
        if _still(run.pk, number).exists():
            raise
        return False  # somebody else took this step meanwhile
    asked = steps.ask()
    if asked is None:
        return _finish(run, steps)
    stale = [run.steps_file, run.job_file, *results]
    files = {
        "steps_file": run_files.save(run.pk, "steps", steps.to_arrays()),
        "job_file": run_files.save_job(run.pk, asked),
    }
    moved = _next_pass(run, {"job": asked.job, **_progress(run, steps), **files})
    run_files.delete(stale if moved else list(files.values()))
    return moved


def resume() -> int:
    """Hand out again what was handed out long ago and is not done; give up what fails again and again. Returns how many."""
    before = clock.now() - timedelta(seconds=settings.SKILL_SHARD_LEASE_S)
    found = 0
    for run in SkillRun.objects.filter(state=SkillRun.State.RUNNING):
        late = run.shards.filter(done=run.number, sent_at__lt=before)
        if run.shards_done == run.n_shards and run.pass_at < before:
            _wake_advance(run.pk, run.number)
        elif late.filter(attempts__gte=MAX_ATTEMPTS).exists():
            _end(run, SkillRun.State.FAILED)
        else:
            numbers = list(late.values_list("number", flat=True))
            late.filter(number__in=numbers).update(sent_at=clock.now(), attempts=F("attempts") + 1)
            _hand_out(run.pk, run.number, numbers)
            found += len(numbers)
    for run_id in (
        SkillShard.objects.exclude(run__state=SkillRun.State.RUNNING).values_list("run", flat=True).distinct()
    ):
        _after(run_id, None)  # the message to clean up was lost
    return found


def cancel_run(actor: Person, run: SkillRun) -> bool:
    """Stop a run; what is published stays as it was. False when it had ended already."""
    with transaction.atomic():
        stopped = _end(run, SkillRun.State.CANCELLED)
        if stopped:
            record(actor, "skill_run.cancel", run)
    return stopped


def clean_up(run_id: int) -> None:
    """Of a run that has ended: its files, also those that a killed process left behind, then its shards."""
    run_files.delete_all(run_id)
    SkillShard.objects.filter(run=run_id).exclude(run__state=SkillRun.State.RUNNING).delete()


def note_error(run_id: int, error: Exception) -> None:
    """What a person reads when a run fails in the end."""
    SkillRun.objects.filter(pk=run_id).update(error=f"{type(error).__name__}: {error}"[:2000])


def _do_job(run: SkillRun, shard: SkillShard) -> dict[str, str]:
    """The shard's files after this pass; the first one writes its votes down once, so that no later answer gets in."""
    if run.job == "sizes":
        data = read_votes(run, shard)
        votes_file, result = run_files.save_shard(run.pk, data), cc.distributed.run_job("sizes", data)
    else:
        asked = run_files.load_job(run.job, run.job_file)
        votes_file = shard.votes_file
        result = cc.distributed.run_job(asked.job, run_files.load_shard(votes_file), *asked.arguments)
    return {"votes_file": votes_file, "result_file": run_files.save_tuple(run.pk, "result", tuple(result))}


def _count(run_id: int, number: int, shard_number: int, files: dict[str, str]) -> bool:
    """The shard has done this pass, unless it had already or the pass is over. The last one wakes the next step."""
    with transaction.atomic():
        run = SkillRun.objects.select_for_update().get(pk=run_id)
        if not run.is_running or run.number != number:
            return False
        shard = SkillShard.objects.filter(run=run_id, number=shard_number, done=number)
        if not shard.update(done=number + 1, **files):
            return False
        SkillRun.objects.filter(pk=run_id).update(shards_done=F("shards_done") + 1)
        if run.shards_done + 1 == run.n_shards:
            _wake_advance(run_id, number)
    return True


def _next_pass(run: SkillRun, fields: dict) -> bool:
    """Hand out the next pass, if the run is still at this one."""
    now = clock.now()
    with transaction.atomic():
        moved = _still(run.pk, run.number).update(number=run.number + 1, shards_done=0, pass_at=now, **fields)
        if moved:
            run.shards.update(sent_at=now, attempts=1)
            _hand_out(run.pk, run.number + 1, range(run.n_shards))
    return bool(moved)


def _steps(run: SkillRun) -> Steps:
    if not run.steps_file:
        return cc.distributed.Steps(len(run.config["labels"]))
    return cc.distributed.Steps.from_arrays(run_files.load(run.steps_file))


def _total(names: list[str]) -> tuple:
    """Sums in the order of the shards, two at a time in memory."""
    total = list(run_files.load_tuple(names[0]))
    for name in names[1:]:
        for place, part in enumerate(run_files.load_tuple(name)):
            total[place] = total[place] + part
    return tuple(total)


def _finish(run: SkillRun, steps: Steps) -> bool:
    """Publish, and end the run in the same transaction."""
    kind, skills = task_types.get(run.project.task_type).consensus, steps.skills()
    counts = votes_per_annotator(run)
    learned = kind.learned_from(skills, run.annotators, counts, run.config, *_softening(run, steps, skills))
    set_bar(run.project, newest_tasks(run), learned)
    with transaction.atomic():
        ended = _still(run.pk, run.number).update(
            state=SkillRun.State.DONE, ended_at=clock.now(), **_progress(run, steps)
        )  # fmt: skip
        if ended:
            publish_skills(run.project, learned, seen=Look(run.answers, run.last_seq))
            transaction.on_commit(lambda: _after(run.pk, run.project_id))
    return bool(ended)


def _softening(run: SkillRun, steps: Steps, skills: ShardedSkills) -> tuple[Softening, Known | None]:
    shards = (run_files.load_shard(name) for name in run.shards.order_by("number").values_list("votes_file", flat=True))
    return cc.distributed.softening_of(shards, skills, steps.decided_counts)


def newest_tasks(run: SkillRun) -> list[Task]:
    """Of the run, what its bar is set by: memory is that of so many items."""
    answered = (
        Answer.objects.filter(project=run.project, seq__lte=run.last_seq)
        .order_by("-item")
        .values_list("item", flat=True)
    )
    newest = list(answered.distinct()[:MOST_ITEMS])
    return load_shard_tasks(run.project, newest[-1], newest[0], run.last_seq, run.annotators) if newest else []


def _progress(run: SkillRun, steps: Steps) -> dict:
    ppm = max(run.fraction_ppm, round(1e6 * steps.fraction()))
    bound = None if steps.bound != steps.bound else steps.bound
    return {"stage": steps.stage_name, "iteration": steps.passes, "bound": bound, "fraction_ppm": ppm}


def _still(run_id: int, number: int):
    """The run's row, if it is still at that pass."""
    return SkillRun.objects.filter(pk=run_id, state=SkillRun.State.RUNNING, number=number)


def _end(run: SkillRun, state: str) -> bool:
    with transaction.atomic():
        ended = SkillRun.objects.filter(pk=run.pk, state=SkillRun.State.RUNNING).update(
            state=state, ended_at=clock.now()
        )
        if ended:
            transaction.on_commit(lambda: _after(run.pk, None))
    return bool(ended)


def _hand_out(run_id: int, number: int, shards: Iterable[int]) -> None:
    for shard in shards:
        _wake_later("work_on_shard", run_id, number, shard)


def _wake_advance(run_id: int, number: int) -> None:
    _wake_later("advance_run", run_id, number)


def _wake_later(task: str, *arguments: int) -> None:
    """After the commit; resume() asks again for what got lost."""
    lease_s = settings.SKILL_SHARD_LEASE_S
    transaction.on_commit(lambda: enqueue(f"consensus.app.run_tasks.{task}", *arguments, expires_s=lease_s))


def _after(run_id: int, project_id: int | None) -> None:
    enqueue("consensus.app.run_tasks.clean_up_run", run_id, project_id, expires_s=settings.SKILL_SHARD_LEASE_S)
