"""Makes what helps beside a picture, as the aids.py of a task type does."""

import json


def make(picture, size, out):
    seen = {"size": size, "read": picture.size, "corner": picture.region((0, 0, 1, 1)).getpixel((0, 0))}
    (out / "kind.seen.json").write_text(json.dumps(seen))
    (out / "kind.pixel.webp").write_bytes(b"RIFF")
