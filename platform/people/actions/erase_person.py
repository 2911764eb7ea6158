from django.apps import apps
from django.db import transaction

from delivery.outbox import emit
from kernel.errors import DomainError
from kernel.money import to_text
from kernel.sql import fetch
from ledger.factories import available_of, pending_of
from ledger.reading import balances
from people.access import invitations_of
from people.audit import record
from people.models import Membership, Person, Worker
from people.personal_data import DELETE, TABLES, WORDS


@transaction.atomic
def erase_person(person: Person) -> None:
    """Close the account and forget who it was. What others rely on stays, under a pseudonym that leads nowhere.

    Refused, with nothing changed, while money of hers is left, or while an organisation would lose its only owner.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    worker = Worker.objects.filter(person=person).first()
    _check_money(worker)
    _check_organisations(person)
    invitations_of(person).delete()  # to her addresses, which are hers no more
    for table in TABLES:
        if table.at_erasure == DELETE:
            apps.get_model(table.model)._default_manager.filter(**{table.path: person}).delete()
    for words in WORDS:
        if words.left is not None:
            apps.get_model(words.model)._default_manager.filter(**{words.path: person}).exclude(
                **{words.field: ""}
            ).update(**{words.field: words.left})
    if worker:
        Worker.objects.filter(pk=worker.pk).update(country="", avoids=[])
    _forget(person)
    fetch("SELECT people_forget(%s)", [person.pk])  # in the logs, which only grow
    record(None, "people.erase", person)
    emit("person.erased", {"person": person.pk, "worker": worker.pk if worker else None})


def _check_money(worker: Worker | None) -> None:
    held = sum(balances([available_of(worker.pk), pending_of(worker.pk)]).values()) if worker else 0
    if held:
        raise DomainError(
            "{held} of your money is still here: have it paid out first, then close the account.",
            field="money",
            code="money_left",
            said={"held": to_text(held, places=6)},
        )


def _check_organisations(person: Person) -> None:
    for membership in Membership.objects.filter(person=person, role=Membership.Role.OWNER).select_related(
        "organisation"
    ):
        others = membership.organisation.memberships.exclude(person=person)
        if others.exists() and not others.filter(role=Membership.Role.OWNER).exists():
            name = membership.organisation.name
            raise DomainError(
                "You are the only owner of {name}: make another member owner first.",
                field="organisation",
                said={"name": name},
            )


def _forget(person: Person) -> None:
    person.email, person.phone = f"erased-{person.pk}@erased.invalid", None
    person.phone_verified = person.is_staff = person.is_superuser = person.is_reviewer = person.is_active = False
    person.display_name, person.language = "", "en"
    person.last_login = None
    person.set_unusable_password()
    person.save()
    person.groups.clear()
    person.user_permissions.clear()
