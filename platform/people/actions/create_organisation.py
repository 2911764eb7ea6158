from django.db import transaction

from kernel.errors import DomainError
from people.audit import record
from people.models import Membership, Organisation, Person


@transaction.atomic
def create_organisation(actor: Person, name: str) -> Organisation:
    """A new requester, owned by the actor."""
    name = name.strip()
    if not 1 <= len(name) <= 120:
        raise DomainError("Give the organisation a name of 1 to 120 characters.", field="name")
    organisation = Organisation.objects.create(name=name)
    Membership.objects.create(organisation=organisation, person=actor, role=Membership.Role.OWNER)
    record(actor, "people.create_organisation", organisation, name=name)
    return organisation
