"""Redis behind a breaker. What lies in it may be lost at any time, so nobody waits long for it."""

from __future__ import annotations

import redis
from django.conf import settings
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.retry import Retry

from delivery.breaker import PATIENCE_S, Breaker

breaker = Breaker("Redis", (redis.ConnectionError, redis.TimeoutError, OSError))
IMPATIENT = {"socket_timeout": PATIENCE_S, "socket_connect_timeout": PATIENCE_S, "retry": Retry(NoBackoff(), 0)}


class GuardedRedis(redis.Redis):
    def execute_command(self, *args, **options):
        with breaker.guard():
            return super().execute_command(*args, **options)


def connect() -> redis.Redis:
    """For what Django's cache cannot say. A pipeline of it is guarded by who executes it."""
    return redis.Redis.from_url(settings.REDIS_URL, **IMPATIENT)


class _Client(RedisCacheClient):
    def __init__(self, servers, **options):
        super().__init__(servers, **IMPATIENT, **options)
        self._client = GuardedRedis


class GuardedCache(RedisCache):
    """Django's Redis cache, each command behind the breaker of this process."""

    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = _Client
