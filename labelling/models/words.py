"""The words of an item as the database finds them: its name, path, text and metadata, each word as it begins.

One index serves all projects, so the project is a word of its own. Scripts that write no blanks are cut into
pairs of signs. SQL: labelling_words() in the migrations.
"""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func

MAX_WORDS, LONGEST = 12, 60
_NO_BLANKS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff"
_PARTING = "\t\n\r\u00a0!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~¡¿«»·–—‘’“”…、。〈〉《》「」『』【】！（），：；？।"
_AS_BLANKS = str.maketrans(dict.fromkeys(_PARTING, " "))
_SIGNS = re.compile(f"([{_NO_BLANKS}]+)")


class Words(Func):
    """The expression that is indexed."""

    function = "labelling_words"
    output_field = SearchVectorField()


def query_of(text: str, project_id: int) -> str:
    """A tsquery: every word of the text, whole or as a beginning; empty where the text has no word."""
    words = _SIGNS.sub(r" \1 ", text.lower().translate(_AS_BLANKS)).split()[:MAX_WORDS]
    # Whole, too: of that the database knows how often it comes, and plans by it.
    asked = [f"('{part}' | '{part}':*)" for word in words for part in _parts(word)]
    return " & ".join([f"'project{project_id}'", *asked]) if asked else ""


def _parts(word: str) -> list[str]:
    """The word, or the pairs of a row of signs."""
    if len(word) < 2 or not _SIGNS.match(word):
        return [word[:LONGEST]]
    return [word[place : place + 2] for place in range(len(word) - 1)]
