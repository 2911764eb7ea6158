"""Sentences of ours in the reader's language. Written once, in English with names in braces (never an f-string: no catalogue has those);
platform/kernel/locale holds them in the other languages, and tests/house/test_sentences.py finds what it lacks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext


def say(sentence: str, **said: Any) -> str:
    """In the language of whoever asks now. What stands in the braces is put in as it is."""
    translated = gettext(sentence) if sentence else ""
    return translated.format(**said) if said else translated
