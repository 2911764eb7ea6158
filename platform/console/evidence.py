"""Evidence of a ban in an admin's words, and what of a worker's flags and records can be chosen as such."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from consensus.app.models import WorkerFlag
from console.flags import sentence_of
from labelling.conduct.evidence import NUMBERS, entry
from labelling.models import Project, WorkerRecord

# Fewer say nothing of anybody: neither a flag nor evidence comes of them.
GOLD_FROM = 5  # known items answered
ANSWERS_FROM = 20  # answers, decided or timed


@dataclass(frozen=True)
class Choice:
    """`entry` is what the ban keeps when it is chosen."""

    key: str
    entry: dict
    sentence: str


def choices_of(flags: Iterable[WorkerFlag], records: Iterable[WorkerRecord], language: str) -> list[Choice]:
    """Flags that stand against her, and her counts where there are enough to speak of."""
    found = [(f"flag-{flag.pk}", _of_flag(flag)) for flag in flags if flag.evidence.get("change", 0) <= 0]
    for record in records:
        if record.gold_seen >= GOLD_FROM:
            counts = {"gold_seen": record.gold_seen, "gold_right": record.gold_right}
            found.append((f"gold-{record.project_id}", entry("gold", record.project, counts)))
        if record.decided >= ANSWERS_FROM:
            counts = {"decided": record.decided, "agreed": record.agreed}
            found.append((f"agreement-{record.project_id}", entry("agreement", record.project, counts)))
    return [Choice(key, one, say(one, language)) for key, one in found if _is_whole(one)]


def _of_flag(flag: WorkerFlag) -> dict:
    label, names = flag.evidence.get("label"), None
    if label is not None:
        names = next((known["name"] for known in _labels(flag.project) if known["id"] == label), None)
    return entry(flag.kind, flag.project, flag.evidence, names)


def _labels(project: Project) -> list[dict]:
    return project.config.get("labels", [])


def _is_whole(one: dict) -> bool:
    return set(NUMBERS[one["kind"]]) <= set(one["numbers"])


def say(one: dict, language: str) -> str:
    """The sentence of a stored entry, without the names of others in it."""
    return f"{one['title']}: {_sentence(one, language)}"


def answers_behind(worker_id: int, one: dict) -> str:
    """Where the answers of a stored entry are, as an address of the console."""
    which = {"gold": "gold", "agreement": "disagreed"}.get(one["kind"])
    query = {"project": one["project"], "which": which, "from": one.get("first_seq"), "to": one.get("last_seq")}
    asked = urlencode({name: value for name, value in query.items() if value is not None})
    return f"{reverse('console:admin_answers', args=[worker_id])}?{asked}"


def _sentence(one: dict, language: str) -> str:
    if one["kind"] == "gold":
        return _("%(gold_right)s of %(gold_seen)s known items answered right.") % one["numbers"]
    if one["kind"] == "agreement":
        return _("%(agreed)s of %(decided)s decided answers agree with the decision.") % one["numbers"]
    names = one.get("label_names") or {}
    label = names.get(language) or names.get("en") or str(one["numbers"].get("label", ""))
    return sentence_of(one["kind"], one["numbers"], label, _("another worker"))
