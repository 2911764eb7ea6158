"""One question to a judge: out through the guard of our own network, again where the address is busy, back as a value of the project."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import default_storage

from intake import remote
from intake.errors import Unsafe
from kernel.texts import is_document
from labelling import task_types
from labelling.models import Item
from labelling.task_types.errors import BadAnswer
from labelling.task_types.parts import arranged, words_of
from labelling.task_types.questions import question_of_item
from ml_assist.judges.models import Judge, JudgeVersion
from ml_assist.judges.protocols import protocol_named
from ml_assist.judges.protocols.base import Answered, Asked, NoAnswer, Request, Where, value_of

WITHIN_S, TRIES, PAUSES_S = 60, 3, (1, 3)
MOST_BYTES = 256 * 1024
BUSY = (408, 425, 429, 500, 502, 503, 504)
PICTURE = "640"
MAX_SAID = 2_000  # characters of an answer that is none, for whoever looks why


class Away(Exception):
    """No answer was to be had; the message says why, and nothing of the key."""


class CannotBeAsked(Exception):
    """The item holds what this judge cannot be shown."""


@dataclass(frozen=True)
class Said:
    """value: None where it was no answer, `raw` then holds its beginning."""

    value: dict | None
    raw: str
    served_by: str
    took_ms: int


def ask_about(
    judge: Judge, version: JudgeVersion, item: Item, *, turned: bool = False, sleep: Callable = time.sleep
) -> Said:
    """`item` with its project and media. turned: the parts that are compared in the other order. Raises Away, and CannotBeAsked."""
    protocol = protocol_named(judge.protocol)
    question = question_of_item(item) | {"task_type": item.project.task_type, "project": item.project_id}
    where = Where(judge.address, judge.model, judge.key, version.prompt)
    request = protocol.request(where, Asked(item.pk, content_of(item, question, turned)), question)
    began = time.monotonic()
    body = _sent(request, sleep)
    took_ms = round((time.monotonic() - began) * 1000)
    try:
        answered = protocol.read(body, question)
        return Said(_value(answered, item, question), "", answered.served_by, took_ms)
    except NoAnswer as none:
        return Said(None, _keepable(str(none)), "", took_ms)


def _value(answered: Answered, item: Item, question: dict) -> dict:
    value = value_of(answered.value, item.project.config)
    if not is_document(value):
        raise NoAnswer(answered.value)
    try:
        return task_types.get(item.project.task_type).parse(value, question)
    except BadAnswer:
        raise NoAnswer(answered.value) from None


def content_of(item: Item, question: dict, turned: bool = False) -> list[tuple[str, str, Any]]:
    """(role, kind, what) of each part, in words or as a picture of our own making."""
    asked = task_types.get(question["task_type"]).asked
    parts = question["parts"]
    if turned and asked is not None:
        parts = arranged(parts, asked.among(parts)[::-1])
    many = len(parts) > 1
    return [_piece(item, part, f"{part['role']} {part['id']}" if many else "") for part in parts]


def _piece(item: Item, part: dict, role: str) -> tuple[str, str, Any]:
    if words := words_of(part):
        return role, "text", words
    media = item.media or _media_of_part(item, part["id"])
    if media is None or PICTURE not in media.variants or media.kind != "image":
        raise CannotBeAsked(part["kind"])
    with default_storage.open(media.variants[PICTURE]["name"], "rb") as file:
        return role, "image", ("image/webp", file.read())


def _media_of_part(item: Item, part: str) -> Any:
    found = item.part_media.filter(part=part).select_related("media").first()
    return found.media if found else None


def _sent(request: Request, sleep: Callable) -> bytes:
    """The body of a 200, after TRIES at most."""
    for tried in range(1, TRIES + 1):
        status, why, after = 0, "", None
        try:
            reply = remote.ask(
                request.url,
                request.headers,
                request.body,
                within_s=WITHIN_S,
                most_bytes=MOST_BYTES,
                trusted=settings.JUDGE_HOSTS,
            )
            status, after = reply.status, reply.retry_after
            if status == 200:
                return reply.body
        except Unsafe as unsafe:
            raise Away(unsafe.message) from None
        except (OSError, http.client.HTTPException) as failed:
            why = f"{type(failed).__name__}"
        if tried == TRIES or not (status in BUSY or why):
            raise Away(
                f"The address answers with status {status}." if status else f"The address does not answer ({why})."
            )
        sleep(min(after if after is not None else PAUSES_S[tried - 1], 10))
    raise AssertionError  # the loop returns or raises


def travels_openly(address: str) -> bool:
    """Whether what is sent there can be read on the way: not over https, nor to a host that the operator vouches for."""
    parts = urlsplit(address) if "[" not in address else None
    if parts is None or parts.scheme != "http":
        return False  # what is no address at all is refused as that
    return parts.netloc.lower() not in settings.JUDGE_HOSTS


def _keepable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\x00", "")[:MAX_SAID]
