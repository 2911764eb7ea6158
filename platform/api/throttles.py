"""Rate limits in the shared cache; a refusal says when to come back (Retry-After)."""

import logging

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework import throttling

log = logging.getLogger(__name__)


class _Throttle(throttling.SimpleRateThrottle):
    cache = cache

    def get_rate(self) -> str:
        return settings.THROTTLE_RATES[self.scope]

    def allow_request(self, request, view) -> bool:
        try:
            return super().allow_request(request, view)
        except (RedisError, OSError) as away:
            # Losing the counter must not lose a worker's answers: open, and said in the log.
            log.warning("rate limits are off: the cache does not answer (%s)", away)
            return True


class PersonThrottle(_Throttle):
    scope = "person"

    def get_cache_key(self, request, view):
        if not request.user.is_authenticated:
            return None
        return f"throttle:person:{request.user.pk}"


class AddressThrottle(_Throttle):
    scope = "address"

    def get_cache_key(self, request, view):
        if request.user.is_authenticated:
            return None
        return f"throttle:address:{self.get_ident(request)}"
