from django.db import transaction

from people.access import get_owned_organisation_for, get_person_by_address
from people.audit import record
from people.models import Membership, Person
from people.refusals import Conflict, Refusal


@transaction.atomic
def add_member(actor: Person, organisation_id: int, address: str, role: str = Membership.Role.MEMBER) -> Membership:
    """The person with that e-mail address or phone number joins the organisation. An unknown address gets an account
    that its owner opens with a one-time code."""
    organisation = get_owned_organisation_for(actor, organisation_id, lock=True)
    if role not in Membership.Role.values:
        raise Refusal("A member's role is owner or member.", field="role")
    person = get_person_by_address(address) or _new_person(address)
    membership, made = Membership.objects.get_or_create(
        organisation=organisation, person=person, defaults={"role": role}
    )
    if not made:
        raise Conflict("This person is a member already.", field="address")
    record(actor, "people.add_member", organisation, member=person.pk, role=role)
    return membership


def _new_person(address: str) -> Person:
    from people.addresses import parse_address

    kind, value = parse_address(address)
    return Person.objects.create_user(**{kind: value})
