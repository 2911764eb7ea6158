"""A judge is asked with another prompt, or examined anew; or it is dismissed."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from kernel.errors import Conflict, DomainError
from kernel.texts import is_text
from labelling.models import ModelVote
from ledger import clock, factories
from ledger.posting import balance, locked, post_many
from ml_assist.judges.hire import check_prompt, make_version
from ml_assist.judges.models import Judge, JudgeVersion
from people.audit import record
from people.models import Person

MAX_REASON = 500
TAKEN_BACK = gettext_noop("A payment was taken back, and what lay in escrow for this judge went to it: hire it again.")


@transaction.atomic
def examine_anew(actor: Person, judge: Judge, prompt: str | None = None) -> Judge:
    """A new version of it, with this prompt or the one it had, takes the exam. What earlier ones said keeps its standing. `judge` is
    locked by the caller."""
    _refuse_dismissed(judge)
    last = judge.versions.order_by("-number").first()
    prompt = (last.prompt if last else "") if prompt is None else prompt
    check_prompt(judge.protocol, prompt)
    version = make_version(judge, prompt)
    judge.state, judge.reason, judge.result = Judge.State.EXAM, {}, {}
    judge.failures, judge.last_error, judge.rests_until = 0, "", None
    judge.save(update_fields=["state", "reason", "result", "failures", "last_error", "rests_until"])
    record(actor, "judge.examine", judge, version=version.number, sha256=version.sha256)
    return judge


@transaction.atomic
def dismiss_judge(actor: Person, judge: Judge, reason: str) -> Judge:
    """Nothing that it said is heard from now on, its key is forgotten, and what it did not cost goes back. The reason stays in the audit
    log. `judge` is locked by the caller."""
    _refuse_dismissed(judge)
    if not is_text(reason, MAX_REASON):
        said = {"name": "reason", "most": MAX_REASON}
        raise DomainError("{name} must be text of 1 to {most} characters.", field="reason", said=said)
    return _end(actor, judge, "{reason}", reason=reason.strip())


@transaction.atomic
def recover_judges(organisation_id: int) -> int:
    """A requester owes: her judges are dismissed, one after the other until it is paid, for what lies in their escrow pays it. No model is
    asked with money that was taken back. Returns how many."""
    debt, ended = factories.debt_of(organisation_id), 0
    hers = Judge.objects.filter(project__organisation=organisation_id, price_micro__gt=0)
    hers = hers.exclude(state=Judge.State.DISMISSED).select_related("project").order_by("pk")
    for judge in hers.select_for_update(of=("self",)):
        if balance(debt, settings.CURRENCY) >= 0:
            break
        _end(None, judge, TAKEN_BACK)
        ended += 1
    return ended


def _end(actor: Person | None, judge: Judge, message: str, **said: str) -> Judge:
    ModelVote.objects.filter(annotator__in=annotators_of(judge)).update(standing=ModelVote.Standing.SILENT)
    judge.state, judge.reason, judge.key = Judge.State.DISMISSED, {"message": message, "said": said}, ""
    judge.dismissed_at = clock.now()
    judge.save(update_fields=["state", "reason", "key", "dismissed_at"])
    record(actor, "judge.dismiss", judge, reason=message.format(**said))
    _give_back(judge)
    return judge


def annotators_of(judge: Judge) -> list[str]:
    return [JudgeVersion(pk=pk).annotator for pk in judge.versions.values_list("pk", flat=True)]


def _refuse_dismissed(judge: Judge) -> None:
    if judge.state == Judge.State.DISMISSED:
        raise Conflict("This judge is dismissed: hire it again.", field="state", code="dismissed")


def _give_back(judge: Judge) -> None:
    organisation_id, currency = judge.project.organisation_id, settings.CURRENCY
    source, debt = factories.judge_escrow_of(judge.pk), factories.debt_of(organisation_id)
    held = locked([source, debt, factories.funds_of(organisation_id)], currency)
    if held[source] > 0:
        post_many([factories.close_judge(judge.pk, organisation_id, held[source], currency, owed_micro=-held[debt])])
