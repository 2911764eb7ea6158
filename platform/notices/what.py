"""What there is to tell a person now, and in which words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.translation import override

from kernel.errors import NotFound
from kernel.say import Ours, say
from labelling.models import Answer
from labelling.work.work_listing import has_new_work
from notices.models import Choice, Happening, Kind, Notice, Way
from people.models import Person, Worker

FRESH = timedelta(days=3)  # what is older she has seen, or it is no news
#: Read on a locked screen by whoever holds the phone: no sum, no name, no reason.
SAYS = {
    Kind.MONEY: Ours("Your money is here."),
    Kind.APPEALS: Ours("An appeal about your work is answered."),
    Kind.WORK: Ours("Work of your kind is there."),
}
OPENS = {Kind.MONEY: "wallet", Kind.APPEALS: "history", Kind.WORK: "work"}


def to_tell(choice: Choice, now: datetime) -> list[Kind]:
    """Of what she chose. Work that is gone by now is not in it, nor is what a letter tells her by the same way in any case."""
    person = choice.person
    happened = set(Happening.objects.filter(person=person, at__gt=now - FRESH).values_list("kind", flat=True))
    found = [kind for kind in choice.kinds if kind in happened]
    if Kind.APPEALS in found and choice.by == _letters_go_by(person):
        found.remove(Kind.APPEALS)
    if choice.work and has_work(choice):
        found.append(Kind.WORK)
    return found


def _letters_go_by(person: Person) -> Way:
    """As people/telling.py chooses."""
    return Way.EMAIL if person.email else Way.SMS


def has_work(choice: Choice) -> bool:
    """Opened since she was last here, last told of work, or chose this."""
    worker = Worker.objects.filter(person=choice.person).select_related("person").first()
    if worker is None:
        return False
    told = Notice.objects.filter(person=choice.person, kinds__contains=[Kind.WORK], sent_at__isnull=False)
    last = [
        choice.chosen_at,
        told.order_by("-sent_at").values_list("sent_at", flat=True).first(),
        Answer.objects.filter(worker=worker).order_by("-seq").values_list("received_at", flat=True).first(),
    ]
    return has_new_work(worker, since=max(at for at in last if at))


def in_words(kinds: list[Kind], language: str) -> str:
    with override(language):
        return " ".join(say(what.words) for kind in Kind if kind in kinds for what in [SAYS[kind]])


def opens(kinds: list[Kind]) -> str:
    """The address of the screen that the first of them is about."""
    return f"{settings.PUBLIC_URL}/app/#/{OPENS[kinds[0]]}"


def _signer() -> Signer:
    return Signer(salt="notices.stop")


def stop_token(person: Person) -> str:
    """Works without signing in, and for ever: all that it can do is stop notices."""
    return _signer().sign(str(person.pk))


def stop_link(person: Person) -> str:
    return f"{settings.PUBLIC_URL}/stop/{stop_token(person)}"


def get_person_by_stop(token: str) -> Person:
    try:
        person = Person.objects.filter(pk=int(_signer().unsign(token))).first()
    except (BadSignature, ValueError):
        person = None
    if person is None:
        raise NotFound
    return person


def says_of_stopping(person: Person, stopped: bool) -> dict[str, str]:
    """The page that a notice's link opens, in her language."""
    with override(person.language):
        return {
            "title": say("Notices are stopped.") if stopped else say("Stop these notices?"),
            "text": say("You can choose them again at any time, under Me."),
            "key": say("Stop these notices"),
        }
