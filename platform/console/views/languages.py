"""Translations: what speakers have confirmed of each language, and the pages on which they do it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from console.paging import page_of_list
from console.request import Request
from console.view_decorators import attempt, page
from kernel.errors import DomainError
from wording.access import require_language_of, require_speaker
from wording.actions.confirm_wordings import confirm_wordings
from wording.actions.name_speaker import name_speaker
from wording.bring_home import zip_of
from wording.models import Speaker
from wording.progress import OPEN, SHOWS, Line, find, lines_of, progress_in, progress_of
from wording.sentences import sentences
from wording.shown import where

PER_PAGE = 20
LONGEST = 100  # of what is searched for
MOST_SPEAKERS = 200


@page("GET", "HEAD", "POST")
def language_list(request: Request) -> HttpResponse:
    hers = require_speaker(request.user)
    if request.method == "POST":
        return _name(request)
    speakers = Speaker.objects.filter(language__in=hers).select_related("person").order_by("language", "pk")
    context = {
        "rows": [(progress, _name_of(progress.language)) for progress in progress_of(hers)],
        "speakers": speakers[:MOST_SPEAKERS] if request.user.is_staff else [],
    }
    return render(request, "console/languages.html", context)


def _name(request: Request) -> HttpResponse:
    sent, may = request.POST, request.POST.get("act") != "dismiss"
    said = _("She may confirm this language.") if may else _("She may no longer confirm this language.")
    attempt(request, lambda: name_speaker(request.user, sent.get("language", ""), sent.get("address", ""), may), said)
    return redirect("console:languages")


def _name_of(language: str) -> str:
    """In the language itself, as the phone has it."""
    return next((one.shipped for one in sentences(language).values() if one.key == "language.name"), language)


@page("GET", "HEAD", "POST")
def strings(request: Request, language: str) -> HttpResponse:
    require_language_of(request.user, language)
    lines, show = lines_of(language), request.GET.get("show", OPEN)
    if request.method == "POST":
        said = _said(request, lines)
        try:
            confirm_wordings(request.user, language, list(said.items()))
        except DomainError as refusal:
            return _strings(request, language, lines, show, said, refusal)
        messages.success(request, _("Saved: it is said from now on."))
        return redirect(request.get_full_path())
    return _strings(request, language, lines, show, {}, None)


def _said(request: Request, lines: list[Line]) -> dict[str, object]:
    """What she ticked as right, and what she changed."""
    said: dict[str, object] = {}
    for line in lines:
        sentence = line.sentence.id
        text = request.POST.get(f"text-{sentence}")
        if text is not None:
            text = text.replace("\r\n", "\n")
            if f"right-{sentence}" in request.POST or text.strip() != line.text.strip():
                said[sentence] = text
    return said


def _strings(
    request: Request, language: str, lines: list[Line], show: str, said: dict, refusal: DomainError | None
) -> HttpResponse:
    words = request.GET.get("q", "")[:LONGEST]
    found = page_of_list(find(lines, show if show in SHOWS else "", words), request, PER_PAGE)
    wrong = refusal.field.removeprefix("sentences.") if refusal else ""
    context = {
        "language": language,
        "name": _name_of(language),
        "page": found,
        "rows": [_row(line, said, str(refusal) if line.sentence.id == wrong else "") for line in found],
        "refusal": refusal,
        "show": show if show in SHOWS else "all",
        "q": words,
        "progress": progress_in(language, lines),
    }
    return render(request, "console/language_strings.html", context, status=refusal.status if refusal else 200)


def _row(line: Line, said: dict, refusal: str) -> dict:
    sentence = line.sentence.id
    return {
        "line": line,
        "where": where(line.sentence),
        "text": said.get(sentence, line.text),
        "ticked": sentence in said,
        "refusal": refusal,
    }


@page("GET", "HEAD")
def export(request: Request, language: str) -> HttpResponse:
    require_language_of(request.user, language)
    response = HttpResponse(zip_of(language), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="ilima-words-{language}.zip"'
    return response
