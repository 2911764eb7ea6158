"""Words of a language: those that the phone lays over its own, and the list that speakers confirm."""

from __future__ import annotations

from dataclasses import asdict

from django.conf import settings
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from api.contract.operation import operation
from api.contract.shapes import page_of
from api.shapes import wording as shapes
from api.tagged import UNCHANGED, tagged
from api.views.base import APIView
from kernel.errors import DomainError, NotFound
from wording import words
from wording.access import require_language_of
from wording.actions.confirm_wordings import confirm_wordings
from wording.progress import Line, find, lines_of, progress_of
from wording.shown import where

PAGE = 50


class WordsView(APIView):
    """Before anybody has signed in: the first screen asks for her language."""

    authentication_classes = ()
    permission_classes = ()

    @operation("language_words", answers=shapes.Words, also=UNCHANGED)
    def get(self, request, language: str) -> Response:
        if language not in settings.PHONE_LANGUAGES:
            raise NotFound
        mended = words.mended_for_phone(language)
        return tagged(request, {"confirmed": words.confirmed_languages(), "mended": mended})


class SentencesView(APIView):
    @operation("language_sentences", query=shapes.SentencesAsked, answers=page_of(shapes.SentenceShown))
    def get(self, request, language: str) -> Response:
        asked, size = self.query, self.query.get("page_size", PAGE)
        require_language_of(request.user, language)
        begin = _number(asked.get("cursor", "0"))
        found = find(lines_of(language), asked.get("show", ""), asked.get("q", ""))[begin:]
        address = request.build_absolute_uri()
        beside = {
            "next": begin + size if len(found) > size else None,
            "previous": max(begin - size, 0) if begin else None,
        }
        links = {
            name: None if at is None else replace_query_param(address, "cursor", at) for name, at in beside.items()
        }
        return Response({"results": [_shown(line) for line in found[:size]], **links})

    @operation("language_confirm", body=shapes.SentencesConfirmed, answers=shapes.LanguageProgress)
    def post(self, request, language: str) -> Response:
        require_language_of(request.user, language)
        confirm_wordings(request.user, language, _said(self.body["sentences"]))
        return Response(asdict(progress_of([language])[0]))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise DomainError(
            "{name} must be a whole number from {least} to {most}.",
            field="cursor",
            said={"name": "cursor", "least": 0, "most": 10**9 - 1},
        )
    return int(text)


def _said(sent: object) -> list[tuple[str, object]]:
    rows = sent if isinstance(sent, list) else []
    if not rows or not all(isinstance(row, dict) and row.keys() == {"id", "text"} for row in rows):
        raise DomainError("sentences must be a list of objects with id and text.", field="sentences")
    return [(str(row["id"]), row["text"]) for row in rows]


def _shown(line: Line) -> dict:
    one = line.sentence
    shown = {"id": one.id, "source": one.source, "key": one.key, "english": one.english}
    return {**shown, "text": line.text, "where": where(one), "state": line.state}
