from __future__ import annotations

from collections.abc import Iterator

from labelling.formats.frozen import Frozen
from labelling.formats.pictures import pictures
from labelling.formats.stretches import one_line

COLUMNS = ("client_id", "path", "sentence", "up_votes", "down_votes", "age", "gender", "accents", "locale", "segment")


def write(frozen: Frozen) -> Iterator[bytes]:
    """A tab or a line break within a sentence is a blank: the format has no way to write them."""
    yield ("\t".join(COLUMNS) + "\n").encode()
    for _, name, row in pictures(frozen):
        sentence = frozen.drawing(row).words or ""
        counted = [one["value"] for one in row["answers"] if one["counted"]]
        alike = sum(value == row["decision"] for value in counted)
        votes = (str(alike), str(len(counted) - alike))
        cells = ("", name, sentence, *votes, "", "", "", frozen.config.get("language", ""), "")
        yield ("\t".join(map(one_line, cells)) + "\n").encode()
