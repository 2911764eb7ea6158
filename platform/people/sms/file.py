"""For the demo and the tests: each message is a line in DATA_DIR/sms/<phone>.txt."""

import os

from django.conf import settings

from people.sms.base import SmsBackend


class FileBackend(SmsBackend):
    def send(self, phone: str, text: str) -> None:
        folder = settings.DATA_DIR / "sms"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        line = f"{text}\n".encode()
        handle = os.open(folder / f"{phone.lstrip('+')}.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, line)
        finally:
            os.close(handle)
