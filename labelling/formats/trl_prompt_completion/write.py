from __future__ import annotations

from collections.abc import Iterator

from labelling.formats.frozen import Frozen
from labelling.formats.trl import answer_of, asked_of, line_of


def write(frozen: Frozen) -> Iterator[bytes]:
    """Items that nobody has decided have no completion, and those that ask nothing in words no prompt: they are left out."""
    for row in frozen.rows():
        words = frozen.drawing(row).words if row["decision"] is not None else None
        prompt, is_chat = asked_of(row.get("parts") or [{"role": "prompt", "text": row["text"] or ""}])
        if words and prompt:
            yield line_of(row, {"prompt": prompt, "completion": answer_of(words, is_chat)})
