"""How the API's authentication reads in the OpenAPI document; drf-spectacular finds it by its class, once imported."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema) -> dict:
        return build_bearer_security_scheme_object("Authorization", "Bearer")
