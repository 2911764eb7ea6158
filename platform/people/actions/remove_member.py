from django.db import transaction

from kernel.errors import DomainError, NotFound
from people.access import get_owned_organisation_for
from people.audit import record
from people.models import Membership, Person


@transaction.atomic
def remove_member(actor: Person, organisation_id: int, person_id: int) -> None:
    """Take a person out of the organisation; its last owner stays."""
    organisation = get_owned_organisation_for(actor, organisation_id, lock=True)
    membership = organisation.memberships.filter(person_id=person_id).first()
    if membership is None:
        raise NotFound
    owners = organisation.memberships.filter(role=Membership.Role.OWNER).count()
    if membership.role == Membership.Role.OWNER and owners == 1:
        raise DomainError("An organisation keeps at least one owner: make another member owner first.", field="person")
    membership.delete()
    record(actor, "people.remove_member", organisation, member=person_id)
