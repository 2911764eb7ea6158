from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Iterator, Sequence

import numpy as np

from intake.decoders.docbin import ENT_IOB, ENT_TYPE, ORTH, OVERLAPPING
from intake.decoders.msgpack import packed
from intake.decoders.spacy_strings import number_of
from labelling.formats.conll.write import one_a_place
from labelling.formats.frozen import Frozen
from labelling.formats.tokens import tokens
from labelling.formats.zips import zipped
from labelling.task_types.drawing import Span
from labelling.task_types.label_names import names_in, names_of

TEXTS, WORDS = 1_000, 200_000  # of a file at most: it is held until it is whole
_INSIDE, _OUTSIDE, _BEGINS = 1, 2, 3


def write(frozen: Frozen) -> Iterator[bytes]:
    return zipped((f"texts-{number:04}.spacy", content) for number, content in enumerate(_files(frozen), 1))


def _files(frozen: Frozen) -> Iterator[bytes]:
    """A text that nobody has decided is left out: without marks it would say that nothing is there."""
    held = _Bin()
    for row in frozen.rows():
        if row["decision"] is None:
            continue
        names = names_of({**frozen.config, "labels": frozen.labels}) | names_in(row["decision"])
        drawn = frozen.drawing(row)
        shapes = [one for one in drawn.shapes or () if isinstance(one, Span)]
        spans = [_trimmed(one, names[one.label], row["text"] or "") for one in shapes]
        chosen = frozen.tags(row, row["decision"]) if drawn.shapes is None else []
        asked = [label["id"] for label in frozen.labels] if drawn.shapes is None else []
        cats = {names.get(one, one): float(one in chosen) for one in dict.fromkeys((*asked, *chosen))}
        held.add(row["text"] or "", spans, cats)
        if held.is_full:
            yield held.content()
            held = _Bin()
    if held.lengths:
        yield held.content()


def _trimmed(span: Span, label: str, text: str) -> Span:
    """Without white space at its ends, with which spaCy refuses to train."""
    said = text[span.start : span.end]
    start = span.start + len(said) - len(said.lstrip())
    return Span(label, start, start + len(said.strip()))


def words_of(text: str, cuts: Sequence[int]) -> list[tuple[int, int, bool]]:
    """(start, end, whether one blank follows) of each word. Other white space is a word of its own, so that all of them are the text."""
    found: list[tuple[int, int, bool]] = []
    at = 0
    for start, end in [*tokens(text, cuts), (len(text), len(text))]:
        gap = text[at:start]
        if gap.startswith(" ") and found:
            found[-1] = (*found[-1][:2], True)
            at += 1
        if at < start:
            found.append((at, start, False))
        if start < end:
            found.append((start, end, False))
        at = end
    return found


class _Bin:
    """Texts of one file, word after word."""

    def __init__(self) -> None:
        self._words, self._spaces, self.lengths = array("Q"), bytearray(), array("i")
        self._strings: set[str] = {""}
        self._cats: list[dict[str, float]] = []
        self._groups: list[bytes] = []

    @property
    def is_full(self) -> bool:
        return len(self.lengths) >= TEXTS or len(self._spaces) >= WORDS

    def add(self, text: str, spans: Sequence[Span], cats: dict[str, float]) -> None:
        words = words_of(text, [at for span in spans for at in (span.start, span.end)])
        begins = {span.start: span for span in one_a_place(spans)}
        inside: Span | None = None
        for start, end, space in words:
            inside = begins.get(start) or (inside if inside and start < inside.end else None)
            iob = _OUTSIDE if inside is None else _BEGINS if start in begins else _INSIDE
            kind = 0 if inside is None else self._number(inside.label)
            self._words.extend((self._number(text[start:end]), iob, kind))
            self._spaces.append(space)
        self.lengths.append(len(words))
        self._cats.append(cats)
        self._groups.append(self._group(spans, words))

    def _number(self, text: str) -> int:
        self._strings.add(text)
        return number_of(text)

    def _group(self, spans: Sequence[Span], words: list[tuple[int, int, bool]]) -> bytes:
        """All marks, by the numbers of their words."""
        if not spans:
            return packed([])
        starts, ends = ({word[side]: n for n, word in enumerate(words)} for side in (0, 1))
        said = [
            struct.pack(
                ">QQQllll", 0, 0, self._number(one.label), starts[one.start], ends[one.end] + 1, one.start, one.end
            )
            for one in spans
        ]
        return packed({packed({"name": OVERLAPPING, "attrs": {}, "spans": said}): [OVERLAPPING]})

    def content(self) -> bytes:
        said = {
            "version": "0.1",
            "attrs": [ORTH, ENT_IOB, ENT_TYPE],
            "tokens": np.array(self._words, "<u8").tobytes(),
            "spaces": bytes(self._spaces),
            "lengths": np.array(self.lengths, "<i4").tobytes(),
            "strings": sorted(self._strings),
            "cats": list(self._cats),
            "flags": [{"has_unknown_spaces": False} for _ in self.lengths],
            "span_groups": list(self._groups),
        }
        return zlib.compress(packed(said))
