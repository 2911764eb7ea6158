from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import NamedTuple

from labelling.formats.frozen import Frozen
from labelling.formats.zips import zipped

ASKS = ("prompt", "user")


class Judged(NamedTuple):
    query: str
    text: str
    score: int
    external_id: str


def write(frozen: Frozen) -> Iterator[bytes]:
    """A pass over the release for each file, so that memory does not grow with it."""
    files: dict[str, Callable[[Frozen], Iterator[str]]] = {
        "corpus.jsonl": _corpus,
        "queries.jsonl": _queries,
        "qrels/test.tsv": _qrels,
        "qrels.txt": _trec,
    }
    return zipped((name, (line.encode() for line in lines(frozen))) for name, lines in files.items())


def _judged(frozen: Frozen) -> Iterator[Judged]:
    """One that nobody has decided was not judged: it is left out."""
    for row in frozen.rows():
        if row["decision"] is None or (score := frozen.drawing(row).number) is None:
            continue
        texts = [(part["role"] in ASKS, part["text"]) for part in row.get("parts") or () if part.get("text")]
        query, text = ("\n\n".join(said for asks, said in texts if asks == wanted) for wanted in (True, False))
        if query and text:
            yield Judged(query, text, round(score), row["external_id"])


def _name(kind: str, said: str) -> str:
    return kind + hashlib.sha256(said.encode()).hexdigest()[:16]


def _line(said: dict) -> str:
    return json.dumps(said, ensure_ascii=False) + "\n"


def _corpus(frozen: Frozen) -> Iterator[str]:
    for one in _judged(frozen):
        yield _line({"_id": _name("d", one.text), "title": "", "text": one.text, "metadata": {"id": one.external_id}})


def _queries(frozen: Frozen) -> Iterator[str]:
    """Of items that follow each other with the same query once."""
    before = None
    for one in _judged(frozen):
        if one.query != before:
            yield _line({"_id": _name("q", one.query), "text": one.query})
        before = one.query


def _qrels(frozen: Frozen) -> Iterator[str]:
    yield "query-id\tcorpus-id\tscore\n"
    for one in _judged(frozen):
        yield f"{_name('q', one.query)}\t{_name('d', one.text)}\t{one.score}\n"


def _trec(frozen: Frozen) -> Iterator[str]:
    for one in _judged(frozen):
        yield f"{_name('q', one.query)} 0 {_name('d', one.text)} {one.score}\n"
