from rest_framework.permissions import BasePermission

from people.models import ApiToken

SESSION_ONLY = "session"  # the scope that no token has: a token must not make another that can do more


class HasScope(BasePermission):
    """A token opens only the doors of its scopes; a signed-in person's session opens what her roles do."""

    message = "This token lacks the scope for this address: make one that has it."

    def has_permission(self, request, view) -> bool:
        if not isinstance(request.auth, ApiToken):
            return True
        return getattr(view, "required_scope", "projects") in request.auth.scopes
