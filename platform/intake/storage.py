"""Files of ours on the local disk: a file is there whole or not at all, also when the disk is full or we are killed."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress

from django.core.files.storage import FileSystemStorage

PARTS = "parts"  # what is being written, in one folder of its own: what a killed process left there is easily found
PART_S = 86_400


class WholeFiles(FileSystemStorage):
    """Written in another folder of the same disk, and put in its place at once when it is whole."""

    def _save(self, name, content):
        part = f"{PARTS}/{secrets.token_hex(16)}"
        try:
            super()._save(part, content)
            os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
            return self._put(part, name)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(self.path(part))

    def _put(self, part: str, name: str) -> str:
        """An empty file holds the name, for whoever wants the same one in the same moment."""
        try:
            os.close(os.open(self.path(name), os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            return self._put(part, self.get_available_name(name))
        os.replace(self.path(part), self.path(name))
        return name

    def sweep(self) -> int:
        """Removes what nobody has written to for a day: its process was killed."""
        gone = 0
        with suppress(FileNotFoundError), os.scandir(self.path(PARTS)) as parts:
            for part in parts:
                with suppress(FileNotFoundError):
                    if part.stat().st_mtime < time.time() - PART_S:
                        os.unlink(part.path)
                        gone += 1
        return gone
