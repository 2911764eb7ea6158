"""Files of ours on the local disk: a file is there whole or not at all, also when the disk is full or we are killed."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress

from django.core.files.storage import FileSystemStorage

PART = ".part"


class WholeFiles(FileSystemStorage):
    """Written beside its place, and put there at once when it is whole."""

    def _save(self, name, content):
        part = f"{name}.{secrets.token_hex(8)}{PART}"
        try:
            super()._save(part, content)
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
