"""Who is who, and the only door to people's rows. Not yours and not there are the same refusal."""

from allauth.account.models import EmailAddress
from django.db.models import F, Q, QuerySet

from delivery.models import WebhookEndpoint
from kernel.errors import Forbidden, NotFound
from ledger import clock
from people.models import ApiToken, Invitation, Membership, Organisation, Person, Worker

MAX_ID = 2**63 - 1
CHANGES = (Membership.Role.OWNER, Membership.Role.MANAGER)
ONLY_LOOKS = "You may look here, and change nothing: an owner of the organisation can give you another role."
NO_MONEY = "Only an owner of the organisation spends its money: ask one to do this."


def roles_of(person: Person) -> list[str]:
    """Of worker, requester, reviewer, admin: what this person may be today."""
    worker = Worker.objects.filter(person=person).exists()
    requester = Membership.objects.filter(person=person).exists()
    held = {"worker": worker, "requester": requester, "reviewer": person.is_reviewer, "admin": person.is_staff}
    return [role for role, has in held.items() if has]


def organisations_of(actor: Person) -> QuerySet[Organisation]:
    return Organisation.objects.filter(memberships__person=actor).order_by("id")


def owned_by(actor: Person) -> QuerySet[Organisation]:
    """Those whose money is hers to see."""
    rows = Organisation.objects.filter(memberships__person=actor, memberships__role=Membership.Role.OWNER)
    return rows.order_by("id")


def require_admin(actor: Person) -> None:
    if not actor.is_staff:
        raise Forbidden("Only an admin may open this.", code="not_an_admin")


def require_reviewer(actor: Person) -> None:
    if not (actor.is_reviewer or actor.is_staff):
        raise Forbidden("Only a reviewer may do this.", code="not_a_reviewer")


def get_organisation_for(actor: Person, organisation_id: int, lock: bool = False) -> Organisation:
    """An organisation that the actor is a member of; an admin reads every one."""
    rows = Organisation.objects.all() if actor.is_staff else Organisation.objects.filter(memberships__person=actor)
    return _one(rows, organisation_id, lock)


def get_member_organisation_for(actor: Person, organisation_id: int, lock: bool = False) -> Organisation:
    """An organisation that the actor may work for: an owner's or a manager's, and not an admin's who is none."""
    return _of_role(actor, organisation_id, CHANGES, Forbidden(ONLY_LOOKS, code="only_looks"), lock)


def get_spending_organisation_for(actor: Person, organisation_id: int, lock: bool = False) -> Organisation:
    """An organisation whose money the actor may spend."""
    return _of_role(actor, organisation_id, (Membership.Role.OWNER,), Forbidden(NO_MONEY, code="no_money"), lock)


def require_spender(actor: Person, organisation_id: int) -> None:
    get_spending_organisation_for(actor, organisation_id)


def sees_money(actor: Person, organisation: Organisation) -> bool:
    return actor.is_staff or organisation.memberships.filter(person=actor, role=Membership.Role.OWNER).exists()


def _of_role(actor: Person, organisation_id: int, roles, refusal: Forbidden, lock: bool) -> Organisation:
    mine = Organisation.objects.filter(memberships__person=actor).annotate(role=F("memberships__role"))
    organisation = _one(mine, organisation_id, lock)
    if organisation.role not in roles:
        raise refusal
    return organisation


def get_owned_organisation_for(actor: Person, organisation_id: int, lock: bool = False) -> Organisation:
    """An organisation that the actor may change. A member who is no owner is told so; a stranger sees nothing."""
    organisation = get_organisation_for(actor, organisation_id, lock)
    owner = Membership.objects.filter(organisation=organisation, person=actor, role=Membership.Role.OWNER).exists()
    if not owner:
        raise Forbidden("Only an owner of the organisation may do this.", code="not_an_owner")
    return organisation


def invitations_of(actor: Person) -> QuerySet[Invitation]:
    """Those that wait for her answer: sent to an address that she has proved."""
    proved = list(EmailAddress.objects.filter(user=actor, verified=True).values_list("email", flat=True))
    proved += [actor.phone] if actor.phone_verified else []
    waiting = Invitation.objects.filter(address__in=proved, ended_at=None, expires_at__gt=clock.now())
    return waiting.order_by("-pk")


def get_invitation_for(actor: Person, invitation_id: int, lock: bool = False) -> Invitation:
    return _one(invitations_of(actor).select_related("organisation"), invitation_id, lock)


def get_token_for(actor: Person, token_id: int, lock: bool = False) -> ApiToken:
    return _one(ApiToken.objects.filter(person=actor), token_id, lock)


def webhooks_of(actor: Person) -> QuerySet[WebhookEndpoint]:
    return WebhookEndpoint.objects.filter(organisation_id__in=organisations_of(actor).values("pk"))


def get_webhook_for(actor: Person, endpoint_id: int, lock: bool = False) -> WebhookEndpoint:
    return _one(webhooks_of(actor), endpoint_id, lock)


def get_any_worker_for(actor: Person, worker_id: int) -> Worker:
    """A worker's row for an admin; for everybody else there is nothing here."""
    return _one(Worker.objects.all() if actor.is_staff else Worker.objects.none(), worker_id)


def get_person_by_address(address: str) -> Person | None:
    """The person with that e-mail address or phone number, if there is one."""
    from people.addresses import parse_address

    _, value = parse_address(address)
    return Person.objects.filter(Q(email__iexact=value) | Q(phone=value)).first()


def _one(rows: QuerySet, row_id: int, lock: bool = False):
    row = None
    if isinstance(row_id, int) and 0 < row_id <= MAX_ID:
        row = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=row_id).first()
    if row is None:
        raise NotFound
    return row
