"""A file that is one JSON object around a list of what it speaks of: read at once, so its size is bounded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from labelling.formats.rows import BadTable
from people.strict_json import check_depth

READ_BYTES = 64 * 1024 * 1024


def read_around(path: Path, named: str, what: str) -> tuple[dict[str, Any], list[Any]]:
    """The object, and its list of that name; `what` such a file is called in a refusal (BadTable)."""
    if path.stat().st_size > READ_BYTES:
        raise BadTable(f"The {what} file is larger than {READ_BYTES // 2**20} MB: split it.")
    try:
        content = path.read_bytes()
        text = content.decode(json.detect_encoding(content), "surrogatepass")
        check_depth(text)
        whole = json.loads(text)
    except ValueError as broken:
        raise BadTable(f"This is no {what} file: {str(broken).split(':')[0]}.") from broken
    held = whole.get(named) if isinstance(whole, dict) else None
    if not isinstance(held, list):
        raise BadTable(f"This is no {what} file: it has no list named {named}.")
    return whole, held
