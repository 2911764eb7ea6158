"""Short messages about bans, in the reader's language: by e-mail where she has an address, else to her phone."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail

from labelling.bans import Ban
from people.models import Person
from people.sms import send_sms

MOST_ADMINS = 20
TEXTS = {
    "en": {
        "made": "You can take no new work in {where} until {until}. Your money is safe. Why, and how to appeal: {link}",
        "lifted": "You can work in {where} again: the ban is lifted. See {link}",
        "lost": "Your appeal was answered, and the ban in {where} stands until {until}. See why: {link}",
        "appeal": "A worker appeals against a ban: answer by {answer_by}, or it is lifted. {link}",
        "everywhere": "all projects",
    },
    "zu": {
        "made": "Awukwazi ukuthatha umsebenzi omusha ku-{where} kuze kube {until}. Imali yakho iphephile. Isizathu, nokufaka "
        "isikhalo: {link}",
        "lifted": "Usungaphinda usebenze ku-{where}: ukuvinjwa sekususiwe. Bheka {link}",
        "lost": "Isikhalo sakho siphenduliwe, futhi ukuvinjwa ku-{where} kuyaqhubeka kuze kube {until}. Bona isizathu: {link}",
        "appeal": "Umsebenzi ufake isikhalo ngokuvinjwa: phendula ngaphambi kuka-{answer_by}, noma kuyasuswa. {link}",
        "everywhere": "yonke imisebenzi",
    },
}


def tell_worker(ban: Ban, what: str) -> None:
    """what: made, lifted or lost. A person who left, or has no address, is not written to."""
    person = ban.worker.person
    texts = TEXTS.get(person.language, TEXTS["en"])
    where = ban.project.title if ban.project else texts["everywhere"]
    link = f"{settings.PUBLIC_URL}/app/#/bans"
    _send(person, texts[what].format(where=where, until=f"{ban.until:%Y-%m-%d %H:%M} UTC", link=link))


def tell_admins(ban: Ban) -> None:
    """All who may decide the appeal."""
    link = f"{settings.PUBLIC_URL}/console/admin/bans/{ban.pk}/"
    deciders = Person.objects.filter(is_staff=True, is_active=True).exclude(
        pk__in=[ban.made_by_id, ban.worker.person_id]
    )
    for admin in deciders.order_by("pk")[:MOST_ADMINS]:
        texts = TEXTS.get(admin.language, TEXTS["en"])
        _send(admin, texts["appeal"].format(answer_by=f"{ban.appeal.answer_by:%Y-%m-%d %H:%M} UTC", link=link))


def _send(person: Person, text: str) -> None:
    if not person.is_active:
        return
    if person.email:
        send_mail("Ilima", text, None, [person.email])
    elif person.phone:
        send_sms(person.phone, text)
