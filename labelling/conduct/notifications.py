"""Short messages about bans and appeals, in the reader's language: by e-mail where she has an address, else to her phone."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q

from kernel.say import Ours
from labelling.models import Batch, Project
from labelling.models.bans import Ban
from labelling.models.gold_appeals import GoldAppeal
from labelling.models.holds import PayHold
from people.models import Membership, Person, Worker
from people.telling import Message, tell

MAX_ADMINS = 20
LOOK, BAN, MISS = "Your pay", "Your work", "A known task"  # what it is about
MESSAGES = {
    "made": Message(
        BAN,
        "You can take no new work in {where} until {until}. Your money is safe. Why, and how to appeal: {link}",
    ),
    "lifted": Message(BAN, "You can work in {where} again: the ban is lifted. See {link}"),
    "lost": Message(BAN, "Your appeal was answered, and the ban in {where} stands until {until}. See why: {link}"),
    "appeal": Message(
        "An appeal waits", "A worker appeals against a ban: answer by {answer_by}, or it is lifted. {link}"
    ),
    "held": Message(
        LOOK,
        "Somebody looks at your last answers in {where}: their pay waits until {until} at the latest. It is yours and not "
        "lost. To ask for it sooner: {link}",
    ),
    "paused": Message(
        "Your batch is paused",
        "Your batch in {where} is paused: its tasks take people longer than you thought, so they earn less than the floor. "
        "Close it and open one that pays more: {link}",
    ),
    "unanswered": Message(
        "Asked again, and not answered",
        "Nobody answered {count} items that you asked again in {where}: what was decided before stands, and their money is "
        "yours again. To ask at a higher price: {link}",
    ),
    "hold_appeal": Message(
        "An appeal waits", "A worker asks for her held pay: look, and let it go if nothing is wrong. {link}"
    ),
    "question": Message(
        "An appeal waits",
        "A worker questions a known task of {where}: answer by {answer_by}, or it counts as right. {link}",
    ),
    "won": Message(MISS, "You were right about a known task of {where}: it counts as right now. See {link}"),
    "asked": Message(
        "A question about your work",
        "Somebody who works in {where} asks about the tasks: answer for all of them. {link}",
    ),
    "rated_badly": Message(
        "A project is rated badly",
        "People say that {where} is not clear, not fair or not paid as it said: look. {link}",
    ),
    "post": Message(
        "Words in a thread", "Somebody reports what is written in the thread of {where}: look at it. {link}"
    ),
    "reported": Message(
        "What a task shows",
        "Somebody met in {where} what disturbs, and was not warned: look. {link}",
    ),
    "warned": Message(
        "Your project warns of what it shows",
        "People met in {where} what disturbs, and were not warned. Somebody looked, and it is so: your project warns of it now, "
        "and new batches pay more for it. See {link}",
    ),
    "silence": Message(MISS, "Nobody answered you in time, so a known task of {where} counts as right now. See {link}"),
    "confirmed": Message(
        MISS, "Somebody looked again at a known task of {where}, and its answer stands. See why: {link}"
    ),
}
EVERYWHERE = Ours("all projects")


def tell_worker(ban: Ban, what: str) -> None:
    """what: made, lifted or lost. A person who left, or has no address, is not written to."""
    person = ban.worker.person
    where = ban.project.title_in(person.language) if ban.project else EVERYWHERE
    link = f"{settings.PUBLIC_URL}/app/#/bans"
    tell(person, MESSAGES[what], where=where, until=f"{ban.until:%Y-%m-%d %H:%M} UTC", link=link)


def tell_admins(ban: Ban) -> None:
    """All who may decide the appeal."""
    link = f"{settings.PUBLIC_URL}/console/admin/bans/{ban.pk}/"
    deciders = Person.objects.filter(is_staff=True, is_active=True).exclude(
        pk__in=[ban.made_by_id, ban.worker.person_id]
    )
    for admin in deciders.order_by("pk")[:MAX_ADMINS]:
        tell(admin, MESSAGES["appeal"], answer_by=f"{ban.appeal.answer_by:%Y-%m-%d %H:%M} UTC", link=link)


def tell_of_hold(hold: PayHold) -> None:
    """Her pay waits: where, until when, and how to ask for it sooner. Never silently."""
    person = hold.worker.person
    where, until = hold.project.title_in(person.language) if hold.project else "", f"{hold.until:%Y-%m-%d %H:%M} UTC"
    tell(person, MESSAGES["held"], where=where, until=until, link=f"{settings.PUBLIC_URL}/app/#/wallet")


def tell_of_pause(batch: Batch) -> None:
    _tell_owners(batch.project, "paused", f"batches/{batch.pk}/")


def tell_of_unanswered(batch: Batch, count: int) -> None:
    """Items that were asked again, and stand as they stood before."""
    _tell_owners(batch.project, "unanswered", f"batches/{batch.pk}/", count=count)


def tell_of_question(project: Project) -> None:
    _tell_owners(project, "asked", f"projects/{project.pk}/voices/")


def _tell_owners(project: Project, what: str, page: str, **said) -> None:
    """The organisation's, with the page of the console where they see to it."""
    link = f"{settings.PUBLIC_URL}/console/{page}"
    owners = Membership.objects.filter(organisation=project.organisation_id, role=Membership.Role.OWNER)
    for owner in owners.select_related("person").order_by("pk")[:MAX_ADMINS]:
        tell(owner.person, MESSAGES[what], where=project.title_in(owner.person.language), link=link, **said)


def tell_of_bad_rating(project: Project) -> None:
    link = f"{settings.PUBLIC_URL}/console/admin/voices/"
    for admin in Person.objects.filter(is_staff=True, is_active=True).order_by("pk")[:MAX_ADMINS]:
        tell(admin, MESSAGES["rated_badly"], where=project.title_in(admin.language), link=link)


def tell_of_content(project: Project) -> None:
    """The admins: one of them looks."""
    link = f"{settings.PUBLIC_URL}/console/admin/content/"
    for admin in Person.objects.filter(is_staff=True, is_active=True).order_by("pk")[:MAX_ADMINS]:
        tell(admin, MESSAGES["reported"], where=project.title_in(admin.language), link=link)


def tell_of_post(project: Project) -> None:
    """The admins: one of them reads what was reported."""
    link = f"{settings.PUBLIC_URL}/console/admin/posts/"
    for admin in Person.objects.filter(is_staff=True, is_active=True).order_by("pk")[:MAX_ADMINS]:
        tell(admin, MESSAGES["post"], where=project.title_in(admin.language), link=link)


def tell_of_warnings(project: Project) -> None:
    """The owners: what it warns of was added by an admin."""
    _tell_owners(project, "warned", f"projects/{project.pk}/question/")


def tell_of_held(worker: Worker) -> None:
    """All who may let her pay go."""
    link = f"{settings.PUBLIC_URL}/console/admin/workers/{worker.pk}/"
    deciders = Person.objects.filter(is_staff=True, is_active=True).exclude(pk=worker.person_id)
    for admin in deciders.order_by("pk")[:MAX_ADMINS]:
        tell(admin, MESSAGES["hold_appeal"], link=link)


def tell_of_miss(appeal: GoldAppeal) -> None:
    """What became of her appeal, or of a miss that somebody else's appeal put right."""
    person = appeal.worker.person
    what = "confirmed" if appeal.outcome == GoldAppeal.Outcome.LOST else appeal.outcome
    where, link = appeal.answer.project.title_in(person.language), f"{settings.PUBLIC_URL}/app/#/history"
    tell(person, MESSAGES[what], where=where, link=link)


def tell_deciders(appeal: GoldAppeal) -> None:
    """Reviewers and admins who do not belong to the project's organisation."""
    link = f"{settings.PUBLIC_URL}/console/appeals/"
    involved = Membership.objects.filter(organisation=appeal.answer.project.organisation_id).values("person")
    deciders = Person.objects.filter(Q(is_reviewer=True) | Q(is_staff=True), is_active=True)
    for one in deciders.exclude(pk__in=involved).exclude(pk=appeal.worker.person_id).order_by("pk")[:MAX_ADMINS]:
        answer_by = f"{appeal.answer_by:%Y-%m-%d %H:%M} UTC"
        tell(
            one,
            MESSAGES["question"],
            where=appeal.answer.project.title_in(one.language),
            answer_by=answer_by,
            link=link,
        )
