from django.db import transaction

from kernel.errors import DomainError, NotFound
from people.access import get_owned_organisation_for
from people.audit import record
from people.models import Membership, Person


@transaction.atomic
def change_member(actor: Person, organisation_id: int, person_id: int, role: str) -> Membership:
    """Give a member another role; the last owner stays one. Safe to repeat."""
    organisation = get_owned_organisation_for(actor, organisation_id, lock=True)
    if role not in Membership.Role.values:
        raise DomainError("A member's role is owner, manager or viewer.", field="role")
    membership = organisation.memberships.filter(person_id=person_id).first()
    if membership is None:
        raise NotFound
    if membership.role == role:
        return membership
    owners = organisation.memberships.filter(role=Membership.Role.OWNER).count()
    if membership.role == Membership.Role.OWNER and owners == 1:
        raise DomainError("An organisation keeps at least one owner: make another member owner first.", field="person")
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    record(actor, "people.change_member", organisation, member=person_id, before=before, role=role)
    return membership
