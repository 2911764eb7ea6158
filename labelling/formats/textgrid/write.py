from __future__ import annotations

from collections.abc import Iterator

from labelling.formats.frozen import Frozen
from labelling.formats.stretches import Recording, a_file_each, one_line

Interval = tuple[float, float, str]


def write(frozen: Frozen) -> Iterator[bytes]:
    return a_file_each(frozen, "TextGrid", _grid)


def _grid(one: Recording) -> str:
    end = one.duration_ms / 1000
    tiers = _tiers(one)
    head = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n'
    head += f"xmin = 0\nxmax = {end:.3f}\ntiers? <exists>\nsize = {len(tiers)}\nitem []:\n"
    return head + "".join(_tier(n, name, _gapless(marks, end), end) for n, (name, marks) in enumerate(tiers, 1))


def _tiers(one: Recording) -> list[tuple[str, list[Interval]]]:
    """A tier a label; a mark that begins before the one before it ends, goes to the next tier of its label."""
    tiers: dict[tuple[str, int], list[Interval]] = {}
    for drawn, said in one.ranges:
        name, row = one_line(said), 0
        while (marks := tiers.setdefault((name, row), [])) and marks[-1][1] > drawn.start_ms / 1000:
            row += 1
        marks.append((drawn.start_ms / 1000, drawn.end_ms / 1000, name))
    return [(name, marks) for (name, _), marks in sorted(tiers.items(), key=lambda tier: tier[0])]


def _gapless(marks: list[Interval], end: float) -> list[Interval]:
    filled, before = [], 0.0
    for start, stop, text in marks:
        filled += [(before, start, "")] if start > before else []
        filled.append((start, stop, text))
        before = stop
    return [*filled, (before, end, "")] if before < end else filled


def _tier(number: int, name: str, intervals: list[Interval], end: float) -> str:
    lines = [
        f"    item [{number}]:",
        '        class = "IntervalTier"',
        f"        name = {_quoted(name)}",
        "        xmin = 0",
        f"        xmax = {end:.3f}",
        f"        intervals: size = {len(intervals)}",
    ]
    for n, (start, stop, text) in enumerate(intervals, 1):
        lines += [f"        intervals [{n}]:", f"            xmin = {start:.3f}", f"            xmax = {stop:.3f}"]
        lines.append(f"            text = {_quoted(text)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
