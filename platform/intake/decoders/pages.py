"""A document to the pictures of its pages and the text that each holds. Runs in the child of intake.zygote only.

A PDF is drawn by PDFium, without scripts and without the fonts of this machine: a page looks the same wherever it is drawn. Pages of a
TIFF and pictures of an animation are taken as they are. A page of few colours is kept without loss, any other as JPEG.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import sqrt
from pathlib import Path
from typing import cast

import pypdfium2 as pdfium
from PIL import Image, UnidentifiedImageError

from intake import limits
from intake.decoders.image import LONGEST_PX
from intake.decoders.upright import Upright, orientation
from intake.errors import Unsafe

PICTURES = "pages:"  # the decoder's name, before that of the format of pictures
DPI = 200  # a fax's "fine" (ITU-T T.4: 204 x 196 an inch): what small print was found readable at
POINTS = 72  # an inch of PDF (ISO 32000-1, 8.3.2.3)
FEW = 256
QUALITY = 92
TEXTS = "texts.json"
_LOCKED = "The PDF is locked with a password: save it without one."
_BROKEN = "The PDF is damaged or cut off, or it is none."
Page = tuple[Image.Image, str]


def decode(path: Path, decoder: str, out: Path) -> dict:
    """A file of one picture has no pages here: it is taken as a picture."""
    pictured = decoder.startswith(PICTURES)
    pages = _of_pictures(path, decoder.removeprefix(PICTURES)) if pictured else _of_pdf(path)
    variants, texts, left = {}, [], limits.PAGES_SIGNS
    for number, (picture, text) in enumerate(pages, 1):
        variants[str(number)] = _save(picture, number, out)
        texts.append(text[:left])
        left -= len(texts[-1])
    (out / TEXTS).write_text(json.dumps(texts))
    cut = [f"The text of the pages was kept up to {limits.PAGES_SIGNS:,} signs."] if left == 0 else []
    return {"kind": "pages", "variants": {**variants, "texts": {"file": TEXTS}}, "notes": cut}


def _check_count(count: int) -> None:
    if count > limits.PAGES:
        raise Unsafe("file", f"The file has {count:,} pages: at most {limits.PAGES} are taken. Split it.")


# --- PDF --------------------------------------------------------------------------------------------------------------
def _of_pdf(path: Path) -> Iterator[Page]:
    try:
        document = pdfium.PdfDocument(str(path))
    except pdfium.PdfiumError as failure:
        raise Unsafe("file", _LOCKED if "assword" in str(failure) else _BROKEN) from failure
    if not len(document):
        raise Unsafe("file", "The PDF has no pages.")
    _check_count(len(document))
    document.init_forms()  # or what was filled into a form is not drawn
    for number in range(len(document)):
        try:
            page = document[number]
            yield _drawn(page), _text(page)
            page.close()
        except pdfium.PdfiumError as failure:
            raise Unsafe("file", f"Page {number + 1} of the PDF cannot be drawn: it is damaged.") from failure


def _drawn(page: pdfium.PdfPage) -> Image.Image:
    """At 200 dots an inch, a large sheet with fewer."""
    width, height = (max(1.0, side) for side in page.get_size())
    most = min(sqrt(limits.PAGE_PIXELS / (width * height)), LONGEST_PX / max(width, height))
    return page.render(scale=min(DPI / POINTS, most)).to_pil().convert("RGB")


def _text(page: pdfium.PdfPage) -> str:
    """What a program wrote there, or read there before; a scan has none. Only what a database can hold."""
    textpage = page.get_textpage()
    said = textpage.get_text_range(0, min(textpage.count_chars(), limits.PAGE_SIGNS))
    textpage.close()
    lines = said.encode("utf-8", "ignore").decode().replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign == "\n" or sign.isprintable()).strip()


# --- many pictures in a file ------------------------------------------------------------------------------------------
def _of_pictures(path: Path, name: str) -> Iterator[Page]:
    try:
        image = Image.open(path, formats=[name])
    except UnidentifiedImageError:
        raise Unsafe("file", f"This {name} is damaged, or of a kind that cannot be opened here.") from None
    count = getattr(image, "n_frames", 1)
    _check_count(count)
    for number in range(count if count > 1 else 0):
        image.seek(number)
        _check_size(image, number + 1)
        image.load()
        yield Upright(image, orientation(image)).reduced(1), ""


def _check_size(image: Image.Image, number: int) -> None:
    width_px, height_px = image.size
    most = limits.IMAGE_PIXELS // 2  # beside its own copy, in the child's memory
    if width_px * height_px > most or max(image.size) > limits.IMAGE_SIDE_PX:
        said = f"Page {number} is {width_px} x {height_px} pixels"
        raise Unsafe("file", f"{said}: at most {most // 1_000_000} megapixels a page are taken.")


# --- kept -------------------------------------------------------------------------------------------------------------
def _save(picture: Image.Image, number: int, out: Path) -> dict:
    colours = picture.getcolors(FEW)
    if colours is None:
        name = f"{number}.jpg"
        picture.save(out / name, "JPEG", quality=QUALITY, subsampling=0)
    else:
        name = f"{number}.png"
        grey = all(len(set(cast(tuple[int, int, int], colour))) == 1 for _, colour in colours)
        (picture.convert("L") if grey else picture).save(out / name, "PNG")
    return {"file": name, "width": picture.width, "height": picture.height}
