"""A tree of categories as a project's setting `tree`: rows `[id, depth, name, name in isiZulu?]` in the order of a table of contents, the
shortest way to say 5,000 of them to a phone. Elsewhere its nodes are labels, each called by its path.

Ids come from the path, so that the same category keeps its id when a tree is typed again.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from labelling.task_types.errors import BadSetting

BETWEEN = " > "
MAX_DEPTH, MAX_NAME, MAX_NODES = 12, 80, 5000
_BEHIND = re.compile(r"\s\|\s")
_ARROW = re.compile(r"\s*[>›→]\s*")
Row = Sequence[Any]


# --- what others see of it ------------------------------------------------------------------------------------------
def nodes_of(config: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The nodes as labels: [{"id", "name": {"en": "Clothes > Shirts"}}]."""
    found: list[dict[str, Any]] = []
    above: list[str] = []
    tree = config.get("tree")
    for row in filter(_is_row, tree) if isinstance(tree, list) else ():
        above = [*above[: row[1]], row]
        found.append({"id": row[0], "name": {"en": BETWEEN.join(one[2] for one in above)} | _translated(above)})
    return found


def _translated(path: Sequence[Row]) -> dict[str, str]:
    return {"zu": BETWEEN.join(name_of(row, "zu") for row in path)} if any(len(row) > 3 for row in path) else {}


def name_of(row: Row, language: str) -> str:
    return row[3] if language == "zu" and len(row) > 3 else row[2]


def parents_of(tree: Sequence[Row]) -> dict[str, str | None]:
    above: list[str] = []
    found: dict[str, str | None] = {}
    for node, depth, *_names in tree:
        found[node] = above[depth - 1] if depth else None
        above = [*above[:depth], node]
    return found


def path_to(node: str, parents: Mapping[str, str | None]) -> list[str]:
    """From the top down to the node, which is in it."""
    path = [node]
    while (above := parents[path[0]]) is not None:
        path.insert(0, above)
    return path


# --- typed --------------------------------------------------------------------------------------------------------------
def read_tree(text: str) -> list[list[Any]]:
    """An indented list, or a path a line whose parts stand between > or, without any indent or >, commas. BadSetting for what is none."""
    lines = [line.expandtabs(4).rstrip() for line in text.splitlines() if line.strip()]
    if len(lines) > MAX_NODES:
        raise BadSetting("A tree may hold {most} lines; this has {lines}.", "tree", most=MAX_NODES, lines=len(lines))
    if any(_ARROW.search(_own(line)) for line in lines):
        return _of_paths([_ARROW.split(_own(line).strip()) for line in lines], lines)
    if not any(line[0] == " " for line in lines) and any("," in _own(line) for line in lines):
        return _of_paths([[part.strip() for part in _own(line).split(",")] for line in lines], lines)
    return with_ids(list(_of_indents(lines)))


def write_tree(tree: Sequence[Row]) -> str:
    return "\n".join("  " * row[1] + " | ".join(row[2:]) for row in tree)


def _own(line: str) -> str:
    return _BEHIND.split(line)[0]


def _names(line: str) -> list[str]:
    return [part.strip() for part in _BEHIND.split(line.strip())][:2]


def _of_indents(lines: list[str]) -> Iterator[list[Any]]:
    indents: list[int] = []
    for line in lines:
        indent = len(line) - len(line.lstrip())
        indents = [one for one in indents if one < indent]
        if indent and not indents:
            raise BadSetting(
                "{line} stands under nothing: begin with a category that is not indented.",
                "tree",
                line=line.strip()[:60],
            )
        yield [None, len(indents), *_names(line)]
        indents.append(indent)


def _of_paths(paths: list[list[str]], lines: list[str]) -> list[list[Any]]:
    """Each part of a path is a node, once; what is above another and has no line of its own is called as it stands in the paths."""
    children: dict[tuple[str, ...], dict[str, None]] = {}
    translated = {}
    for path, line in zip(paths, lines, strict=True):
        whole = tuple(part for part in path if part)[
            : MAX_DEPTH + 1
        ]  # deeper than may be is refused, whatever comes below it
        for depth, name in enumerate(whole):
            children.setdefault(whole[:depth], {})[name] = None
        translated[whole] = _ARROW.split(_BEHIND.split(line)[1].strip())[-1:] if _BEHIND.search(line) else []

    def rows(above: tuple[str, ...]) -> Iterator[list[Any]]:
        for name in children.get(above, {}):
            yield [None, len(above), name, *translated.get((*above, name), [])]
            if len(above) < MAX_DEPTH:
                yield from rows((*above, name))

    return with_ids(list(rows(())))


def with_ids(rows: Sequence[Row]) -> list[list[Any]]:
    above: list[str] = []
    found = []
    for _id, depth, *names in rows:
        above = [*above[:depth], names[0].casefold()]
        seen = hashlib.sha256("\0".join(above).encode()).digest()[:5]
        found.append([base64.b32encode(seen).decode().lower(), depth, *names])
    return found


# --- checked ----------------------------------------------------------------------------------------------------------
def check_tree(tree: Sequence[Row]) -> None:
    """BadSetting, which names the row."""
    before, seen = -1, set()
    siblings: list[set[str]] = [set()]
    for place, row in enumerate(tree):
        if not _is_row(row):
            raise BadSetting(
                "{field} must be an id, a depth from 0 and a name, for example {example}.",
                f"tree[{place}]",
                field=f"config.tree[{place}]",
                example='["shirts", 1, "Shirts"]',
            )
        node, depth, name = row[0], row[1], row[2].casefold()
        siblings = [*siblings[: depth + 1], set()]
        if depth > before + 1 or depth >= MAX_DEPTH or node in seen or name in siblings[depth]:
            raise BadSetting(
                "{field}, {name}: stands there twice, or below nothing, or deeper than {most}.",
                f"tree[{place}]",
                field=f"config.tree[{place}]",
                name=row[2],
                most=MAX_DEPTH,
            )
        seen.add(node)
        siblings[depth].add(name)
        before = depth


def _is_row(row: Any) -> bool:
    if not isinstance(row, list) or not 3 <= len(row) <= 4:
        return False
    words = all(isinstance(one, str) and 0 < len(one.strip()) <= MAX_NAME for one in (row[0], *row[2:]))
    return words and isinstance(row[1], int) and not isinstance(row[1], bool) and row[1] >= 0
