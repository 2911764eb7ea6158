"""A speaker has read sentences of her language: each is right as it stands, or as she has mended it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from kernel.errors import Conflict, DomainError
from ledger import clock
from people.audit import entry, record_many
from people.models import Person
from wording.access import require_language_of
from wording.checks import check
from wording.models import Wording
from wording.sentences import PHONE, Sentence, sentences

MOST = 100  # of one request


@transaction.atomic
def confirm_wordings(actor: Person, language: str, said: Sequence[tuple[str, object]]) -> list[Wording]:
    """`said`: (sentence, the words). All of them or none: a refusal names which is wrong (`sentences.<id>`). Safe to repeat."""
    require_language_of(actor, language)
    if not 1 <= len({sentence for sentence, _ in said}) <= MOST or len({one for one, _ in said}) != len(said):
        raise DomainError("Confirm 1 to {most} sentences, each once.", field="sentences", said={"most": MOST})
    now, known = clock.now(), sentences(language)
    rows = [
        Wording(language=language, sentence=one.id, english=one.english, text=text, by=actor, said_at=now)
        for one, text in [_checked(known, sentence, text) for sentence, text in said]
    ]
    before = dict(Wording.objects.filter(language=language).values_list("sentence", "text"))
    record_many([_line(actor, row, before.get(row.sentence, known[row.sentence].shipped)) for row in rows])
    Wording.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["language", "sentence"],
        update_fields=["english", "text", "by", "said_at"],
    )
    return rows


def _checked(known: dict[str, Sentence], sentence: str, text: object) -> tuple[Sentence, str]:
    one = known.get(sentence)
    if one is None:
        raise Conflict("This sentence is not there any more, or its English has changed: look again.", code="changed")
    try:
        return one, check(one.english, one.shipped, text, on_phone=one.source == PHONE)
    except DomainError as refusal:
        refusal.field = f"sentences.{sentence}"
        raise


def _line(actor: Person, row: Wording, before: str):
    verb = "wording.confirm" if row.text == before else "wording.mend"
    return entry(actor, verb, f"{row.language}:{row.sentence}", before=before, text=row.text)
