"""The words that speakers confirmed, in this process: what the server says and the phone is sent. Asked for again each half minute.

A mended sentence is said from then on, without a new build and without a restart. What comes with the code lies below: a process that
has not asked yet, or cannot, says that.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils.translation import trans_real

from wording.models import Wording
from wording.sentences import ENGLISH, PHONE, SERVER, Sentence, is_confirmed_in_code, languages, sentences

EVERY_S = 30
LATE = timedelta(minutes=1)  # a transaction that began before the last look and ended after it
logger = logging.getLogger(__name__)


class Mended(dict):
    """English -> the words of a speaker: lies over the compiled catalogue of its language."""


_held: dict[str, dict[str, str]] = {}  # language -> sentence -> words
_seen: datetime | None = None
_asked_s = float("-inf")


def keep_up(**_) -> None:
    """Called before each request and task. Tests look when they want to: their numbers of statements are pinned."""
    global _asked_s
    if settings.TESTING or time.monotonic() - _asked_s < EVERY_S:
        return
    _asked_s = time.monotonic()
    try:
        look()
    except (DatabaseError, InterfaceError):  # what was known is still said
        logger.warning("the words of speakers could not be read", exc_info=True)


def look() -> None:
    """What was said since the last look, in one statement."""
    global _seen
    new = Wording.objects.order_by("said_at", "pk")
    if _seen is not None:
        new = new.filter(said_at__gt=_seen - LATE)
    changed = set()
    for language, sentence, text, said_at in new.values_list("language", "sentence", "text", "said_at"):
        held = _held.setdefault(language, {})
        if held.get(sentence) != text:
            held[sentence] = text
            changed.add(language)
        _seen = said_at
    for language in changed & set(languages()):
        _lay_over(language)


def forget() -> None:
    global _seen
    for language in set(_held) & set(languages()):
        _held[language] = {}
        _lay_over(language)
    _held.clear()
    _seen = None


def _lay_over(language: str) -> None:
    """Django's own reading of the catalogue is kept; a dictionary of ours stands before it."""
    catalogue = trans_real.translation(language.lower())._catalog  # type: ignore[attr-defined]  # Django keeps it to itself
    mended = Mended({_place(one): text for one, text in _mended(language) if one.source == SERVER})
    if isinstance(catalogue._catalogs[0], Mended):
        catalogue._catalogs[0] = mended
    else:
        catalogue._catalogs.insert(0, mended)
        catalogue._plurals.insert(0, catalogue._plurals[0])


def _place(sentence: Sentence) -> str | tuple[str, int]:
    """Where Django's catalogue has it."""
    return sentence.key if sentence.form is None else (sentence.key, sentence.form)


def _mended(language: str):
    known = sentences(language)
    for sentence, text in tuple(_held.get(language, {}).items()):  # another thread may look meanwhile
        if sentence in known and text != known[sentence].shipped:
            yield known[sentence], text


def mended_for_phone(language: str) -> dict[str, str]:
    """Key -> words, where a speaker's differ from what was built."""
    return {one.key: text for one, text in _mended(language) if one.source == PHONE} if language != ENGLISH else {}


def confirmed_languages() -> list[str]:
    """Those of which speakers have confirmed every sentence. English is what they are translated from."""
    return [ENGLISH, *(language for language in languages() if not _unconfirmed(language))]


def _unconfirmed(language: str) -> bool:
    held = _held.get(language, {})
    return any(one.id not in held and not is_confirmed_in_code(language, one) for one in sentences(language).values())


def middleware(get_response):
    def answer(request):
        keep_up()
        return get_response(request)

    return answer
