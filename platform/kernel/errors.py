"""A refusal: one clear sentence, the field it is about, and nothing has changed."""

from collections.abc import Mapping
from typing import Any

from kernel.say import say


class DomainError(Exception):
    """Raised by verbs when what was asked cannot be done. The API and the console show the sentence as it is.

    The sentence is written once, in English with names in braces; `said` holds what stands for the names. It is put together when it
    is read, in the reader's language (kernel/say.py).
    """

    status = 400
    code = "invalid"

    def __init__(
        self,
        message: str,
        field: str = "",
        code: str | None = None,
        status: int | None = None,
        said: Mapping[str, Any] | None = None,
        **extra: Any,
    ):
        super().__init__(message)
        self.message = message
        self.said = dict(said or {})
        self.field = field
        self.code = code or self.code
        self.status = status or self.status
        self.extra = extra

    def __str__(self) -> str:
        return say(self.message, **self.said)


class NotFound(DomainError):
    """Absent, or somebody else's: the caller cannot tell which."""

    status = 404
    code = "not_found"

    def __init__(self) -> None:
        super().__init__("There is nothing here, or it is not yours.")


class Conflict(DomainError):
    status = 409
    code = "conflict"


class Forbidden(DomainError):
    """The person's role does not reach this door at all (as opposed to another's row, which is NotFound)."""

    status = 403
    code = "forbidden"


class TooFast(DomainError):
    """Come again in so many seconds; nothing is lost."""

    status = 429
    code = "too_many_requests"

    def __init__(self, message: str, retry_after_s: int):
        super().__init__(message, said={"seconds": retry_after_s})
        self.retry_after_s = retry_after_s
