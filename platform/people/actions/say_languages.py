"""She says in which languages she can work; texts and sounds in others are not offered to her."""

from __future__ import annotations

import re

from kernel.errors import DomainError
from people.models import Worker

MOST = 20
_TAG = re.compile(r"[a-z]{2,3}")


def say_languages(worker: Worker, reads: object) -> None:
    """The whole list, each a base language (ISO 639). What she adds here she said no to no more."""
    said = reads if isinstance(reads, list) else []
    good = all(isinstance(one, str) and _TAG.fullmatch(one) for one in said)
    if not good or not 1 <= len(set(said)) <= MOST:
        raise DomainError(
            "Choose from 1 to {most} languages that you read.", field="reads", code="reads", said={"most": MOST}
        )
    worker.reads = sorted(set(said))
    worker.reads_not = [one for one in worker.reads_not if one not in worker.reads]
    worker.save(update_fields=["reads", "reads_not"])


def cannot_read(worker: Worker, language: str) -> None:
    """Said at a task: nothing more of this language is offered, until she says otherwise."""
    base = base_of(language)
    worker.reads = [one for one in worker.reads if one != base]
    worker.reads_not = sorted({*worker.reads_not, base})
    worker.save(update_fields=["reads", "reads_not"])


def base_of(language: str) -> str:
    """en of en-ZA."""
    return language.split("-")[0].lower()
