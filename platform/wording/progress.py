"""Which sentences of a language are confirmed, and by what words: reading, for pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wording.models import Wording
from wording.sentences import Sentence, is_confirmed_in_code, sentences

OPEN, CONFIRMED, MENDED = "open", "confirmed", "mended"
SHOWS = (OPEN, CONFIRMED, MENDED)


@dataclass(frozen=True)
class Line:
    """A sentence as it is said now. `state`: open, or confirmed as it came, or mended."""

    sentence: Sentence
    text: str
    state: str
    place: int  # in the whole list


@dataclass(frozen=True)
class Progress:
    language: str
    total: int
    confirmed: int
    mended: int

    @property
    def is_whole(self) -> bool:
        return self.confirmed == self.total


def lines_of(language: str) -> list[Line]:
    said = dict(Wording.objects.filter(language=language).values_list("sentence", "text"))
    return _lines(language, said)


def progress_of(languages: Sequence[str]) -> list[Progress]:
    """One statement for them all."""
    said: dict[str, dict[str, str]] = {language: {} for language in languages}
    for language, sentence, text in Wording.objects.filter(language__in=languages).values_list(
        "language", "sentence", "text"
    ):
        said[language][sentence] = text
    return [progress_in(language, _lines(language, said[language])) for language in languages]


def progress_in(language: str, lines: list[Line]) -> Progress:
    states = [line.state for line in lines]
    return Progress(language, len(lines), len(states) - states.count(OPEN), states.count(MENDED))


def _lines(language: str, said: dict[str, str]) -> list[Line]:
    return [
        Line(one, said.get(one.id, one.shipped), _state(language, one, said.get(one.id)), place)
        for place, one in enumerate(sentences(language).values())
    ]


def _state(language: str, one: Sentence, said: str | None) -> str:
    if said is not None:
        return CONFIRMED if said == one.shipped else MENDED
    return CONFIRMED if is_confirmed_in_code(language, one) else OPEN


def find(lines: list[Line], show: str = "", words: str = "") -> list[Line]:
    """Those of one state (mended ones are confirmed, too), with these words in English or in the language."""
    wanted = {CONFIRMED: {CONFIRMED, MENDED}}.get(show, {show})
    sought = words.casefold()
    return [
        line
        for line in lines
        if (not show or line.state in wanted)
        and (not sought or sought in f"{line.sentence.english}\n{line.text}\n{line.sentence.key}".casefold())
    ]
