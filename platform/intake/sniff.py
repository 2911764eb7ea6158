"""What a file is by its first bytes. Its name and the type that the sender claims are never believed."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from intake import limits
from intake.errors import Unsafe

HEAD_BYTES = 4096
A_DOCUMENT = (
    "This is a PDF: its pages are labelled in a project on items of several parts. Here, send them as pictures."
)


@dataclass(frozen=True)
class Sniffed:
    kind: str  # image, audio, video; zip, text for what is a container of rows; pages for a document
    content_type: str
    decoder: str  # the name of the only parser that gets to see it


_PREFIXES = (
    (b"\xff\xd8\xff", Sniffed("image", "image/jpeg", "JPEG")),
    (b"\x89PNG\r\n\x1a\n", Sniffed("image", "image/png", "PNG")),
    (b"GIF87a", Sniffed("image", "image/gif", "GIF")),
    (b"GIF89a", Sniffed("image", "image/gif", "GIF")),
    (b"II*\x00", Sniffed("image", "image/tiff", "TIFF")),
    (b"MM\x00*", Sniffed("image", "image/tiff", "TIFF")),
    (b"BM", Sniffed("image", "image/bmp", "BMP")),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", Sniffed("image", "image/jp2", "JPEG2000")),
    (b"\xff\x4f\xff\x51", Sniffed("image", "image/jp2", "JPEG2000")),  # without its container
    (b"OggS", Sniffed("audio", "audio/ogg", "ogg")),
    (b"fLaC", Sniffed("audio", "audio/flac", "flac")),
    (b"ID3", Sniffed("audio", "audio/mpeg", "mp3")),
    (b"#!AMR-WB", Sniffed("audio", "audio/amr-wb", "amr")),
    (b"#!AMR", Sniffed("audio", "audio/amr", "amr")),
    (b"caff\x00\x01", Sniffed("audio", "audio/x-caf", "caf")),
    (b".snd\x00\x00", Sniffed("audio", "audio/basic", "au")),
    (b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb", Sniffed("audio", "audio/x-w64", "w64")),
    (b"wvpk", Sniffed("audio", "audio/x-wavpack", "wv")),
    (b"MAC ", Sniffed("audio", "audio/x-ape", "ape")),
    (b"TTA1", Sniffed("audio", "audio/x-tta", "tta")),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Sniffed("video", "video/x-ms-asf", "asf")),  # WMA, WMV
    (b"\x1aE\xdf\xa3", Sniffed("video", "video/webm", "matroska")),
    (b"%PDF", Sniffed("pages", "application/pdf", "pdf")),
    (b"PK\x03\x04", Sniffed("zip", "application/zip", "zip")),
    (b"PK\x05\x06", Sniffed("zip", "application/zip", "zip")),
)
_REFUSED = (
    (b"PAR1", "This is a Parquet file: send the table by itself, not as a picture, sound or clip."),
    (b"\xd0\xcf\x11\xe0", "This is an old office file (xls, doc): save its table as xlsx or CSV."),
    (b"MZ", "This is a program, not a picture, sound or table."),
    (b"\x7fELF", "This is a program, not a picture, sound or table."),
    (b"\x1f\x8b", "This is a gzip archive: unpack it, or send a zip."),
    (b"7z\xbc\xaf\x27\x1c", "This is a 7z archive: send a zip."),
    (b"Rar!", "This is a rar archive: send a zip."),
    (b"BZh", "This is a bzip2 archive: unpack it, or send a zip."),
    (b"\xfd7zXZ", "This is an xz archive: unpack it, or send a zip."),
)
_MARKUP = (b"<?xml", b"<svg", b"<!doctype", b"<html", b"<script", b"<!entity", b"<head", b"<body", b"<img")
_BYTES = {"image": limits.IMAGE_BYTES, "audio": limits.AUDIO_BYTES, "video": limits.VIDEO_BYTES}


def sniff(head: bytes) -> Sniffed:
    """The kind of file that starts with `head` (HEAD_BYTES of it, or all). Raises Unsafe for what is never taken."""
    if not head:
        raise Unsafe("file", "The file is empty.")
    for prefix, sentence in _REFUSED:
        if head.startswith(prefix):
            raise Unsafe("file", sentence)
    return _by_prefix(head) or _by_container(head) or _as_text(head)


def sniff_media(head: bytes, size_bytes: int) -> Sniffed:
    """The same for what must be a picture, a sound or a clip, with the size limit of its kind."""
    found = sniff(head)
    if found.kind == "zip":
        raise Unsafe("file", "This is a zip inside what was sent: unpack it, and send what is in it.")
    if found.kind == "pages":
        raise Unsafe("file", A_DOCUMENT)
    if found.kind not in _BYTES:
        raise Unsafe("file", "This is neither a picture nor a sound nor a clip in a format that is taken.")
    if size_bytes > _BYTES[found.kind]:
        raise Unsafe("file", f"The file is larger than {_BYTES[found.kind] // limits.MB} MB.")
    return found


def _by_prefix(head: bytes) -> Sniffed | None:
    return next((found for prefix, found in _PREFIXES if head.startswith(prefix)), None)


def _by_container(head: bytes) -> Sniffed | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Sniffed("image", "image/webp", "WEBP")
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        return Sniffed("audio", "audio/wav", "wav")
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return Sniffed("video", "video/x-msvideo", "avi")
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return Sniffed("audio", "audio/aiff", "aiff")
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:  # ADTS: layer 0
        return Sniffed("audio", "audio/aac", "aac")
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 in (2, 4):  # layer III or II
        return Sniffed("audio", "audio/mpeg", "mp3")
    return None


_AVIF = {b"avif", b"avis"}
_HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def _iso_media(head: bytes) -> Sniffed:
    """By the first brand; one that says no more than "a picture" is told by the others."""
    box_bytes = min(int.from_bytes(head[:4], "big"), len(head))
    brand, others = head[8:12], {head[at : at + 4] for at in range(16, box_bytes - 3, 4)}
    if brand in _AVIF or (brand in (b"mif1", b"msf1") and others & _AVIF):
        return Sniffed("image", "image/avif", "AVIF")
    if brand in _HEIF:
        return Sniffed("image", "image/heic", "HEIF")
    if brand in (b"M4A ", b"M4B "):
        return Sniffed("audio", "audio/mp4", "mov")
    return Sniffed("video", "video/mp4", "mov")


def _as_text(head: bytes) -> Sniffed:
    """Text, in any encoding that announces itself. Markup is refused: as a picture it would be a program."""
    unicode = head.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE))
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith(b"<") and any(mark in start for mark in _MARKUP):
        raise Unsafe(
            "file",
            "SVG, XML and HTML are never taken: a picture must be JPEG, PNG, WebP, GIF, TIFF, BMP, AVIF, HEIC or JPEG 2000.",
        )
    binary = sum(byte < 9 or 13 < byte < 32 for byte in head)
    if not unicode and binary * 20 > len(head) and not _wide_text(head):
        raise Unsafe("file", "The format of this file is not known.")
    return Sniffed("text", "text/plain", "text")


def _wide_text(head: bytes) -> bool:
    """UTF-16 without its mark: every other byte of the ASCII part is zero. The table reader says what to do."""
    return len(head) > 3 and (set(head[0:8:2]) == {0} or set(head[1:9:2]) == {0})
