"""The ways by which a notice goes: each a module with `send(told)`, which raises base.NotNow or base.NoWay."""

from __future__ import annotations

from collections.abc import Callable

from notices.models import Way
from notices.ways import email, push, sms
from notices.ways.base import Told

WAYS: dict[str, Callable[[Told], None]] = {Way.PUSH: push.send, Way.EMAIL: email.send, Way.SMS: sms.send}
