"""Programs sign in with `Authorization: Bearer <token>`: the token stands for a person."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from organizations.models import AccessToken, User
from organizations.services.tokens import note_use


class BearerAuthentication(BaseAuthentication):
    """401 for a token that is unknown, ended or revoked, or whose person is locked.

    Also while a password that was issued waits to be changed: whoever had the old one may have
    made the token.
    """

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        scheme, _space, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        token = AccessToken.objects.usable_at(now).for_secret(secret.strip()).first()
        if token is None or not token.person.is_active or token.person.must_change_password:
            raise AuthenticationFailed(_("This token is not valid (any more)."))
        note_use(token, at=now)
        return token.person, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 -- DRF passes it
        return "Bearer"


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself, untyped
    """How the OpenAPI document names it."""

    target_class = "organizations.api.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002 -- drf-spectacular passes it
        return {"type": "http", "scheme": "bearer"}
