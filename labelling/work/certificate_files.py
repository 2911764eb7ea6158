"""A certificate as a picture of its code, and as a page to print. In her language where a PDF can write it."""

from __future__ import annotations

import io

from django.utils.translation import override

from kernel.letters import can_write
from kernel.say import say
from labelling import task_types
from labelling.work.certify import Certificate

BELTS = {"seed": "seed", "sprout": "sprout", "tree": "tree"}
DOT_PX = 6


def png_of(certificate: Certificate) -> bytes:
    """The code of its link, with the quiet zone that the standard asks for (ISO/IEC 18004)."""
    import qrcode  # loaded by who asks for one

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, box_size=DOT_PX, border=4)
    code.add_data(certificate.link, optimize=0)
    code.make(fit=True)
    out = io.BytesIO()
    code.make_image().save(out, "PNG")
    return out.getvalue()


def pdf_of(certificate: Certificate, language: str) -> bytes:
    with override(language):
        language = language if all(map(can_write, (say(TITLE), say(FORMULA_SAYS)))) else "en"
    with override(language):
        return _pdf_of(certificate, language)


TITLE = "Certificate of skill"
FORMULA_SAYS = (
    "Known tasks are tasks whose answer was known beforehand. The belt “sprout” says: of 100 answers, at least 80 are right, "
    "as sure as 90 of 100; “tree”: at least 90."
)


def _pdf_of(certificate: Certificate, language: str) -> bytes:
    from kernel.pdf import Document  # what draws it is loaded by who asks for one

    body = certificate.body
    page = Document(say(TITLE), language)
    page.line("Ilima", size=18, bold=True)
    page.line(say(TITLE), size=14, bold=True)
    page.space()
    page.line(body["holder"], size=14)
    page.line(say("Made on {day} by {operator}.", day=body["made_on"], operator=body["operator"]))
    page.space()
    for kind in body["kinds"]:
        page.line(
            say(
                "{what}: belt “{belt}”. {right} of {known} known tasks right; {agreed} of {decided} other answers as decided.",
                what=_kind(kind["task_type"], language),
                belt=say(BELTS[kind["belt"]]),
                **{name: kind[name] for name in ("right", "known", "agreed", "decided")},
            )
        )
    for exam in body["exams"]:
        said = {name: exam[name] for name in ("title", "by", "right", "counted", "passed_on")}
        page.line(say("Exam “{title}” of {by}: passed on {passed_on} with {right} of {counted} right.", **said))
    page.space()
    page.line(say(FORMULA_SAYS), size=8.5)
    page.space()
    page.picture(png_of(certificate), 240)
    page.line(say("Whoever scans this code sees whether it is genuine. The check needs no account."), size=8.5)
    return page.bytes()


def _kind(task_type: str, language: str) -> str:
    title = task_types.get(task_type).title
    return title.get(language) or title["en"]
