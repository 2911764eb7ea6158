"""Short messages about bans and appeals, in the reader's language: by e-mail where she has an address, else to her phone."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q

from labelling.models import Batch
from labelling.models.bans import Ban
from labelling.models.gold_appeals import GoldAppeal
from labelling.models.holds import PayHold
from people.models import Membership, Person, Worker
from people.telling import tell

MOST_ADMINS = 20
TEXTS = {
    "en": {
        "made": "You can take no new work in {where} until {until}. Your money is safe. Why, and how to appeal: {link}",
        "lifted": "You can work in {where} again: the ban is lifted. See {link}",
        "lost": "Your appeal was answered, and the ban in {where} stands until {until}. See why: {link}",
        "appeal": "A worker appeals against a ban: answer by {answer_by}, or it is lifted. {link}",
        "held": "Somebody looks at your last answers in {where}: their pay waits until {until} at the latest. It is yours and not "
        "lost. To ask for it sooner: {link}",
        "paused": "Your batch in {where} is paused: its tasks take people longer than you thought, so they earn less than the floor. "
        "Close it and open one that pays more: {link}",
        "hold_appeal": "A worker asks for her held pay: look, and let it go if nothing is wrong. {link}",
        "everywhere": "all projects",
        "question": "A worker questions a known task of {where}: answer by {answer_by}, or it counts as right. {link}",
        "won": "You were right about a known task of {where}: it counts as right now. See {link}",
        "silence": "Nobody answered you in time, so a known task of {where} counts as right now. See {link}",
        "confirmed": "Somebody looked again at a known task of {where}, and its answer stands. See why: {link}",
    },
    "zu": {
        "made": "Awukwazi ukuthatha umsebenzi omusha ku-{where} kuze kube {until}. Imali yakho iphephile. Isizathu, nokufaka "
        "isikhalo: {link}",
        "lifted": "Usungaphinda usebenze ku-{where}: ukuvinjwa sekususiwe. Bheka {link}",
        "lost": "Isikhalo sakho siphenduliwe, futhi ukuvinjwa ku-{where} kuyaqhubeka kuze kube {until}. Bona isizathu: {link}",
        "appeal": "Umsebenzi ufake isikhalo ngokuvinjwa: phendula ngaphambi kuka-{answer_by}, noma kuyasuswa. {link}",
        "held": "Kukhona obheka izimpendulo zakho zakamuva ku-{where}: inkokhelo yazo ilinda kuze kube {until} okungenani. Ingeyakho, "
        "ayilahlekile. Ukuyicela ngaphambi kwalokho: {link}",
        "paused": "Iqoqo lakho ku-{where} limisiwe: imisebenzi ithatha isikhathi eside, ngakho abantu bathola ngaphansi komkhawulo. "
        "Livale uvule elikhokha kangcono: {link}",
        "hold_appeal": "Umsebenzi ucela inkokhelo yakhe ebanjiwe: bheka, uyikhulule uma kungekho okungalungile. {link}",
        "everywhere": "yonke imisebenzi",
        "question": "Umsebenzi ubuza ngomsebenzi owaziwayo ku-{where}: phendula ngaphambi kuka-{answer_by}, noma kubalwa njengokulungile. "
        "{link}",
        "won": "Ubuqinisile ngomsebenzi owaziwayo ku-{where}: manje kubalwa njengokulungile. Bheka {link}",
        "silence": "Akekho okuphendule ngesikhathi, ngakho umsebenzi owaziwayo ku-{where} ubalwa njengokulungile. Bheka {link}",
        "confirmed": "Umsebenzi owaziwayo ku-{where} ubhekwe futhi, futhi impendulo yawo iyama. Bona isizathu: {link}",
    },
}


def tell_worker(ban: Ban, what: str) -> None:
    """what: made, lifted or lost. A person who left, or has no address, is not written to."""
    person = ban.worker.person
    texts = TEXTS.get(person.language, TEXTS["en"])
    where = ban.project.title if ban.project else texts["everywhere"]
    link = f"{settings.PUBLIC_URL}/app/#/bans"
    tell(person, texts[what].format(where=where, until=f"{ban.until:%Y-%m-%d %H:%M} UTC", link=link))


def tell_admins(ban: Ban) -> None:
    """All who may decide the appeal."""
    link = f"{settings.PUBLIC_URL}/console/admin/bans/{ban.pk}/"
    deciders = Person.objects.filter(is_staff=True, is_active=True).exclude(
        pk__in=[ban.made_by_id, ban.worker.person_id]
    )
    for admin in deciders.order_by("pk")[:MOST_ADMINS]:
        texts = TEXTS.get(admin.language, TEXTS["en"])
        tell(admin, texts["appeal"].format(answer_by=f"{ban.appeal.answer_by:%Y-%m-%d %H:%M} UTC", link=link))


def tell_of_hold(hold: PayHold) -> None:
    """Her pay waits: where, until when, and how to ask for it sooner. Never silently."""
    person = hold.worker.person
    texts = TEXTS.get(person.language, TEXTS["en"])
    where, until = hold.project.title, f"{hold.until:%Y-%m-%d %H:%M} UTC"
    tell(person, texts["held"].format(where=where, until=until, link=f"{settings.PUBLIC_URL}/app/#/wallet"))


def tell_of_pause(batch: Batch) -> None:
    """The organisation's owners."""
    link = f"{settings.PUBLIC_URL}/console/batches/{batch.pk}/"
    owners = Membership.objects.filter(organisation=batch.project.organisation_id, role=Membership.Role.OWNER)
    for owner in owners.select_related("person").order_by("pk")[:MOST_ADMINS]:
        texts = TEXTS.get(owner.person.language, TEXTS["en"])
        tell(owner.person, texts["paused"].format(where=batch.project.title, link=link))


def tell_of_held(worker: Worker) -> None:
    """All who may let her pay go."""
    link = f"{settings.PUBLIC_URL}/console/admin/workers/{worker.pk}/"
    deciders = Person.objects.filter(is_staff=True, is_active=True).exclude(pk=worker.person_id)
    for admin in deciders.order_by("pk")[:MOST_ADMINS]:
        tell(admin, TEXTS.get(admin.language, TEXTS["en"])["hold_appeal"].format(link=link))


def tell_of_miss(appeal: GoldAppeal) -> None:
    """What became of her appeal, or of a miss that somebody else's appeal put right."""
    person = appeal.worker.person
    what = "confirmed" if appeal.outcome == GoldAppeal.Outcome.LOST else appeal.outcome
    texts = TEXTS.get(person.language, TEXTS["en"])
    where, link = appeal.answer.project.title, f"{settings.PUBLIC_URL}/app/#/history"
    tell(person, texts[what].format(where=where, link=link))


def tell_deciders(appeal: GoldAppeal) -> None:
    """Reviewers and admins who do not belong to the project's organisation."""
    link = f"{settings.PUBLIC_URL}/console/appeals/"
    involved = Membership.objects.filter(organisation=appeal.answer.project.organisation_id).values("person")
    deciders = Person.objects.filter(Q(is_reviewer=True) | Q(is_staff=True), is_active=True)
    for one in deciders.exclude(pk__in=involved).exclude(pk=appeal.worker.person_id).order_by("pk")[:MOST_ADMINS]:
        texts = TEXTS.get(one.language, TEXTS["en"])
        answer_by = f"{appeal.answer_by:%Y-%m-%d %H:%M} UTC"
        tell(one, texts["question"].format(where=appeal.answer.project.title, answer_by=answer_by, link=link))
