"""The pages of a document, each as a picture of its own and the text that it holds."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from intake import limits
from intake.errors import Unsafe
from intake.sandbox import sandbox
from intake.sniff import HEAD_BYTES, sniff

KIND, PDF = "pages", "pdf"
_MAY_BE_MANY = ("TIFF", "GIF", "WEBP")  # of these formats a file may hold several pictures
_OF_PICTURES = "pages:"  # as intake.decoders.pages calls them, which is loaded where files are opened and nowhere else


@dataclass(frozen=True)
class Page:
    path: Path  # a picture
    text: str  # "" where there is none, as on a scan


@contextmanager
def pages_of(path: Path, *, of_pictures: bool) -> Iterator[tuple[list[Page], list[str]]]:
    """The pages of the document in `path`, in files that are there meanwhile, and notes on it; no pages where it is one picture, a
    sound or anything else. of_pictures: those of a TIFF or an animation are pages, too. Raises Unsafe."""
    decoder = _decoder_of(path, of_pictures)
    with tempfile.TemporaryDirectory(prefix="ilima-pages-") as folder:
        yield _pages(path, decoder, Path(folder)) if decoder else ([], [])


def _decoder_of(path: Path, of_pictures: bool) -> str:
    with path.open("rb") as file:
        found = sniff(file.read(HEAD_BYTES))
    if found.decoder != PDF and not (of_pictures and found.decoder in _MAY_BE_MANY):
        return ""
    if path.stat().st_size > limits.IMAGE_BYTES:
        raise Unsafe("file", f"The file is larger than {limits.IMAGE_BYTES // limits.MB} MB.")
    return PDF if found.decoder == PDF else _OF_PICTURES + found.decoder


def _pages(path: Path, decoder: str, folder: Path) -> tuple[list[Page], list[str]]:
    made = sandbox.decode(path, KIND, decoder, folder)
    texts = json.loads((folder / made["variants"].pop("texts")["file"]).read_text())
    in_order = sorted(made["variants"].items(), key=lambda one: int(one[0]))
    if len(texts) != len(in_order) or not all(isinstance(text, str) for text in texts):
        raise Unsafe("file", "The file could not be opened.")
    return [Page(folder / one["file"], text) for (_, one), text in zip(in_order, texts, strict=True)], made["notes"]
