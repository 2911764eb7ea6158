"""A month's statement as a file: CSV with every movement, and a PDF for people, a line a day, payer and kind. In her language."""

from __future__ import annotations

import csv
import io
from itertools import groupby
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import override

from kernel.letters import can_write
from kernel.money import CENT_MICRO, MICRO, to_text
from kernel.say import say
from labelling.formats.cells import harmless
from payouts.rates import rate_for
from payouts.statements import Line, Month, lines_of
from people.models import Worker

if TYPE_CHECKING:
    from kernel.pdf import Document

KINDS = {
    "earn": "Tasks done",
    "settle": "Bonus for good work",
    "top up": "Topped up: it took longer",
    "refuse": "Taken back after an appeal",
    "put right": "Put right after an appeal",
    "goodwill": "Put right by Ilima",
    "payout requested": "Paid out",
    "payout paid": "Payout came short: the rest is back",
    "payout failed": "Payout came back",
    "payout cancelled": "Payout called back",
    "payout reversed": "Payout came back",
    "donate": "Given away",
}
HEAD = {"day": "Day", "what": "What", "n": "Number", "by": "Paid by", "amount": "Amount", "then": "Then yours"}
SUMS = {
    "opening_micro": "Yours before",
    "in_micro": "Came in",
    "out_micro": "Went out",
    "closing_micro": "Yours at the end",
}
OTHER_SCRIPT = "see the CSV: it is in another script"


def kind_in_words(kind: str) -> str:
    return say(KINDS[kind]) if kind in KINDS else kind


def csv_of(worker: Worker, month: Month) -> bytes:
    """Every movement, to the micro-unit; with a mark by which spreadsheets know that it is UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("at", "kind", "project", "payer", "amount", "currency", "balance", "key"))
    for line in lines_of(worker, month.month):
        amounts = (_exact(line.amount_micro), settings.CURRENCY, _exact(line.balance_micro))
        texts = (harmless(line.project), harmless(line.payer))
        writer.writerow((line.at.isoformat(), line.kind, *texts, *amounts, line.key))
    return ("\ufeff" + out.getvalue()).encode()


def pdf_of(worker: Worker, month: Month) -> bytes:
    language = _written_language(worker.person.language)
    with override(language):
        return _pdf_of(worker, month, language)


def _written_language(language: str) -> str:
    """Hers, or English where the letters of a PDF cannot write hers: a bank clerk reads that better than question marks."""
    with override(language):
        words = [
            *(say(KINDS[one]) for one in KINDS),
            *(say(HEAD[one]) for one in HEAD),
            *(say(SUMS[one]) for one in SUMS),
        ]
    return language if all(map(can_write, words)) else "en"


def _pdf_of(worker: Worker, month: Month, language: str) -> bytes:
    from kernel.pdf import Document  # what draws it is loaded by who asks for one

    lines = lines_of(worker, month.month)
    said = {"month": f"{month.month:%Y-%m}"}
    page = Document(say("Statement of {month}", **said), language)
    page.line("Ilima", size=18, bold=True)
    page.line(say("Statement of {month}", **said), size=14, bold=True)
    page.space()
    page.line(_name(worker))
    page.line(
        say(
            "Account {pseudonym}; all amounts in {currency}; days are UTC's.",
            pseudonym=worker.pseudonym,
            currency=settings.CURRENCY,
        )
    )
    page.space()
    for name in SUMS:
        page.line(
            f"{say(SUMS[name])}: {_exact(getattr(month, name))} {settings.CURRENCY}", bold=name == "closing_micro"
        )
    _local(page, worker, month)
    page.space()
    page.table([say(HEAD[name]) for name in HEAD], _rows(lines), (62, 138, 44, 105, 75, 75), {2, 4, 5})
    return page.bytes()


def _rows(lines: list[Line]) -> list[tuple[str, ...]]:
    """One for a day, kind, project and payer, in the order of their days: of a day what came in is first, so nothing is ever below zero."""
    rows: list[tuple[str, ...]] = []
    balance = lines[0].balance_micro - lines[0].amount_micro if lines else 0
    for (day, _, kind, project, payer), group in groupby(sorted(lines, key=_row_of), key=_row_of):
        moved = list(group)
        amount = sum(line.amount_micro for line in moved)
        balance += amount
        what = f"{kind_in_words(kind)}: {project}" if project and can_write(project) else kind_in_words(kind)
        by = payer if can_write(payer) else say(OTHER_SCRIPT)
        rows.append((day, what, f"{len(moved):,}", by, _exact(amount), _exact(balance)))
    return rows


def _row_of(line: Line) -> tuple[str, bool, str, str, str]:
    return f"{line.at:%Y-%m-%d}", line.amount_micro < 0, line.kind, line.project, line.payer


def _name(worker: Worker) -> str:
    return worker.person.display_name if can_write(worker.person.display_name) else ""


def _local(page: Document, worker: Worker, month: Month) -> None:
    rate = rate_for(worker)
    if rate is None:
        return
    at_end_micro = month.closing_micro * rate["rate_micro"] // MICRO
    at_end = to_text(at_end_micro - at_end_micro % CENT_MICRO, rate["currency"])  # towards zero, as on the phone
    number = to_text(rate["rate_micro"], places=6).rstrip("0").rstrip(".")
    said = {"rate": number, "local": rate["currency"], "currency": settings.CURRENCY, "day": rate["day"]}
    page.line(
        say(
            "At {rate} {local} for 1 {currency} ({source}, {day}) that is {money}.",
            source=rate["source"],
            money=at_end,
            **said,
        )
    )


def _exact(micro: int) -> str:
    return to_text(micro, places=6)
