"""Good and hostile files, made here: nothing is read from a disk."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import soundfile
from PIL import Image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GPS_IFD = 0x8825


def quadrants(size: tuple[int, int] = (200, 100)) -> Image.Image:
    """Top left red, top right green, bottom left blue, bottom right white: every turn and flip can be told."""
    width, height = size
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, width // 2, height // 2))
    image.paste("green", (width // 2, 0, width, height // 2))
    image.paste("blue", (0, height // 2, width // 2, height))
    return image


def saved(image: Image.Image, format: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


_UNDO = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def undone(image: Image.Image, orientation: int) -> Image.Image:
    """As a camera stores it that says by `orientation` how to turn it."""
    return image.transpose(_UNDO[orientation]) if orientation in _UNDO else image


def turned(orientation: int) -> bytes:
    """A JPEG whose EXIF says how to turn it so that it is `quadrants()` again, with a position and a comment in it."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "CANARY <script>alert(1)</script>"
    exif.get_ifd(GPS_IFD).update({1: "S", 2: (26.0, 12.0, 0.0), 3: "E", 4: (28.0, 2.0, 0.0)})
    return saved(undone(quadrants(), orientation), "JPEG", exif=exif, comment=b"CANARY", quality=95)


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of some bytes whose header claims any size."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def gif_of_frames(count: int) -> bytes:
    frames = [Image.new("L", (8, 8), number % 256) for number in range(count)]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


def tone(seconds: float = 1.0, rate_hz: int = 44_100, channels: int = 2, format: str = "WAV", **options) -> bytes:
    """Half a second of silence in proportion, then a tone at half loudness."""
    times = np.arange(int(seconds * rate_hz)) / rate_hz
    wave = np.where(times < seconds / 2, 0, 0.5 * np.sin(2 * np.pi * 440 * times))
    buffer = io.BytesIO()
    soundfile.write(buffer, np.stack([wave] * channels, axis=1), rate_hz, format=format, **options)
    return buffer.getvalue()


def wav_header(channels=1, rate_hz=16_000, bits=16, align=2, riff_bytes=36 + 8000, data_bytes=8000, tag=1) -> bytes:
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, tag, channels, rate_hz, 0, align, bits)
    data = struct.pack("<4sI", b"data", data_bytes)
    return struct.pack("<4sI4s", b"RIFF", riff_bytes, b"WAVE") + fmt + data + bytes(8000)


def pdf(*pages: str, size: tuple[int, int] = (200, 100), trailer: str = "") -> bytes:
    """A page for each text, in points, with a red square at its lower left."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(pages):
        drawn = f"1 0 0 rg 0 0 20 20 re f BT /F1 12 Tf 0 g 30 50 Td ({text}) Tj ET"
        resources = "/Resources << /Font << /F1 3 0 R >> >>"
        box = f"/MediaBox [0 0 {size[0]} {size[1]}]"
        objects.append(f"<< /Type /Page /Parent 2 0 R {box} /Contents {5 + 2 * number} 0 R {resources} >>")
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    return _pdf_of(objects, trailer)


def _pdf_of(objects: list[str], trailer: str) -> bytes:
    content, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{one}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{len(content)}\n%%EOF\n"
    return content + end.encode("latin-1")


LOCKED_PDF = pdf(
    "secret",
    trailer=f"/ID [<{'ab' * 16}> <{'ab' * 16}>] "
    f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{'11' * 32}> /U <{'22' * 32}> /P -4 >>",
)


def tiff_of_pages(*images: Image.Image) -> bytes:
    return saved(images[0], "TIFF", save_all=True, append_images=images[1:])
