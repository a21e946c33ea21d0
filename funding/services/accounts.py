"""Bank accounts: one may serve a body and those below it (村账镇代管), never a person."""

from django.utils.translation import gettext as _

from funding.models import BankAccount
from lib.errors import RuleViolation
from organizations.models import Body


def check_serves(account: BankAccount, body: Body) -> None:
    """Raises RuleViolation where the account is closed, or neither the body's nor one above's."""
    above = body.ancestors(include_self=True).values_list("pk", flat=True)
    if account.closed_at is not None or account.body_id not in set(above):
        raise RuleViolation(
            _("This account is closed, or belongs to another body: choose another."),
            code="other_account",
        )
