class SmsError(Exception):
    """The message was not taken for delivery."""


class SmsBackend:
    """One way to send a text message. `phone` is E.164."""

    def send(self, phone: str, text: str) -> None:
        raise NotImplementedError
