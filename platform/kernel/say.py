"""Sentences of ours in the reader's language. Written once, in English with names in braces (never an f-string: no catalogue has those);
platform/kernel/locale holds them in the other languages, and tests/house/test_sentences.py finds what it lacks."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext


class Ours(NamedTuple):
    """A word of ours that stands in a sentence, such as the state of a batch: it is said in the reader's language, too. Programs
    are sent the word itself."""

    words: str

    def __str__(self) -> str:
        return self.words


def say(sentence: str, **said: Any) -> str:
    """In the language of whoever asks now. What stands in the braces is put in as it is, unless it is a word of ours."""
    translated = gettext(sentence) if sentence else ""
    said = {name: gettext(what.words) if isinstance(what, Ours) else what for name, what in said.items()}
    return translated.format(**said) if said else translated
