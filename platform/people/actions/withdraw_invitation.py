from django.db import transaction

from kernel.errors import NotFound
from ledger import clock
from people.access import get_owned_organisation_for
from people.audit import record
from people.models import Invitation, Person


@transaction.atomic
def withdraw_invitation(actor: Person, organisation_id: int, invitation_id: int) -> None:
    """An invitation that nobody has answered is taken back."""
    organisation = get_owned_organisation_for(actor, organisation_id, lock=True)
    invitation = organisation.invitations.select_for_update().filter(pk=invitation_id, ended_at=None).first()
    if invitation is None:
        raise NotFound
    invitation.ended_at, invitation.outcome = clock.now(), Invitation.Outcome.WITHDRAWN
    invitation.save(update_fields=["ended_at", "outcome"])
    record(actor, "people.withdraw_invitation", organisation, invitation=invitation.pk)
