"""The rule of graded protection (GB/T 22239-2019) for passwords: length and kinds of characters."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
KINDS_WANTED = 3


class SeveralKindsValidator:
    """At least three of: small letters, capitals, digits, other characters."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 -- Django's signature
        if sum(bool(re.search(kind, password)) for kind in KINDS) < KINDS_WANTED:
            raise ValidationError(self.get_help_text(), code="password_too_uniform")

    def get_help_text(self) -> str:
        return _(
            "Use at least three of these: small letters, capital letters, digits, other characters."
        )
