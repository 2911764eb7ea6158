"""What a program of the requester's needs: tokens to come in with, webhooks to be told by."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.permissions import SESSION_ONLY
from api.views.base import APIView, ListView
from api.views.fields import body_of, integer_of, text_of
from delivery.models import WebhookEndpoint
from people.access import get_organisation_for, get_owned_organisation_for, invitations_of, webhooks_of
from people.actions.add_webhook import add_webhook
from people.actions.answer_invitation import accept_invitation, decline_invitation
from people.actions.change_member import change_member
from people.actions.create_organisation import create_organisation
from people.actions.disable_webhook import disable_webhook
from people.actions.invite_member import invite_member
from people.actions.make_token import make_token
from people.actions.remove_member import remove_member
from people.actions.renew_token import renew_token
from people.actions.revoke_token import revoke_token
from people.models import ApiToken, Invitation, Membership, Organisation
from people.recent import require_recent_sign_in


class TokensView(ListView):
    """The person's tokens. A secret is shown once, in the answer that made it."""

    required_scope = SESSION_ONLY

    @extend_schema(responses={200: dict}, operation_id="tokens")
    def get(self, request) -> Response:
        return self.page(request, ApiToken.objects.filter(person=request.user), show_token)

    @extend_schema(request=dict, responses={201: dict}, operation_id="token_make")
    def post(self, request) -> Response:
        require_recent_sign_in(request)
        body = body_of(request, {"name", "scopes"})
        token, secret = make_token(request.user, text_of(body, "name", most=80), body.get("scopes"))
        return Response({**show_token(token), "token": secret}, status=201)


class TokenView(ListView):
    required_scope = SESSION_ONLY

    @extend_schema(responses={204: None}, operation_id="token_revoke")
    def delete(self, request, token_id: int) -> Response:
        revoke_token(request.user, token_id)
        return Response(status=204)


class TokenRenewView(ListView):
    """Another TOKEN_DAYS for a token that has not been revoked."""

    required_scope = SESSION_ONLY

    @extend_schema(request=dict, responses={200: dict}, operation_id="token_renew")
    def post(self, request, token_id: int) -> Response:
        body_of(request, set())
        require_recent_sign_in(request)
        return Response(show_token(renew_token(request.user, token_id)))


class OrganisationsView(ListView):
    """The organisations that she belongs to, with her role in each."""

    @extend_schema(responses={200: dict}, operation_id="organisations")
    def get(self, request) -> Response:
        rows = Membership.objects.filter(person=request.user).select_related("organisation")
        return self.page(request, rows, lambda one: show_organisation(one.organisation, one.role))

    @extend_schema(request=dict, responses={201: dict}, operation_id="organisation_create")
    def post(self, request) -> Response:
        made = create_organisation(request.user, text_of(body_of(request, {"name"}), "name", most=120))
        return Response(show_organisation(made, Membership.Role.OWNER), status=201)


class MembersView(ListView):
    """Who belongs to an organisation, and as what."""

    @extend_schema(responses={200: dict}, operation_id="members")
    def get(self, request, organisation_id: int) -> Response:
        organisation = get_organisation_for(request.user, organisation_id)
        return self.page(request, organisation.memberships.select_related("person"), show_member)


class MemberView(APIView):
    """An owner gives a member another role (PATCH {"role"}), or takes her out (DELETE). The last owner stays."""

    required_scope = SESSION_ONLY

    @extend_schema(request=dict, responses={200: dict}, operation_id="member_change")
    def patch(self, request, organisation_id: int, person_id: int) -> Response:
        get_owned_organisation_for(request.user, organisation_id)
        role = text_of(body_of(request, {"role"}), "role", most=10)
        if role == Membership.Role.OWNER:
            require_recent_sign_in(request)
        return Response(show_member(change_member(request.user, organisation_id, person_id, role)))

    @extend_schema(responses={204: None}, operation_id="member_remove")
    def delete(self, request, organisation_id: int, person_id: int) -> Response:
        remove_member(request.user, organisation_id, person_id)
        return Response(status=204)


class InvitationsView(ListView):
    """What waits for her answer; POST invites an address to an organisation that she owns. Who owns the address is not told."""

    required_scope = SESSION_ONLY

    @extend_schema(responses={200: dict}, operation_id="invitations")
    def get(self, request) -> Response:
        return self.page(request, invitations_of(request.user).select_related("organisation"), show_invitation)

    @extend_schema(request=dict, responses={201: dict}, operation_id="invite")
    def post(self, request) -> Response:
        body = body_of(request, {"organisation", "address", "role"})
        organisation, address = integer_of(body, "organisation"), text_of(body, "address", most=254)
        role = text_of(body, "role", default="viewer", most=10)
        get_owned_organisation_for(request.user, organisation)
        require_recent_sign_in(request)
        return Response(show_invitation(invite_member(request.user, organisation, address, role)), status=201)


class InvitationAnswerView(ListView):
    """POST accepts, DELETE declines."""

    required_scope = SESSION_ONLY

    @extend_schema(request=dict, responses={200: dict}, operation_id="invitation_accept")
    def post(self, request, invitation_id: int) -> Response:
        body_of(request, set())
        membership = accept_invitation(request.user, invitation_id)
        return Response({"organisation": membership.organisation_id, "role": membership.role})

    @extend_schema(responses={204: None}, operation_id="invitation_decline")
    def delete(self, request, invitation_id: int) -> Response:
        decline_invitation(request.user, invitation_id)
        return Response(status=204)


class WebhooksView(ListView):
    """Addresses that hear of decided items. The secret is shown once, in the answer that made it."""

    @extend_schema(responses={200: dict}, operation_id="webhooks")
    def get(self, request) -> Response:
        return self.page(request, webhooks_of(request.user), show_webhook)

    @extend_schema(request=dict, responses={201: dict}, operation_id="webhook_add")
    def post(self, request) -> Response:
        body = body_of(request, {"organisation", "url"})
        endpoint = add_webhook(request.user, integer_of(body, "organisation"), text_of(body, "url", most=500))
        return Response({**show_webhook(endpoint), "secret": endpoint.secret}, status=201)


class WebhookView(ListView):
    @extend_schema(responses={204: None}, operation_id="webhook_disable")
    def delete(self, request, endpoint_id: int) -> Response:
        disable_webhook(request.user, endpoint_id)
        return Response(status=204)


TOKEN_TIMES = ("created_at", "expires_at", "last_used_at", "revoked_at")


def show_token(token: ApiToken) -> dict:
    when = {name: getattr(token, name) and getattr(token, name).isoformat() for name in TOKEN_TIMES}
    return {"id": token.pk, "name": token.name, "prefix": token.prefix, "scopes": token.scopes, **when}


def show_organisation(organisation: Organisation, role: str) -> dict:
    return {"id": organisation.pk, "name": organisation.name, "role": role}


def show_member(membership: Membership) -> dict:
    return {"person": membership.person_id, "name": str(membership.person), "role": membership.role}


def show_invitation(invitation: Invitation) -> dict:
    return {
        "id": invitation.pk,
        "organisation": invitation.organisation_id,
        "name": invitation.organisation.name,
        "role": invitation.role,
        "expires_at": invitation.expires_at.isoformat(),
    }


def show_webhook(endpoint: WebhookEndpoint) -> dict:
    return {
        "id": endpoint.pk,
        "organisation": endpoint.organisation_id,
        "url": endpoint.url,
        "events": endpoint.events,
        "disabled": endpoint.disabled_at is not None,
        "failures": endpoint.failures,  # in a row, up to ten
        "rests_until": endpoint.rests_until.isoformat() if endpoint.failures and endpoint.rests_until else None,
    }
