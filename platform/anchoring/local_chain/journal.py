"""The blocks of the local chain on disk: one JSON line each, enough to execute them again and get the same hashes."""

import json
import os
from pathlib import Path


class Journal:
    """Append-only but for `keep`, which a re-org calls. `path` None keeps nothing."""

    def __init__(self, path: Path | None):
        self.path = path
        self.blocks: list[dict] = self._read()

    def append(self, block: dict) -> None:
        self.blocks.append(block)
        if self.path:
            with self.path.open("a") as out:
                out.write(json.dumps(block) + "\n")
                out.flush()
                os.fsync(out.fileno())

    def keep(self, count: int) -> list[dict]:
        """Forget all blocks but the first `count`; returns what was forgotten."""
        forgotten = self.blocks[count:]
        del self.blocks[count:]
        self._rewrite()
        return forgotten

    def _read(self) -> list[dict]:
        if not self.path or not self.path.exists():
            return []
        whole, _, torn = self.path.read_text().rpartition("\n")
        blocks = [json.loads(line) for line in whole.splitlines()]
        if torn:  # killed in the middle of a line: that block was never answered for
            self.blocks = blocks
            self._rewrite()
        return blocks

    def _rewrite(self) -> None:
        if not self.path:
            return
        fresh = self.path.with_suffix(".new")
        with fresh.open("w") as out:
            out.writelines(json.dumps(block) + "\n" for block in self.blocks)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self.path)
