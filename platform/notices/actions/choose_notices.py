"""She chooses what she is told, by which way, and when not; and stops it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from intake.remote import check_url, is_trusted
from kernel.errors import DomainError
from ledger import clock
from notices.models import Choice, Happening, Notice, PushSubscription, Way
from notices.web_push import point, unb64
from people.models import Person

MOST_PHONES = 5
AUTH_BYTES = 16
FIELDS = ("work", "money", "appeals", "by", "quiet_from", "quiet_until", "time_zone")
NOT_A_PHONE = "This is no address for notices to a phone."


@transaction.atomic
def choose_notices(person: Person, chosen: dict[str, Any], push: object = None) -> Choice:
    """chosen: of FIELDS. push: this phone's subscription, as its browser says it."""
    now = clock.now()
    Choice.objects.get_or_create(person=person, defaults={"chosen_at": now})
    choice = Choice.objects.select_for_update().get(person=person)
    choice.person = person
    if push is not None:
        add_phone(person, push)
    for name in FIELDS:
        setattr(choice, name, chosen.get(name, getattr(choice, name)))
    _check(choice)
    choice.chosen_at = now
    choice.look_at = now if choice.kinds else None
    choice.save()
    Happening.objects.filter(person=person).exclude(kind__in=choice.kinds).delete()
    return choice


@transaction.atomic
def stop_notices(person: Person) -> None:
    """All of them, at once: what is on its way, too. The phones are forgotten."""
    Choice.objects.filter(person=person).update(work=False, money=False, appeals=False, look_at=None)
    PushSubscription.objects.filter(person=person).delete()
    Happening.objects.filter(person=person).delete()
    now = clock.now()
    Notice.objects.filter(person=person, sent_at=None, dropped_at=None).update(dropped_at=now, next_attempt_at=None)


def ways_of(person: Person) -> list[Way]:
    """Those that reach her, and that the operator pays for."""
    has = {
        Way.PUSH: True,
        Way.EMAIL: bool(person.email),
        Way.SMS: bool(person.phone and person.phone_verified and settings.NOTICES_SMS_DAY),
    }
    return [way for way in Way if has[way]]


def _check(choice: Choice) -> None:
    try:
        ZoneInfo(choice.time_zone)
    except (KeyError, ValueError, OSError):  # unknown, with signs that no zone has, a folder of zones
        raise DomainError("There is no time zone of this name.", field="time_zone") from None
    if not choice.kinds:
        return
    if choice.by not in ways_of(choice.person):
        raise DomainError("Notices cannot reach you by this way: choose another.", field="by", code="no_way")
    if choice.by == Way.PUSH and not choice.person.push_subscriptions.exists():
        raise DomainError("This phone does not take notices: allow them, or choose another way.", field="push")


def add_phone(person: Person, push: object) -> None:
    """A browser has one address: who signs in on it last has it. The oldest phone goes when there are too many."""
    endpoint, p256dh, auth = _checked(push)
    keys = {"person": person, "p256dh": p256dh, "auth": auth}
    PushSubscription.objects.update_or_create(endpoint=endpoint, defaults=keys)
    kept = person.push_subscriptions.order_by("-pk").values("pk")[:MOST_PHONES]
    person.push_subscriptions.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()


def _checked(push: object) -> tuple[str, str, str]:
    said = push if isinstance(push, dict) else {}
    endpoint, p256dh, auth = (said.get(name) for name in ("endpoint", "p256dh", "auth"))
    if not (isinstance(endpoint, str) and isinstance(p256dh, str) and isinstance(auth, str)):
        raise DomainError(NOT_A_PHONE, field="push")
    parts = check_url(endpoint, settings.PUSH_HOSTS)
    try:
        point(p256dh)
        good = len(unb64(auth)) == AUTH_BYTES and len(p256dh) <= 100 and len(endpoint) <= 1000
    except ValueError:
        good = False
    if not good or (parts.scheme != "https" and not is_trusted(parts, settings.PUSH_HOSTS)):
        raise DomainError(NOT_A_PHONE, field="push")
    return endpoint, p256dh, auth
