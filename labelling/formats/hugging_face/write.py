from __future__ import annotations

import hashlib
from collections.abc import Iterator

from labelling.formats.csv import Columns
from labelling.formats.frozen import Frozen
from labelling.formats.hugging_face.card import card_of
from labelling.formats.hugging_face.croissant import croissant_of
from labelling.formats.hugging_face.facts import facts_of
from labelling.formats.parquet.write import kinds_of
from labelling.formats.parquet.write import write as write_table
from labelling.formats.zips import zipped

DATA = "data/train.parquet"


def write(frozen: Frozen) -> Iterator[bytes]:
    return zipped(_files(frozen))


def _files(frozen: Frozen) -> Iterator[tuple[str, bytes | Iterator[bytes]]]:
    facts, kinds = facts_of(frozen), kinds_of(Columns.of(frozen))
    yield "README.md", card_of(frozen, facts, list(kinds), DATA).encode()
    file = _Counted(write_table(frozen))
    yield DATA, iter(file)
    yield "croissant.json", croissant_of(frozen, facts, kinds, DATA, file.size, file.digest.hexdigest())


class _Counted:
    """Pieces on their way, with how many bytes they were and what they hash to once all are through."""

    def __init__(self, pieces: Iterator[bytes]):
        self._pieces = pieces
        self.size, self.digest = 0, hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.size += len(piece)
            self.digest.update(piece)
            yield piece
