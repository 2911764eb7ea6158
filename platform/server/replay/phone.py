"""A phone as the server sees one: draws, answers, asks for its money, over HTTP, and never gives up on an answer."""

from __future__ import annotations

import http.client
import json
import random
import time
from typing import Any
from urllib.parse import urlsplit

WAIT_S = (0.05, 0.1, 0.2, 0.5, 1.0)
PATIENCE_S = 120


class Phone:
    """One connection, used by one thread. `repeats` sends every POST so many times, as a bad network does."""

    def __init__(self, url: str, repeats: int = 1, seed: int = 0):
        self._url, self._repeats, self._rng = urlsplit(url), repeats, random.Random(seed)
        self._connection: http.client.HTTPConnection | None = None

    def get(self, path: str, token: str) -> dict:
        return self._until_answered("GET", path, None, token)

    def post(self, path: str, body: dict, token: str) -> dict:
        """Sent until it is answered; then, when `repeats` asks for it, some more times, the last answer being returned."""
        reply = self._until_answered("POST", path, body, token)
        for _ in range(self._rng.randint(0, self._repeats - 1)):
            reply = self._until_answered("POST", path, body, token)
        return reply

    def _until_answered(self, method: str, path: str, body: dict | None, token: str) -> dict:
        """Network errors, 5xx and 429 are tried again; anything else is an answer."""
        deadline, attempt = time.monotonic() + PATIENCE_S, 0
        while True:
            status, reply, retry_after_s = self._once(method, path, body, token)
            if status and status < 500 and status != 429:
                return {"status": status, **reply}
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"{method} {path} was not answered in {PATIENCE_S} s (last status {status}: {reply})."
                )
            time.sleep(retry_after_s or WAIT_S[min(attempt, len(WAIT_S) - 1)])
            attempt += 1

    def _once(self, method: str, path: str, body: dict | None, token: str) -> tuple[int, dict[str, Any], float]:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection(self._url.hostname or "", self._url.port, timeout=30)
            self._connection.request(method, f"/api/v1{path}", json.dumps(body) if body is not None else None, headers)
            response = self._connection.getresponse()
            raw = response.read()
            return response.status, json.loads(raw or b"{}"), float(response.headers.get("Retry-After") or 0)
        except (OSError, http.client.HTTPException, json.JSONDecodeError) as failure:
            self.close()
            return 0, {"failure": str(failure)}, 0

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
