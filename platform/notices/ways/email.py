"""A letter. Its headers let a mailbox offer to stop it with one tap (RFC 8058)."""

from __future__ import annotations

from smtplib import SMTPException

from notices.ways.base import NotNow, NoWay, Told
from people.telling import Message, write_letter

NOTICE = Message("A notice that you chose", "{what}\n{link}\n\nTo stop these notices: {stop}")


def send(told: Told) -> None:
    person = told.choice.person
    if not person.email:
        raise NoWay
    headers = {"List-Unsubscribe": f"<{told.stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    try:
        write_letter(person, NOTICE, headers, what=told.words, link=told.opens, stop=told.stop)
    except (OSError, SMTPException) as failed:
        raise NotNow(f"{type(failed).__name__}: {failed}") from failed
