"""Ready-made tasks: medium x type x instructions, one JSON file each. A new entry is a new file."""

import functools
import json
from pathlib import Path

MEDIA = ("image", "text", "audio", "video", "parts")


@functools.cache
def entries() -> tuple[dict, ...]:
    """Every entry, by medium and then by name. Keys: id, title, summary, task_type, medium, config, expects (of items of parts: the roles
    that each must have), warnings (what it may show that disturbs), instructions,
    examples (two tasks done well: value, why, and a text, a picture as SVG or parts), estimated_task_s,
    base_micro, bonus_micro, min_answers, max_answers, target_ppm."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in Path(__file__).parent.glob("*.json")]
    return tuple(sorted(found, key=lambda entry: (MEDIA.index(entry["medium"]), entry["title"]["en"])))


def entry(entry_id: str) -> dict | None:
    return next((entry for entry in entries() if entry["id"] == entry_id), None)
