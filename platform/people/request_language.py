"""In which language a request is answered.

The phone and programs name it (Accept-Language) and are spoken to in any that we have; a page of the console is in one of those that the
words of pages exist in: half a page in another would help nobody.
"""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils.translation import activate, get_language, get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

#: Where no page of the console is.
OF_PROGRAMS = ("/api/", "/_allauth/")


class RequestLanguage(LocaleMiddleware):
    def process_request(self, request: HttpRequest) -> None:
        by_program = request.path.startswith(OF_PROGRAMS)
        if by_program and (named := _asked_for(request, dict(settings.LANGUAGES))):
            self._speak(request, named)
            return
        super().process_request(request)  # the console's cookie, else the header
        if not by_program and get_language() not in settings.CONSOLE_LANGUAGES:
            self._speak(request, _asked_for(request, settings.CONSOLE_LANGUAGES) or settings.LANGUAGE_CODE)

    def _speak(self, request: HttpRequest, language: str) -> None:
        activate(language)
        request.LANGUAGE_CODE = get_language()


def _asked_for(request: HttpRequest, known: Collection[str]) -> str | None:
    """The first language of the header that is among these."""
    for tag, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            language = get_supported_language_variant(tag)
        except LookupError:  # "*", and what nobody here speaks
            continue
        if language in known:
            return language
    return None
