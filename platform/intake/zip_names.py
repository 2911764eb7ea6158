"""Names in a zip that does not say how they are written: read in the one encoding in which all of them look like words.

Only names that are marked as UTF-8 say so. Windows in China, Japan and Korea writes its own code page, DOS wrote code page 437, many
programs write UTF-8 without the mark. What was chosen is told, for it is a judgement.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence

UTF8_MARK = 0x800
_UNICODE_PATH = 0x7075  # Info-ZIP's extra field
SPOKEN = {"utf-8": "UTF-8", "cp932": "Shift-JIS", "gb18030": "GBK", "cp437": "code page 437"}
_LATIN = frozenset("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜáíóúñÑßªº¿¡")
_BESIDE_A_LETTER = 0.3  # no word changes from one script to the other and back


def read_names(infos: Sequence[zipfile.ZipInfo]) -> tuple[list[str], str]:
    """The names, in order, and how those were read that do not say it: "" where all say it or are plain ASCII."""
    unsaid = [info for info in infos if not info.flag_bits & UTF8_MARK and not info.orig_filename.isascii()]
    raw = [info.orig_filename.encode("cp437") for info in unsaid]
    encoding = best_encoding(raw) if raw else "ascii"
    names = {id(info): name.decode(encoding) for info, name in zip(unsaid, raw, strict=True)}
    return [_unicode_path(info) or names.get(id(info), info.filename) for info in infos], SPOKEN.get(encoding, "")


def _unicode_path(info: zipfile.ZipInfo) -> str:
    extra = info.extra
    while len(extra) >= 4:
        kind, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        if kind == _UNICODE_PATH and size > 5:
            return extra[9 : 4 + size].decode("utf-8", "replace")
        extra = extra[4 + size :]
    return ""


def best_encoding(names: Sequence[bytes]) -> str:
    """UTF-8 where all of it is that, which no other text is by chance; else what looks most like words."""
    scores: dict[str, float] = {}
    for encoding in SPOKEN:
        try:
            texts = [name.decode(encoding) for name in names]
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8":
            return encoding
        scores[encoding] = likeness(texts, encoding)
    return max(scores, key=lambda encoding: scores[encoding])


def likeness(texts: Sequence[str], encoding: str) -> float:
    """How much the letters beyond ASCII look like words of that encoding's languages, 0 to about 1."""
    weights = [_weight(text, at, encoding) for text in texts for at, sign in enumerate(text) if not sign.isascii()]
    return sum(weights) / len(weights) if weights else 0.0


def _weight(text: str, at: int, encoding: str) -> float:
    sign = text[at]
    if encoding == "cp437":
        return 0.9 if sign in _LATIN else 0.0
    around = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
    beside = any(one.isascii() and one.isalpha() for one in around)
    return _common(sign, encoding) * (_BESIDE_A_LETTER if beside else 1.0)


def _common(sign: str, encoding: str) -> float:
    """Common characters lie in the first level of their standard, rare ones in the second."""
    if "\u3040" <= sign <= "\u30ff":  # kana, which no other language mixes with its characters
        return 1.1 if encoding == "cp932" else 0.3
    lead = sign.encode(encoding)[0]
    if len(sign.encode(encoding)) == 1:  # half-width kana: what other encodings look like in this one
        return 0.1
    first_level = (
        0x88 <= lead <= 0x97 if encoding == "cp932" else 0xB0 <= lead <= 0xD7 and sign.encode(encoding)[1] >= 0xA1
    )
    return 1.0 if first_level else 0.3
