"""Pictures drawn for the demo: fields with fruit on them, and single fruit. Seeded, so every demo is the same."""

from __future__ import annotations

import io
import math
import random

from PIL import Image, ImageDraw, ImageFilter

SCALE = 2  # drawn twice as large and made smaller: smooth edges
FRUIT = ("orange", "leaf", "plum")


def single_fruit(seed: int) -> tuple[bytes, str]:
    """One fruit on a plain cloth: (PNG bytes, which)."""
    rng = random.Random(seed)
    kind = FRUIT[seed % len(FRUIT)]
    image = _cloth(rng, 480, 360)
    _draw(image, kind, (240 + rng.randint(-60, 60), 180 + rng.randint(-40, 40)), rng.randint(60, 110), rng)
    return _finish(image, rng), kind


def orchard(seed: int) -> tuple[bytes, list[dict]]:
    """Several fruit: (PNG bytes, the true boxes in pixels)."""
    rng = random.Random(1000 + seed)
    image = _cloth(rng, 640, 480)
    boxes: list[dict] = []
    for _ in range(rng.randint(2, 5)):
        spot = _free_spot(rng, boxes)
        if spot is None:
            continue
        (x, y), radius = spot
        kind = rng.choice(FRUIT)
        left, top, right, bottom = _draw(image, kind, (x, y), radius, rng)
        boxes.append({"label": kind, "x": left, "y": top, "width": right - left, "height": bottom - top})
    return _finish(image, rng), boxes


def _free_spot(rng: random.Random, boxes: list[dict]) -> tuple[tuple[int, int], int] | None:
    for _ in range(40):
        radius, x, y = rng.randint(34, 70), rng.randint(90, 550), rng.randint(90, 390)
        if all(
            math.dist((x, y), (b["x"] + b["width"] / 2, b["y"] + b["height"] / 2)) > radius + b["width"] * 0.75
            for b in boxes
        ):
            return (x, y), radius
    return None


def _cloth(rng: random.Random, width: int, height: int) -> Image.Image:
    base = rng.choice([(236, 224, 200), (206, 219, 205), (222, 208, 214), (214, 222, 232)])
    image = Image.new("RGB", (width * SCALE, height * SCALE), base)
    draw = ImageDraw.Draw(image)
    shade = tuple(c - 9 for c in base)
    for x in range(0, width * SCALE, 44):
        draw.line([(x, 0), (x + rng.randint(-30, 30), height * SCALE)], fill=shade, width=6)
    return image


def _draw(
    image: Image.Image, kind: str, centre: tuple[int, int], radius: int, rng: random.Random
) -> tuple[int, int, int, int]:
    """Draw one fruit; returns its box (left, top, right, bottom) in pixels of the finished picture."""
    draw = ImageDraw.Draw(image)
    x, y, r = centre[0] * SCALE, centre[1] * SCALE, radius * SCALE
    draw.ellipse([x - r * 0.9, y + r * 0.55, x + r * 1.05, y + r * 1.02], fill=(120, 105, 90))
    if kind == "leaf":
        return _leaf(draw, x, y, r, rng)
    tall = 1.0 if kind == "orange" else 1.12
    colour = (226, 128, 32) if kind == "orange" else (96, 52, 112)
    box = [x - r, y - r * tall, x + r, y + r * tall]
    draw.ellipse(box, fill=colour)
    light = tuple(min(255, c + 60) for c in colour)
    draw.ellipse([x - r * 0.55, y - r * 0.65, x - r * 0.1, y - r * 0.2], fill=light)
    left, top, right, bottom = (round(v / SCALE) for v in box)
    return left, top, right, bottom


def _leaf(draw: ImageDraw.ImageDraw, x: float, y: float, r: float, rng: random.Random) -> tuple[int, int, int, int]:
    turn = rng.uniform(0, math.pi)
    outline = []
    for step in range(60):
        t = step / 60 * 2 * math.pi
        u, v = r * math.cos(t), 0.45 * r * math.sin(t) * abs(math.cos(t / 2 - math.pi / 4)) ** 0.3
        outline.append((x + u * math.cos(turn) - v * math.sin(turn), y + u * math.sin(turn) + v * math.cos(turn)))
    draw.polygon(outline, fill=(66, 122, 62))
    draw.line([outline[0], outline[30]], fill=(38, 84, 40), width=6)
    xs, ys = [p[0] for p in outline], [p[1] for p in outline]
    return tuple(round(v / SCALE) for v in (min(xs), min(ys), max(xs), max(ys)))


def _finish(image: Image.Image, rng: random.Random) -> bytes:
    small = image.resize((image.width // SCALE, image.height // SCALE), Image.Resampling.LANCZOS)
    small = small.filter(ImageFilter.GaussianBlur(rng.choice([0, 0, 0.8])))
    out = io.BytesIO()
    small.save(out, "PNG")
    return out.getvalue()
