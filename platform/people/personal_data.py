"""Every table that leads to a person: what she gets of it when she asks for her data, and what is left when she goes.

A table that is missing here fails tests/people/test_personal_data.py: whoever adds one decides both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, Field, Func, Value

from kernel.sql import pages
from people.models import Person

KEEP, DELETE = "keep", "delete"


@dataclass(frozen=True)
class Table:
    """`path` leads from a row to the person. `at_erasure` says what becomes of the rows, `why` why they stay.

    `exported`: false where she only did something and what the row tells is another's, or where she would learn what she may not know
    yet. `hidden`: fields that are never told. `once_answered`: fields of a lease that are told when nothing can be made of them any more.
    """

    model: str
    path: str
    at_erasure: str
    why: str = ""
    exported: bool = True
    hidden: frozenset[str] = frozenset()
    once_answered: frozenset[str] = frozenset()


DONE = "who did what is told by an empty person"
PSEUDONYM = "stands under the pseudonym, which nothing ties to a person any more"
TOLD = "what stands against her is told with the ban that follows from it, evidence and all, and with a hold of her pay"
# What would tell a known task from work before it is answered: known ones are of no batch, come last of a draw, and move no cursor.
WHICH = frozenset({"batch_item", "item", "repeats", "suggestion"})
PLACES = frozenset({"draw_place", "first_ticket", "again_ticket", "wrapped_at"})
BOOKS = "the books of a company are kept by law (GDPR 17(3)(b), POPIA s14(1)(a)); the number is sealed"

TABLES = (
    Table("account.EmailAddress", "user", DELETE),
    Table("mfa.Authenticator", "user", DELETE),
    Table("usersessions.UserSession", "user", DELETE),
    Table("people.ApiToken", "person", DELETE),
    Table("people.Membership", "person", DELETE),
    Table("people.Invitation", "invited_by", KEEP, DONE, exported=False),
    Table("people.Worker", "person", KEEP, PSEUDONYM),
    Table("people.AuditEntry", "actor", KEEP, DONE),
    Table("admin.LogEntry", "user", KEEP, DONE),
    Table("labelling.Upload", "created_by", KEEP, "belongs to the organisation"),
    Table("labelling.UploadSession", "created_by", KEEP, "belongs to the organisation"),
    Table("labelling.Release", "created_by", KEEP, "belongs to the organisation"),
    Table("labelling.Warranty", "created_by", KEEP, "belongs to the organisation"),
    Table("labelling.LabelPromise", "created_by", KEEP, "belongs to the organisation"),
    Table("ml_assist.Judge", "created_by", KEEP, "belongs to the organisation", hidden=frozenset({"key"})),
    Table("labelling.Estimate", "created_by", KEEP, "belongs to the organisation"),
    Table("labelling.Judgement", "by", KEEP, "belongs to the organisation"),
    Table("labelling.Assignment", "worker__person", KEEP, PSEUDONYM),
    Table("labelling.Ban", "worker__person", KEEP, PSEUDONYM),
    Table("labelling.Ban", "made_by", KEEP, DONE, exported=False),
    Table("labelling.Ban", "lifted_by", KEEP, DONE, exported=False),
    Table("labelling.Appeal", "ban__worker__person", DELETE),
    Table("labelling.Appeal", "against", KEEP, DONE, exported=False),
    Table("labelling.Appeal", "decided_by", KEEP, DONE, exported=False),
    Table("labelling.GoldAppeal", "worker__person", DELETE),
    Table("labelling.GoldAppeal", "decided_by", KEEP, DONE, exported=False),
    Table("labelling.GoldAppeal", "first_by", KEEP, DONE, exported=False),
    Table("labelling.PayHold", "worker__person", DELETE, hidden=frozenset({"kind"})),
    Table("labelling.PayHold", "ended_by", KEEP, DONE, exported=False),
    Table("labelling.Pace", "worker__person", DELETE),
    Table("labelling.TimeBesides", "worker__person", DELETE),
    Table("labelling.DrawCursor", "worker__person", DELETE, hidden=PLACES),
    Table("labelling.Lease", "worker__person", KEEP, PSEUDONYM, hidden=PLACES, once_answered=WHICH),
    Table("labelling.Answer", "worker__person", KEEP, PSEUDONYM),
    Table("labelling.ContentReport", "lease__worker__person", KEEP, PSEUDONYM),
    Table("labelling.ContentReport", "decided_by", KEEP, DONE, exported=False),
    Table("labelling.ContentConsent", "worker__person", DELETE),
    Table("labelling.Post", "worker__person", KEEP, PSEUDONYM),
    Table("labelling.Post", "member", KEEP, DONE),
    Table("labelling.Post", "taken_down_by", KEEP, DONE, exported=False),
    Table("labelling.PostReport", "person", DELETE),
    Table("labelling.PostReport", "decided_by", KEEP, DONE, exported=False),
    Table("labelling.Settlement", "worker__person", KEEP, PSEUDONYM),
    Table("labelling.Sitting", "worker__person", KEEP, PSEUDONYM),
    Table("labelling.TeamMember", "worker__person", DELETE),
    Table("labelling.Rating", "worker__person", KEEP, PSEUDONYM),
    Table("labelling.Rating", "replied_by", KEEP, DONE, exported=False),
    Table("labelling.TaskQuestion", "worker__person", KEEP, PSEUDONYM),
    Table("labelling.TaskQuestion", "replied_by", KEEP, DONE, exported=False),
    Table("labelling.EarlyBase", "worker__person", KEEP, PSEUDONYM),
    Table("labelling.TopUp", "worker__person", KEEP, PSEUDONYM),
    Table("labelling.WorkerRecord", "worker__person", KEEP, PSEUDONYM),
    Table("consensus.Skill", "worker__person", KEEP, PSEUDONYM),
    Table("consensus.WorkerFlag", "worker__person", KEEP, f"{PSEUDONYM}; {TOLD}", exported=False),
    Table("rewards.Score", "worker__person", DELETE),
    Table("rewards.Grant", "worker__person", DELETE),
    Table("wording.Wording", "by", KEEP, DONE),
    Table("wording.Speaker", "person", DELETE),
    Table("notices.Choice", "person", DELETE),
    Table("notices.PushSubscription", "person", DELETE, hidden=frozenset({"endpoint", "p256dh", "auth"})),
    Table("notices.Happening", "person", DELETE),
    Table("notices.Notice", "person", DELETE),
    Table("payouts.Payout", "worker__person", KEEP, BOOKS),
    Table("payouts.Deposit", "asked_by", KEEP, BOOKS),
    Table("payouts.BankTransfer", "recorded_by", KEEP, BOOKS, exported=False),
    Table("payouts.BankTransfer", "confirmed_by", KEEP, BOOKS, exported=False),
    Table("payouts.ExchangeRate", "said_by", KEEP, DONE, exported=False),
    Table("payouts.Sighting", "worker__person", DELETE),
    Table("payouts.LinkFlag", "worker__person", DELETE),
    Table("payouts.LinkFlag", "looked_by", KEEP, DONE, exported=False),
    Table(
        "anchoring.Statement", "worker__person", KEEP, "its salt is destroyed, so the leaf on the chain says nothing"
    ),
    Table("anchoring.StatementLine", "worker__person", KEEP, PSEUDONYM),
)


@dataclass(frozen=True)
class Words:
    """Free text in a row that stays. `left`: what stands there after erasure. None: it stays, and `why`."""

    model: str
    path: str
    field: str
    left: object = None
    why: str = ""


GONE = "Erased with the account."
ASKED_FOR = "she was paid for it, and the requester has it; a task that asks for names is the requester's to answer for"
SUMS = "numbers and ids, which with the pseudonym lead nowhere"
FOR_ALL = "the requester's answer, which all who do this work read"
SAID_BY_RAIL = "what the rail said of the payment, as the books keep it"
# people.AuditEntry and admin.LogEntry, which only grow: people_forget() in people/migrations.
WORDS = (
    Words(
        "labelling.Lease",
        "worker__person",
        "report_reason",
        Func(F("report_reason"), Value(":"), 1, function="split_part"),
    ),
    Words("labelling.Ban", "worker__person", "sentence", GONE),
    Words("labelling.Ban", "worker__person", "lift_note", ""),
    Words("labelling.Ban", "worker__person", "evidence", why=SUMS),
    Words("labelling.Answer", "worker__person", "value", why=ASKED_FOR),
    Words("labelling.Answer", "worker__person", "shown", why=SUMS),
    Words("labelling.Answer", "worker__person", "receipt", why=SUMS),
    Words("labelling.Rating", "worker__person", "words", ""),
    Words("labelling.Rating", "worker__person", "reply", ""),
    Words("labelling.TaskQuestion", "worker__person", "words", GONE),
    Words("labelling.Post", "worker__person", "words", GONE),
    Words("labelling.TaskQuestion", "worker__person", "reply", why=FOR_ALL),
    Words("labelling.Settlement", "worker__person", "counts", why=SUMS),
    Words("consensus.Skill", "worker__person", "tables", why=SUMS),
    Words("consensus.Skill", "worker__person", "summary", why=SUMS),
    Words("consensus.WorkerFlag", "worker__person", "evidence", why=SUMS),
    Words("consensus.WorkerFlag", "worker__person", "partners", why=SUMS),
    Words("payouts.Payout", "worker__person", "words", ""),
    Words("payouts.Payout", "worker__person", "destination_hash", ""),
    Words("payouts.Payout", "worker__person", "code", why=SAID_BY_RAIL),
    Words("payouts.Payout", "worker__person", "alarm", why=SAID_BY_RAIL),
)
# Never handed out: secrets, even to their owner, who else is suspected, and which admin it was.
ADMINS = {
    "said_by",
    "replied_by",
    "recorded_by",
    "confirmed_by",
    "looked_by",
    "made_by",
    "lifted_by",
    "ended_by",
    "against",
    "decided_by",
    "first_by",
}
SECRETS = {
    "password",
    "session_key",
    "token_sha256",
    "destination_sealed",
    "destination_hash",
    "data",
    "raw",
    "partners",
} | ADMINS


def export_person(person: Person) -> Iterator[str]:
    """Everything that leads to the person as JSON, a line at a time, so that a long history costs no memory."""
    yield '{"person": ' + _json(_row(person, list(Person._meta.concrete_fields)))
    for table in filter(lambda table: table.exported, TABLES):
        model = apps.get_model(table.model)
        secret = SECRETS | table.hidden
        fields = [field for field in model._meta.concrete_fields if field.name not in secret]
        yield f',\n"{table.model}": ['
        rows = pages(model._default_manager.filter(**{table.path: person}))
        for position, row in enumerate(rows):
            yield (",\n" if position else "\n") + _json(_row(row, _told(table, row, fields)))
        yield "]"
    yield "}\n"


def _told(table: Table, row, fields: list[Field]) -> list[Field]:
    """The fields of this row that she may know by now."""
    if not table.once_answered or row.state == "answered":
        return fields
    return [field for field in fields if field.name not in table.once_answered]


def _row(row, fields: list[Field]) -> dict:
    return {field.name: getattr(row, field.attname) for field in fields if field.name not in SECRETS}


def _json(value: dict) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
