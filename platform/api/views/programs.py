"""What a program of the requester's needs: tokens to come in with, webhooks to be told by."""

from __future__ import annotations

from dataclasses import asdict

from rest_framework.response import Response

from api.contract.operation import operation
from api.contract.requests import Pages
from api.contract.shapes import page_of
from api.permissions import SESSION_ONLY
from api.shapes import programs as shapes
from api.views.base import APIView, ListView
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
from people.actions.try_webhook import try_webhook
from people.models import ApiToken, Invitation, Membership, Organisation
from people.recent import require_recent_sign_in


class TokensView(ListView):
    """The person's tokens. A secret is shown once, in the answer that made it."""

    required_scope = SESSION_ONLY

    @operation("tokens", query=Pages, answers=page_of(shapes.Token))
    def get(self, request) -> Response:
        return self.page(request, ApiToken.objects.filter(person=request.user), show_token)

    @operation("token_make", body=shapes.TokenMade, answers=shapes.NewToken, status=201)
    def post(self, request) -> Response:
        require_recent_sign_in(request)
        token, secret = make_token(request.user, **self.body)
        return Response({**show_token(token), "token": secret}, status=201)


class TokenView(APIView):
    required_scope = SESSION_ONLY

    @operation("token_revoke", status=204)
    def delete(self, request, token_id: int) -> Response:
        revoke_token(request.user, token_id)
        return Response(status=204)


class TokenRenewView(APIView):
    """Another TOKEN_DAYS for a token that has not been revoked."""

    required_scope = SESSION_ONLY

    @operation("token_renew", answers=shapes.Token)
    def post(self, request, token_id: int) -> Response:
        require_recent_sign_in(request)
        return Response(show_token(renew_token(request.user, token_id)))


class OrganisationsView(ListView):
    """The organisations that she belongs to, with her role in each."""

    @operation("organisations", query=Pages, answers=page_of(shapes.Organisation))
    def get(self, request) -> Response:
        rows = Membership.objects.filter(person=request.user).select_related("organisation")
        return self.page(request, rows, lambda one: show_organisation(one.organisation, one.role))

    @operation("organisation_create", body=shapes.OrganisationMade, answers=shapes.Organisation, status=201)
    def post(self, request) -> Response:
        made = create_organisation(request.user, self.body["name"])
        return Response(show_organisation(made, Membership.Role.OWNER), status=201)


class OrganisationView(APIView):
    """One organisation: her role in it, and how many belong to it."""

    @operation("organisation", answers=shapes.OrganisationInFull)
    def get(self, request, organisation_id: int) -> Response:
        organisation = get_organisation_for(request.user, organisation_id)
        hers = organisation.memberships.filter(person=request.user).first()
        shown = show_organisation(organisation, hers.role if hers else None)
        return Response({**shown, "members": organisation.memberships.count()})


class MembersView(ListView):
    """Who belongs to an organisation, and as what."""

    @operation("members", query=Pages, answers=page_of(shapes.Member))
    def get(self, request, organisation_id: int) -> Response:
        organisation = get_organisation_for(request.user, organisation_id)
        return self.page(request, organisation.memberships.select_related("person"), show_member)


class MemberView(APIView):
    """An owner gives a member another role (PATCH {"role"}), or takes her out (DELETE). The last owner stays."""

    required_scope = SESSION_ONLY

    @operation("member_change", body=shapes.RoleGiven, answers=shapes.Member)
    def patch(self, request, organisation_id: int, person_id: int) -> Response:
        get_owned_organisation_for(request.user, organisation_id)
        role = self.body["role"]
        if role == Membership.Role.OWNER:
            require_recent_sign_in(request)
        return Response(show_member(change_member(request.user, organisation_id, person_id, role)))

    @operation("member_remove", status=204)
    def delete(self, request, organisation_id: int, person_id: int) -> Response:
        remove_member(request.user, organisation_id, person_id)
        return Response(status=204)


class InvitationsView(ListView):
    """What waits for her answer; POST invites an address to an organisation that she owns. Who owns the address is not told."""

    required_scope = SESSION_ONLY

    @operation("invitations", query=Pages, answers=page_of(shapes.Invitation))
    def get(self, request) -> Response:
        return self.page(request, invitations_of(request.user).select_related("organisation"), show_invitation)

    @operation("invite", body=shapes.Invited, answers=shapes.Invitation, status=201)
    def post(self, request) -> Response:
        body = self.body
        get_owned_organisation_for(request.user, body["organisation"])
        require_recent_sign_in(request)
        made = invite_member(request.user, body["organisation"], body["address"], body["role"])
        return Response(show_invitation(made), status=201)


class InvitationAnswerView(APIView):
    """POST accepts, DELETE declines."""

    required_scope = SESSION_ONLY

    @operation("invitation_accept", answers=shapes.Joined)
    def post(self, request, invitation_id: int) -> Response:
        membership = accept_invitation(request.user, invitation_id)
        return Response({"organisation": membership.organisation_id, "role": membership.role})

    @operation("invitation_decline", status=204)
    def delete(self, request, invitation_id: int) -> Response:
        decline_invitation(request.user, invitation_id)
        return Response(status=204)


class WebhooksView(ListView):
    """Addresses that hear of decided items. The secret is shown once, in the answer that made it."""

    @operation("webhooks", query=Pages, answers=page_of(shapes.Webhook))
    def get(self, request) -> Response:
        return self.page(request, webhooks_of(request.user), show_webhook)

    @operation("webhook_add", body=shapes.WebhookAdded, answers=shapes.NewWebhook, status=201)
    def post(self, request) -> Response:
        endpoint = add_webhook(request.user, self.body["organisation"], self.body["url"], self.body.get("events"))
        return Response({**show_webhook(endpoint), "secret": endpoint.secret}, status=201)


class WebhookView(APIView):
    @operation("webhook_disable", status=204)
    def delete(self, request, endpoint_id: int) -> Response:
        disable_webhook(request.user, endpoint_id)
        return Response(status=204)


class WebhookTryView(APIView):
    """Send a signed sample there now: what the receiver says. It is of type `webhook.test` and is sent once."""

    @operation("webhook_try", answers=shapes.WebhookTried)
    def post(self, request, endpoint_id: int) -> Response:
        tried = try_webhook(request.user, endpoint_id)
        return Response({"taken": tried.taken, **asdict(tried)})


TOKEN_TIMES = ("created_at", "expires_at", "last_used_at", "revoked_at")


def show_token(token: ApiToken) -> dict:
    when = {name: getattr(token, name) and getattr(token, name).isoformat() for name in TOKEN_TIMES}
    return {"id": token.pk, "name": token.name, "prefix": token.prefix, "scopes": token.scopes, **when}


def show_organisation(organisation: Organisation, role: str | None) -> dict:
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
