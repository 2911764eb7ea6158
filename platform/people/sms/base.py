from abc import ABC, abstractmethod


class SmsError(Exception):
    """The message was not taken for delivery."""


class SmsBackend(ABC):
    """One way to send a text message."""

    @abstractmethod
    def send(self, phone: str, text: str) -> None:
        """phone is E.164. Raises SmsError."""
