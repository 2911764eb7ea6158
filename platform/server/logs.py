"""Lines of the log: as one JSON object for whoever collects them (LOG_FORMAT=json), and with the number of who was refused."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any


class JSONFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname, "logger": record.name, "message": record.getMessage()}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class WithPerson(logging.Filter):
    """Django's lines about a request that was refused or failed say which, not whose. A number is no name."""

    def filter(self, record: logging.LogRecord) -> bool:
        request: Any = getattr(record, "request", None)
        if record.name.startswith("django.") and hasattr(request, "META") and not hasattr(record, "person"):
            from server.asker import person_in  # logging is set up before Django is

            record.person = person_in(request)  # type: ignore[attr-defined]  # a field of ours
            record.msg, record.args = f"{record.getMessage()} (person {record.person or 'unknown'})", ()  # type: ignore[attr-defined]
        return True
