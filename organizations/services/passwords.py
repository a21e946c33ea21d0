"""A rule for passwords that needs the person (`config.passwords` has those that do not)."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class NotTheLastOne:
    """Not the password that the person has now."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if user is not None and user.pk and user.check_password(password):
            raise ValidationError(_("Choose a password that is not your last one."), code="same")

    def get_help_text(self) -> str:
        return _("It must differ from your last password.")
