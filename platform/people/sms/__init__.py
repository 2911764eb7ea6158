"""Text messages, by the backend that SMS_BACKEND names (as Django's mail backends)."""

from django.conf import settings
from django.utils.module_loading import import_string


def send_sms(phone: str, text: str) -> None:
    """Hand one message to the backend. Raises people.sms.base.SmsError when it was not taken."""
    import_string(settings.SMS_BACKEND)().send(phone, text)
