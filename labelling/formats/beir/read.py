"""BEIR in: an item a judgement, which is its query, its text, and how well the one answers the other. Judgements are those of the files
under qrels/; where there are none, those of a file that TREC's programs read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from labelling.formats import jsonl
from labelling.formats.encodings import NOT_UTF8, bounded_lines, is_clean, open_text
from labelling.formats.on_disk import OnDisk, on_disk
from labelling.formats.own import DECISION
from labelling.formats.rows import ROW_BYTES, Refused, Row
from labelling.formats.stated import Statements
from labelling.task_types.drawing import Drawing

ENDINGS = frozenset({"jsonl", "tsv", "txt", "qrels"})
CORPUS, QUERIES = "corpus.jsonl", "queries.jsonl"
_TREC = re.compile(r"\S+\s+(0|Q0)\s+\S+\s+-?\d+\s*\Z")
_SCORE = re.compile(r"-?\d{1,9}(\.\d{1,9})?\Z")


def among(starts: Mapping[str, str]) -> Collection[str]:
    texts = [name for name in starts if _last(name) in (CORPUS, QUERIES)]
    judged = [name for name, start in starts.items() if name not in texts and (_is_tsv(start) or _is_trec(start))]
    return [*texts, *judged] if sorted(map(_last, texts)) == [CORPUS, QUERIES] and judged else []


def _last(name: str) -> str:
    return PurePosixPath(name.lower()).name


def _is_tsv(start: str) -> bool:
    return start.lstrip().partition("\n")[0].strip().split("\t") == ["query-id", "corpus-id", "score"]


def _is_trec(start: str) -> bool:
    lines = [line for line in start.splitlines() if line.strip()]
    return bool(lines) and _TREC.match(lines[0]) is not None


def read(files: Mapping[str, Path], others: Collection[str]) -> Iterator[Row | Refused]:
    with on_disk() as texts:
        kept = [(name, path) for name, path in files.items() if _last(name) in (CORPUS, QUERIES)]
        told = [refused for name, path in kept for refused in _keep(texts, name, path)]
        for number, refused in enumerate(told, 1):
            refused.number = number
            yield refused
        for number, (place, said) in enumerate(_judgements(files), len(told) + 1):
            yield _row(number, place, said, texts)


def _keep(texts: OnDisk, name: str, path: Path) -> list[Refused]:
    """Of lines that say nothing the first hundred are told."""
    told: list[Refused] = []

    def said() -> Iterator[tuple[str, Any]]:
        for row in jsonl.read(path):
            if isinstance(row, Row) and (kept := _text_of(row.cells)):
                yield f"{_last(name)} {kept[0]}", kept[1]
            elif len(told) < 100:
                why = row.reason if isinstance(row, Refused) else "The line has no _id and text."
                told.append(Refused(0, f"{name[:200]}, {row.place}", "row", why))

    texts.keep(said())
    return told


def _text_of(cells: Mapping[str, Any]) -> tuple[str, str] | None:
    """Its name, and what it says: a title stands above it."""
    key, text, title = (cells.get(name) for name in ("_id", "text", "title"))
    if not isinstance(key, str | int) or not isinstance(text, str):
        return None
    return str(key), "\n\n".join(filter(None, (title if isinstance(title, str) else "", text)))


def _judgements(files: Mapping[str, Path]) -> Iterator[tuple[str, list[str]]]:
    """(place, query, text and score) of each; the same judgements in TREC's words are not read a second time."""
    tables = [(name, path) for name, path in files.items() if _last(name) not in (CORPUS, QUERIES)]
    marked = [(name, path, "\t") for name, path in tables if _last(name).endswith(".tsv")]
    for name, path, parting in marked or [(name, path, "") for name, path in tables]:
        with open_text(path, newline=None) as file:
            for place, line in enumerate(bounded_lines(file, ROW_BYTES), 1):
                cells = line.rstrip("\n").split("\t") if parting else line.split()
                if line.strip() and not (parting and place == 1):
                    yield f"{name[:200]}, line {place}", cells if parting or len(cells) != 4 else [cells[0], *cells[2:]]


def _row(number: int, place: str, said: list[str], texts: OnDisk) -> Row | Refused:
    if not all(map(is_clean, said)):
        return Refused(number, place, "row", NOT_UTF8)
    if len(said) != 3 or not _SCORE.match(said[2].strip()):
        return Refused(number, place, "row", "A judgement is a query, a text and a number.")
    query, text, score = (one.strip() for one in said)
    asked, answers = texts.get(f"{QUERIES} {query}"), texts.get(f"{CORPUS} {text}")
    if asked is None or answers is None:
        missing, where = (query, QUERIES) if asked is None else (text, CORPUS)
        return Refused(number, place, "parts", f"There is nothing named {missing[:80]} in {where}.")
    parts = [{"id": "query", "role": "prompt", "text": asked}, {"id": "text", "role": "candidate", "text": answers}]
    stated = Statements((("score", Drawing(number=float(score))),))
    cells = {"id": f"{query} {text}"[:200], "parts": parts, DECISION: stated}
    return Row(number, place, cells | {"metadata": {"query_id": query, "corpus_id": text}})
