"""What several people said of one item, in one drawing: who said what, and where they differ.

Each has a number, a colour and a kind of line, so that nobody needs to see colours; what all of them said is drawn once, thin and grey.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import cast

from console.answer_rendering import Named, S, Said
from labelling.task_types.drawing import Mask, Point, Polygon, Range, Rectangle, Skeleton, Span, Step

# Told apart by all kinds of eyes (Okabe & Ito 2008); yellow is left out, which no line on a light page shows.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
DASHES = ("none", "10 4", "2 4", "12 4 2 4", "6 6", "1 7", "16 4")
ALL = "#767676"
_TOKEN = re.compile(r"\s*\S+\s*")
_LETTERS = re.compile(r".", re.S)  # of a script without gaps


@dataclass(frozen=True)
class Voice:
    """One who answered. `words` are pieces of what was written, each with whether nobody else has it there."""

    n: int
    name: str
    said: Said
    words: tuple[tuple[str, bool], ...] = ()

    @property
    def colour(self) -> str:
        return COLOURS[(self.n - 1) % len(COLOURS)]

    @property
    def dash(self) -> str:
        return DASHES[(self.n - 1) % len(DASHES)]


@dataclass(frozen=True)
class Mark(Named[S]):
    """A shape, with those who drew just that."""

    by: tuple[Voice, ...]
    dash: str

    @property
    def who(self) -> str:
        return ", ".join(str(voice.n) for voice in self.by)

    @property
    def aside_em(self) -> float:
        """How far its number stands from its corner: two that begin there are not read as one."""
        return 0.15 + 0.9 * (self.by[0].n - 1)

    @property
    def at(self: Mark[Rectangle | Polygon | Skeleton | Point]) -> tuple[float, float]:
        """Where its number stands."""
        shape = self.shape
        if isinstance(shape, Polygon | Rectangle):
            return min(shape.ring, key=lambda place: (place[1], place[0]))
        if isinstance(shape, Skeleton):
            return next(((x, y) for x, y, there in shape.points if there), (0, 0))
        return shape.x, shape.y


@dataclass(frozen=True)
class Together:
    voices: tuple[Voice, ...]
    marks: tuple[Mark, ...]
    questions: tuple[tuple[str, bool, tuple[str, ...]], ...] = ()  # asked, whether they differ, what each said

    def of(self, *shapes: type[S]) -> list[Mark[S]]:
        return [cast(Mark[S], one) for one in self.marks if isinstance(one.shape, shapes)]

    @property
    def areas(self) -> list[Mark[Rectangle | Polygon]]:
        return self.of(Rectangle, Polygon)

    @property
    def numbered(self) -> list[Mark]:
        """What its number stands beside, in pixels of the picture; a mask has a grid of its own."""
        return [one for one in self.on_picture if not isinstance(one.shape, Mask)]

    @property
    def masks(self) -> list[Mark[Mask]]:
        return self.of(Mask)

    @property
    def points(self) -> list[Mark[Point]]:
        return self.of(Point)

    @property
    def skeletons(self) -> list[Mark[Skeleton]]:
        return self.of(Skeleton)

    @property
    def on_picture(self) -> list[Mark[Rectangle | Polygon | Mask | Point | Skeleton]]:
        return self.of(Rectangle, Polygon, Mask, Point, Skeleton)

    @property
    def spans(self) -> list[Mark[Span]]:
        return self.of(Span)

    @property
    def steps(self) -> list[Mark[Step]]:
        return self.of(Step)

    @property
    def over_item(self) -> bool:
        """Whether the drawing lies over the picture or the text, which need not be shown again."""
        return bool(self.on_picture or self.spans)

    @property
    def lanes(self) -> list[tuple[Voice, list[Named[Range]]]]:
        """Stretches of time, a line for each voice."""
        found = [(voice, voice.said.of(Range)) for voice in self.voices]
        return found if any(ranges for _voice, ranges in found) else []


def together(answers: Sequence[tuple[str, Said]]) -> Together | None:
    """(who, what was said) of several; nothing where one label each is all that there is to see."""
    said = [one for _name, one in answers]
    drawn = any(one.shapes or one.rows for one in said)
    written = not drawn and len({one.words for one in said}) > 1 and not any(one.colour for one in said)
    if len(said) < 2 or not (drawn or written):
        return None
    pieces = _differing([one.words for one in said]) if written else [() for _ in said]
    voices = tuple(
        Voice(n, name, one, words) for n, ((name, one), words) in enumerate(zip(answers, pieces, strict=True), 1)
    )
    return Together(voices, _marks(voices), _questions(voices))


def _marks(voices: Sequence[Voice]) -> tuple[Mark, ...]:
    by: dict = {}
    for voice in voices:
        for one in voice.said.shapes:
            by.setdefault(_key(one), (one, []))[1].append(voice)
    return tuple(
        Mark(
            one.shape,
            one.name,
            ALL if len(who) == len(voices) else who[0].colour,
            tuple(who),
            "none" if len(who) == len(voices) else who[0].dash,
        )
        for one, who in by.values()
    )


def _key(one: Named) -> str:
    """Just the same shape of just the same label."""
    return repr(one.shape)


def _questions(voices: Sequence[Voice]) -> tuple[tuple[str, bool, tuple[str, ...]], ...]:
    """Where each answered several questions: every one that anybody answered, in the order of the form."""
    said = [{title: one.words for title, one in voice.said.rows} for voice in voices]
    asked = dict.fromkeys(title for rows in said for title in rows)
    found = ((title, tuple(rows.get(title, "–") for rows in said)) for title in asked)
    return tuple((title, len(set(words)) > 1, words) for title, words in found)


def _differing(texts: Sequence[str]) -> list[tuple[tuple[str, bool], ...]]:
    """Each text in pieces: what stands in no other text at that place is marked."""
    split = _TOKEN if any(" " in text.strip() for text in texts) else _LETTERS
    tokens = [split.findall(text) for text in texts]
    plain = [[token.strip() for token in one] for one in tokens]
    found = []
    for k, mine in enumerate(tokens):
        shared: set[int] = set()
        for other in (plain[j] for j in range(len(plain)) if j != k):
            blocks = SequenceMatcher(None, plain[k], other, autojunk=False).get_matching_blocks()
            shared |= {block.a + n for block in blocks for n in range(block.size)}
        found.append(_joined(mine, shared))
    return found


def _joined(tokens: Sequence[str], shared: set[int]) -> tuple[tuple[str, bool], ...]:
    """Neighbours that are alike in one piece."""
    pieces: list[tuple[str, bool]] = []
    for n, token in enumerate(tokens):
        alone = n not in shared
        if pieces and pieces[-1][1] == alone:
            pieces[-1] = (pieces[-1][0] + token, alone)
        else:
            pieces.append((token, alone))
    return tuple(pieces)
