"""JSON as it comes in and goes out: no body and no text that is said back is a fault of ours."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework import parsers, renderers
from rest_framework.exceptions import ParseError

from people.strict_json import TooDeep, read_json


class JSONParser(parsers.JSONParser):
    """Strict JSON in UTF-8 (RFC 8259). What is nested too deeply to be read is refused like what is no JSON."""

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if len(body := stream.read(most + 1)) > most:
            raise RequestDataTooBig
        try:
            return read_json(body.decode())
        except TooDeep:
            raise ParseError("The body is nested too deeply.") from None
        except ValueError as bad:
            raise ParseError(f"The body is no JSON in UTF-8: {str(bad)[:200]}.") from bad


class JSONRenderer(renderers.JSONRenderer):
    """A refusal may say back half of a character, which UTF-8 cannot hold: then all is escaped."""

    def render(self, data, accepted_media_type=None, renderer_context=None) -> bytes:
        try:
            return super().render(data, accepted_media_type, renderer_context)
        except UnicodeEncodeError:
            self.ensure_ascii = True
            return super().render(data, accepted_media_type, renderer_context)
