from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from kernel.errors import Conflict, DomainError
from ledger import clock
from people.access import get_owned_organisation_for
from people.addresses import parse_address
from people.audit import record
from people.budgets import HOUR_S, Budget, take
from people.models import Invitation, Membership, Person
from people.sms import send_sms

DAYS = 14
AN_HOUR = 20  # invitations of one organisation
TO_AN_ADDRESS = 3  # a day, whoever invites


def invite_member(actor: Person, organisation_id: int, address: str, role: str = Membership.Role.VIEWER) -> Invitation:
    """Ask whoever owns that address to join. Whether there is such a person is not told, nor her name, until she accepts."""
    invitation = _make(actor, organisation_id, address, role)
    _tell(invitation)
    return invitation


@transaction.atomic
def _make(actor: Person, organisation_id: int, address: str, role: str) -> Invitation:
    organisation = get_owned_organisation_for(actor, organisation_id, lock=True)
    if role not in Membership.Role.values:
        raise DomainError("A member's role is owner, manager or viewer.", field="role")
    kind, value = parse_address(address)
    if organisation.memberships.filter(**{f"person__{kind}__iexact": value}).exists():
        raise Conflict("This person is a member already.", field="address", code="member_already")
    waiting = organisation.invitations.filter(address=value, ended_at=None)
    waiting.filter(expires_at__lte=clock.now()).update(ended_at=clock.now(), outcome=Invitation.Outcome.EXPIRED)
    if waiting.exists():
        raise Conflict(
            "This address has an invitation already: it waits for an answer.", field="address", code="invited_already"
        )
    wait_s = take(
        [
            Budget("invitations of", (str(organisation.pk),), AN_HOUR, HOUR_S),
            Budget("invitations to", (value,), TO_AN_ADDRESS, 24 * HOUR_S),
        ]
    ).wait_s
    if wait_s:
        minutes = wait_s // 60 + 1
        raise DomainError(
            "Too many invitations were sent: try again in {minutes} minutes.",
            field="address",
            code="too_many_requests",
            status=429,
            said={"minutes": minutes},
        )
    ends = clock.now() + timedelta(days=DAYS)
    made = Invitation.objects.create(
        organisation=organisation, invited_by=actor, address=value, role=role, expires_at=ends
    )
    record(actor, "people.invite_member", organisation, invitation=made.pk, role=role)
    return made


def _tell(invitation: Invitation) -> None:
    """The same words to everybody: they name neither the inviting person nor whether the reader has an account."""
    with override("en"):
        words = _("%(organisation)s invites you to Ilima. To answer, sign in or sign up with this address: %(url)s")
        url = f"{settings.PUBLIC_URL}/console/invitations/"
        text = words % {"organisation": invitation.organisation.name, "url": url}
        if "@" in invitation.address:
            send_mail(_("Ilima: an invitation"), text, settings.DEFAULT_FROM_EMAIL, [invitation.address])
        else:
            send_sms(invitation.address, text)
