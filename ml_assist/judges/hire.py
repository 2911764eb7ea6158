"""A project hires a model at an address: it is examined before anything that it says counts."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.db import transaction

from intake.errors import Unsafe
from intake.remote import check_url
from kernel.errors import Conflict, DomainError
from kernel.money import to_text
from kernel.say import Ours
from kernel.texts import is_text
from labelling import task_types
from labelling.models import Project
from ledger import factories
from ledger.errors import InsufficientFunds
from ledger.posting import post_many
from ml_assist.judges.asking import travels_openly
from ml_assist.judges.models import Judge, JudgeVersion
from ml_assist.judges.protocols import PROTOCOLS, protocol_named
from people.access import require_spender
from people.audit import record
from people.models import Person

MEDIA = ("text", "image", "parts")
MOST_JUDGES = 10  # of a project, that are not dismissed
MAX_NAME, MAX_MODEL, MAX_KEY, MAX_PROMPT = 80, 120, 500, 20_000
MOST_CALLS, MOST_PRICE_MICRO = 1_000_000, 10**9


@transaction.atomic
def hire_judge(
    actor: Person,
    project: Project,
    *,
    name: str,
    protocol: str,
    address: str,
    most_calls: int,
    model: str = "",
    key: str = "",
    prompt: str = "",
    price_micro: int = 0,
) -> Judge:
    """Its whole budget, price times calls, lies in escrow before it is asked anything. The caller has authorised and locked the project.

    Refused, with nothing changed: an address that cannot be asked, what the protocol cannot ask, too little money.
    """
    _check(project, name, protocol, model, key, most_calls, price_micro)
    check_prompt(protocol, prompt)
    if key and travels_openly(address):
        raise DomainError("A key is sent over https:// only: give an address that starts with it.", field="address")
    try:
        check_url(address, settings.JUDGE_HOSTS)
    except Unsafe as unsafe:
        raise DomainError("address: {message}", field="address", said={"message": unsafe.message}) from unsafe
    if price_micro:
        require_spender(actor, project.organisation_id)
    judge = Judge.objects.create(
        project=project, name=name.strip(), protocol=protocol, address=address, model=model.strip(), key=key,
        price_micro=price_micro, most_calls=most_calls, created_by=actor,
    )  # fmt: skip
    make_version(judge, prompt)
    record(
        actor, "judge.hire", judge, project=project.pk, address=address, most_calls=most_calls, price_micro=price_micro
    )
    if price_micro:
        _escrow(judge)
    return judge


def _check(project: Project, name: str, protocol: str, model: str, key: str, most_calls: int, price_micro: int) -> None:
    if project.archived_at:
        raise DomainError("This project is archived: it hires nobody.", field="project")
    if project.medium not in MEDIA:
        raise DomainError(
            "Judges read text and pictures: this project labels {medium}.",
            field="project",
            said={"medium": Ours(project.medium)},
        )
    for field, value, most, least in (
        ("name", name, MAX_NAME, 1),
        ("model", model, MAX_MODEL, 0),
        ("key", key, MAX_KEY, 0),
    ):
        if not is_text(value, most, least):
            said = {"name": field, "most": most}
            raise DomainError("{name} must be text of 1 to {most} characters.", field=field, said=said)
    if protocol not in PROTOCOLS:
        said = {"name": "protocol", "choices": ", ".join(PROTOCOLS)}
        raise DomainError("{name} must be one of {choices}.", field="protocol", said=said)
    if not protocol_named(protocol).can_ask(task_types.get(project.task_type)):
        raise DomainError(
            "This protocol is asked for a label or a set of labels only: use a chat endpoint for other answers.",
            field="protocol",
        )
    for field, number, least, most in (
        ("most_calls", most_calls, 1, MOST_CALLS),
        ("price_micro", price_micro, 0, MOST_PRICE_MICRO),
    ):
        if not least <= number <= most:
            said = {"name": field, "least": least, "most": most}
            raise DomainError("{name} must be a whole number from {least} to {most}.", field=field, said=said)
    if Judge.objects.filter(project=project).exclude(state=Judge.State.DISMISSED).count() >= MOST_JUDGES:
        raise Conflict(
            "A project has at most {most} judges: dismiss one first.",
            field="name",
            code="full",
            said={"most": MOST_JUDGES},
        )


def check_prompt(protocol: str, prompt: str) -> None:
    if not protocol_named(protocol).takes_prompt:
        if prompt.strip():
            raise DomainError("This kind of judge takes no prompt: leave it empty.", field="prompt")
    elif not is_text(prompt, MAX_PROMPT):
        said = {"name": "prompt", "most": MAX_PROMPT}
        raise DomainError("{name} must be text of 1 to {most} characters.", field="prompt", said=said)


def make_version(judge: Judge, prompt: str) -> JudgeVersion:
    """The next one; what it is asked with is fixed by its hash."""
    number = judge.versions.count() + 1
    asked: tuple[Any, ...] = (judge.protocol, judge.address, judge.model, prompt)
    digest = hashlib.sha256("\0".join(asked).encode()).hexdigest()
    return JudgeVersion.objects.create(judge=judge, number=number, prompt=prompt, sha256=digest)


def _escrow(judge: Judge) -> None:
    amount_micro, organisation_id = judge.price_micro * judge.most_calls, judge.project.organisation_id
    try:
        post_many([factories.fund_judge(judge.pk, organisation_id, amount_micro, settings.CURRENCY)])
    except InsufficientFunds as short:
        said = {
            "escrow_micro": to_text(amount_micro),
            "currency": settings.CURRENCY,
            "short_micro": to_text(short.short_micro),
        }
        raise DomainError(
            "This judge needs {escrow_micro} {currency} in escrow and {short_micro} are missing: deposit that much, or allow fewer calls.",
            field="funds",
            code="insufficient_funds",
            missing_micro=short.short_micro,
            said=said,
        ) from short
