"""Draw the app's icons: neighbours standing in a ring around the rising sun. `python worker_app/dev/draw_icons.py`."""

from math import cos, pi, sin
from pathlib import Path

from PIL import Image, ImageDraw

OUT = Path(__file__).resolve().parents[1] / "public" / "icons"
CLAY, SUN, NIGHT = "#b5482a", "#f2b441", "#fbf4e6"
OVERSAMPLE = 4


def draw(size_px: int, safe: float, corner: float) -> Image.Image:
    """One icon; `safe` is the drawing's share of the tile, `corner` the radius as a share of it."""
    side = size_px * OVERSAMPLE
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, side - 1, side - 1), radius=side * corner, fill=CLAY)
    centre, ring, head = side / 2, side * safe * 0.38, side * safe * 0.066
    sun = side * safe * 0.2
    pen.ellipse((centre - sun, centre - sun, centre + sun, centre + sun), fill=SUN)
    for k in range(9):
        angle = -pi / 2 + k * 2 * pi / 9
        x, y = centre + ring * cos(angle), centre + ring * sin(angle)
        pen.ellipse((x - head, y - head, x + head, y + head), fill=NIGHT)
    # Few colours: the icon is part of the first load.
    return image.resize((size_px, size_px), Image.Resampling.LANCZOS).quantize(32, Image.Quantize.FASTOCTREE)


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    draw(192, 0.95, 0.22).save(OUT / "icon-192.png", optimize=True)
    draw(512, 0.95, 0.22).save(OUT / "icon-512.png", optimize=True)
    draw(512, 0.75, 0.0).save(OUT / "maskable-512.png", optimize=True)
