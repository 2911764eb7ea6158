import hashlib
import secrets

from django.db import transaction

from kernel.errors import DomainError
from people.audit import record
from people.models import ApiToken, Person

SCOPES = ("work", "wallet", "projects", "label")
PREFIX = "ilm_"


@transaction.atomic
def make_token(actor: Person, name: str, scopes: list[str]) -> tuple[ApiToken, str]:
    """A new token and its secret. The secret is shown once, only its SHA-256 is kept; it ends after TOKEN_DAYS."""
    name = name.strip()
    if not 1 <= len(name) <= 80:
        raise DomainError("Give the token a name of 1 to 80 characters.", field="name")
    if not isinstance(scopes, list) or not scopes or any(scope not in SCOPES for scope in scopes):
        raise DomainError("Choose at least one scope of work, wallet, projects and label.", field="scopes")
    secret = PREFIX + secrets.token_urlsafe(32)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    scopes = [scope for scope in SCOPES if scope in scopes]
    token = ApiToken.objects.create(person=actor, name=name, prefix=secret[:12], token_sha256=digest, scopes=scopes)
    record(actor, "people.make_token", token, scopes=scopes)
    return token, secret
