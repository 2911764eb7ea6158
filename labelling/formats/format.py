"""What a format is: a name, what it can say, a streaming writer, and how it is read. Each folder here exports one as FORMAT and is found
by it. A format knows no task type: it says shapes (labelling/task_types/drawing.py)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from labelling import task_types
from labelling.formats.frozen import Frozen
from labelling.formats.rows import Refused, Row
from labelling.formats.stated import Stated, Statements
from labelling.formats.stretches import stem_of
from labelling.task_types.drawing import Drawing

Rows = Iterator[Row | Refused]


@dataclass(frozen=True)
class Beside:
    """A file beside each picture or sound, in the same zip.

    is_one(start, name): whether a file is one, by its first characters; endings: of its name. read(content, classes): the name of the
    picture ("" where the file does not say) and its marks; ValueError, a sentence, for what is none. is_list(name), classes(content): the
    file that names the classes, or tells by name what is in each; of_name(name, classes): what it tells of one. of_many(content): where
    one file speaks of several, the marks of each by its name without an ending. stem_of(name): the name without an ending of what a file
    of this name speaks of.
    """

    is_one: Callable[[str, str], bool]
    read: Callable[[bytes, Any], tuple[str, Stated | Statements]]
    is_list: Callable[[str], bool] = lambda name: False
    classes: Callable[[bytes], Any] = lambda content: []
    endings: frozenset[str] = frozenset({"json", "txt"})
    of_many: Callable[[bytes], Mapping[str, Stated | Statements]] | None = None
    stem_of: Callable[[str], str] = stem_of
    of_name: Callable[[str, Any], Any] = lambda name, classes: classes


@dataclass(frozen=True)
class Together:
    """Several files of one zip that are one table: none of them says a row by itself.

    among(starts): the names of those that are it, by all names and how the files of these endings begin; none: it is not there. read(files,
    others): its rows, from those files, and the names of what came with them.
    """

    among: Callable[[Mapping[str, str]], Collection[str]]
    read: Callable[[Mapping[str, Path], Collection[str]], Rows]
    endings: frozenset[str]


class FoundParts(NamedTuple):
    """What a row of somebody else's says: parts, what it states of them where it does (which are better, which are wrong), the cells that
    say it, and its id there."""

    parts: list[dict[str, Any]]
    states: Drawing | Statements | None
    cells: frozenset[str]
    called: Any = None


@dataclass(frozen=True)
class Format:
    """draws: the shapes that it can say; it fits the task types whose answers are such shapes. None: it says any answer. media: of what
    kinds of items; None: any.

    In: is_table(start) and read(path) for a file of its own with one of these endings; of_row(cells) for a row of JSON Lines that bears
    marks: the cell that does, and what it draws; parts_of(cells) for a row that is an item of parts in the format's own words; beside for
    a file a picture; together for several files that are one table; folder(path) for the label that a file's place says; magic and apart:
    how a file begins that is no text, and the decoder (intake.zygote) that makes a table of it.

    leaves_out: what a release holds and the format cannot say, a sentence by language: it is read before the download.
    """

    name: str
    title: str
    extension: str
    content_type: str
    write: Callable[[Frozen], Iterator[bytes]] | None  # None: it is only read
    draws: frozenset[type] | None = None
    endings: frozenset[str] = frozenset()
    is_table: Callable[[str], bool] | None = None
    read: Callable[[Path], Rows] | None = None
    of_row: Callable[[Mapping[str, Any]], tuple[str, Drawing] | None] | None = None
    parts_of: Callable[[Mapping[str, Any]], FoundParts | None] | None = None
    beside: Beside | None = None
    together: Together | None = None
    folder: Callable[[str], str] | None = None
    media: frozenset[str] | None = None
    magic: bytes = b""
    apart: str = ""
    leaves_out: Mapping[str, str] = field(default_factory=dict)

    def fits(self, task_type: str, medium: str | None = None) -> bool:
        """medium: None where it is not known yet."""
        may = self.media is None or medium is None or medium in self.media
        return may and (self.draws is None or task_types.get(task_type).draws in self.draws)
