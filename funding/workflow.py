"""An application for money (用款申请): its states, who moves it, and where it goes. Data only.

`check` is the reviewer's look at documents, budget and purpose; after it the ladder of approvals is
climbed rung by rung (`approve`; `grant` is the last rung). Nobody stands on two sides: who made an
application neither checks, approves nor pays it, who checked or approved it does not pay.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lib.workflow import Move, move


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waits for the check")
    APPROVING = "approving", _("Waits for approval")
    APPROVED = "approved", _("Approved, waits for payment")
    PAYING = "paying", _("Being paid")
    PAID = "paid", _("Paid")
    RETURNED = "returned", _("Returned")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Actor(models.TextChoices):
    MAKER = "maker", _("Finance clerk who made it")
    CHECKER = "checker", _("Finance reviewer")
    APPROVER = "approver", _("Who stands on the next rung")
    PAYER = "payer", _("Cashier")
    CORRECTOR = "corrector", _("Reviewer of a correction")


OPEN = frozenset(
    {State.DRAFT, State.SUBMITTED, State.APPROVING, State.APPROVED, State.PAYING, State.RETURNED}
)
# What was asked for is fixed while others rely on it.
EDITABLE = frozenset({State.DRAFT, State.RETURNED})
UNDECIDED = frozenset({State.SUBMITTED, State.APPROVING})
# Money is kept or owed for it, and not yet all paid.
IN_WORK = frozenset({State.SUBMITTED, State.APPROVING, State.APPROVED, State.PAYING})

MOVES: dict[str, Move] = {
    "edit": move(EDITABLE, None, by={Actor.MAKER}),
    "submit": move(EDITABLE, State.SUBMITTED, by={Actor.MAKER}),
    "check": move({State.SUBMITTED}, State.APPROVING, by={Actor.CHECKER}),
    "approve": move({State.APPROVING}, None, by={Actor.APPROVER}),
    "grant": move({State.APPROVING}, State.APPROVED, by={Actor.APPROVER}),
    "return": move(UNDECIDED, State.RETURNED, by={Actor.CHECKER, Actor.APPROVER}),
    "refuse": move(UNDECIDED, State.REFUSED, by={Actor.CHECKER, Actor.APPROVER}),
    "withdraw": move(EDITABLE | UNDECIDED, State.WITHDRAWN, by={Actor.MAKER}),
    "send_back": move({State.APPROVED}, State.RETURNED, by={Actor.PAYER}),
    "order": move({State.APPROVED}, State.PAYING, by={Actor.PAYER}),
    "fail": move({State.PAYING}, State.APPROVED, by={Actor.PAYER}),
    "pay_part": move({State.PAYING}, State.APPROVED, by={Actor.PAYER}),
    "pay": move({State.PAYING}, State.PAID, by={Actor.PAYER}),
    "finish": move({State.APPROVED}, State.PAID, by={Actor.PAYER}),
    "unpay": move({State.APPROVED, State.PAID}, State.APPROVED, by={Actor.CORRECTOR}),
    "refund": move({State.APPROVED, State.PAID}, None, by={Actor.CORRECTOR}),
}
