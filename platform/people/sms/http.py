"""Any gateway that takes a JSON POST: {"to", "from", "text"} with a bearer token."""

import json
import urllib.error
import urllib.request

from django.conf import settings

from people.sms.base import SmsBackend, SmsError

TIMEOUT_S = 10


class HttpBackend(SmsBackend):
    def send(self, phone: str, text: str) -> None:
        body = json.dumps({"to": phone, "from": settings.SMS_SENDER, "text": text}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.SMS_TOKEN}"}
        request = urllib.request.Request(settings.SMS_URL, data=body, headers=headers, method="POST")  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S):  # noqa: S310
                return
        except (urllib.error.URLError, TimeoutError) as refused:
            raise SmsError(f"The text message gateway did not take the message: {refused}") from refused
