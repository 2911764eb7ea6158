"""Every sentence of a language: of the phone, of the task types on it, of refusals, messages and mails. They come with the code.

A sentence is known by what it is: where it stands, its key and its English. When the English changes it is another sentence, which
nobody has confirmed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from wording import po

PHONE, SERVER = "phone", "server"
ENGLISH = "en"


@dataclass(frozen=True)
class Sentence:
    """`key`: its name in the phone's files; of the server's, the English itself. `file`: where it stands, from the root of the code.
    `form`: which of the plural forms, each a sentence by itself; the phone's hold theirs inside."""

    id: str
    source: str
    key: str
    english: str
    shipped: str
    file: str
    form: int | None = None


def digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def languages() -> list[str]:
    """Those that have something to confirm: English is what the others are translated from."""
    return [tag for tag in settings.PHONE_LANGUAGES if tag != ENGLISH]


@cache
def sentences(language: str) -> dict[str, Sentence]:
    """By their ids, in the order in which they are read: the phone's parts, its task types, then what the server says."""
    every = [*_on_phone(language), *_by_server(language, catalogue_of(language))]
    known = {one.id: one for one in every}
    pages = pages_of(language)
    of_pages = {one.id: one for one in _by_server(language, pages)} if pages.exists() else {}
    return known | {name: one for name, one in of_pages.items() if name not in known}


def _on_phone(language: str) -> Iterator[Sentence]:
    root = Path(settings.ROOT)
    for english_file in _phone_files():
        file = english_file.with_name(f"{language}.json")
        if english_file.parent.name == ENGLISH:
            file = english_file.parents[1] / language / english_file.name
        said = json.loads(file.read_text(encoding="utf-8"))
        for key, english in json.loads(english_file.read_text(encoding="utf-8")).items():
            sentence_id = digest(PHONE, key, english)
            yield Sentence(sentence_id, PHONE, key, english, said[key], str(file.relative_to(root)))


def _phone_files() -> list[Path]:
    """What begins the phone, then its other parts, then its task types."""
    parts = sorted((Path(settings.PHONE_LOCALES) / ENGLISH).glob("*.json"), key=lambda one: (one.stem != "first", one))
    return [*parts, *sorted(Path(settings.ROOT, "labelling/task_types").glob(f"*/phone/{ENGLISH}.json"))]


def catalogue_of(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language.replace("-", "_") / "LC_MESSAGES" / "django.po"


def pages_of(language: str) -> Path:
    """What the pages of the console say: of the languages that these are read in."""
    return Path(settings.ROOT, "platform/console/locale", language.replace("-", "_"), "LC_MESSAGES/django.po")


def _by_server(language: str, file: Path) -> Iterator[Sentence]:
    name = str(file.relative_to(settings.ROOT))
    for key, said in po.read(file.read_text(encoding="utf-8")).items():
        of_form = () if key.form is None else (str(key.form),)
        sentence_id = digest(SERVER, key.english, said.english, *of_form)
        yield Sentence(sentence_id, SERVER, key.english, said.english, said.text, name, key.form)


@cache
def confirmed_in_code(language: str) -> dict[str, str]:
    """What speakers confirmed and an operator brought home: sentence -> digest of the words that were confirmed."""
    file = confirmations_of(language)
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def confirmations_of(language: str) -> Path:
    return catalogue_of(language).parents[1] / "confirmed.json"


def is_confirmed_in_code(language: str, sentence: Sentence) -> bool:
    return confirmed_in_code(language).get(sentence.id) == digest(sentence.shipped)
