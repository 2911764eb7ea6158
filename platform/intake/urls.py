"""Addresses of variants: signed, for a time, on an origin of their own. Making one costs no query, nor does serving one.

Times are rounded up to the day, so that the same picture has the same address all day and the phone's cache works.
"""

from __future__ import annotations

import time
from urllib.parse import quote

from django.conf import settings
from django.urls import path

from intake.models import Media
from intake.signing import signature
from intake.views import serve_variant

DAY_S = 86_400
FOR_S = 2 * DAY_S  # packs are taken along for a day without a signal

urlpatterns = [path("media/<path:name>", serve_variant, name="variant")]


def variant_url(media: Media, variant: str, for_s: int = FOR_S) -> str:
    """The absolute address of a variant for at least `for_s` seconds. KeyError when the media has no such variant."""
    return name_url(media.variants[variant]["name"], for_s)


def variant_urls(variants: dict[str, dict], for_s: int = FOR_S) -> dict[str, dict]:
    """Media.variants as the phone reads them: {"320": {"url", "bytes", "width", "height"}, ...}."""
    shown = ("bytes", "width", "height", "frames")
    return {
        variant: {"url": name_url(made["name"], for_s)} | {key: made[key] for key in shown if key in made}
        for variant, made in variants.items()
    }


def name_url(name: str, for_s: int = FOR_S) -> str:
    ends = -(-(int(time.time()) + for_s) // DAY_S) * DAY_S
    return f"{settings.MEDIA_ORIGIN}/media/{quote(name)}?e={ends}&s={signature(name, ends, settings.SECRET_KEY)}"
