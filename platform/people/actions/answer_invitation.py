from django.db import transaction

from ledger import clock
from people.access import get_invitation_for
from people.audit import record
from people.models import Invitation, Membership, Person


@transaction.atomic
def accept_invitation(actor: Person, invitation_id: int) -> Membership:
    """She joins: from now on the organisation sees her name, and she its projects and money."""
    invitation = get_invitation_for(actor, invitation_id, lock=True)
    membership, made = Membership.objects.get_or_create(
        organisation=invitation.organisation, person=actor, defaults={"role": invitation.role}
    )
    _end(invitation, Invitation.Outcome.ACCEPTED)
    if made:
        record(actor, "people.accept_invitation", invitation.organisation, role=invitation.role)
    return membership


@transaction.atomic
def decline_invitation(actor: Person, invitation_id: int) -> None:
    """Nothing of her is told but that the answer is no."""
    invitation = get_invitation_for(actor, invitation_id, lock=True)
    _end(invitation, Invitation.Outcome.DECLINED)
    record(None, "people.decline_invitation", invitation.organisation)


def _end(invitation: Invitation, outcome: str) -> None:
    invitation.ended_at, invitation.outcome = clock.now(), outcome
    invitation.save(update_fields=["ended_at", "outcome"])
