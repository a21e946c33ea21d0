"""What a person may press on an application: label, form and service of each move."""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from funding import services
from funding.forms.applications import NoteForm, OrderForm, ReasonForm
from funding.models import Application
from funding.services.actors import actors_of, why_not_decide, why_not_pay
from funding.workflow import MOVES
from lib.actions import Action, table
from lib.workflow import moves_open_to
from organizations.models import User


def _submit(application: Application, *, note: str = "", **who: Any) -> Application:  # noqa: ARG001 -- every move's form may carry a note
    return services.submit(application, **who)


ACTIONS = table(
    Action("submit", _("Hand in"), "send", NoteForm, _submit, _("Handed in.")),
    Action("check", _("In order"), "eye-check", NoteForm, services.check, _("Checked.")),
    Action("approve", _("Approve"), "rosette-discount-check", NoteForm, services.approve,
           _("Approved.")),
    Action("order", _("Order a payment"), "building-bank", OrderForm, services.order,
           _("Payment ordered.")),
    Action("return", _("Return"), "arrow-back-up", ReasonForm, services.send_back,
           _("Returned to its maker.")),
    Action("send_back", _("Cannot be paid, return"), "arrow-back-up", ReasonForm,
           services.return_unpaid, _("Returned to its maker.")),
    Action("finish", _("No more to pay"), "circle-check", NoteForm, services.finish_early,
           _("Finished; the rest is free again.")),
    Action("refuse", _("Refuse"), "ban", ReasonForm, services.refuse, _("Refused."), is_grave=True),
    Action("withdraw", _("Withdraw"), "circle-x", NoteForm, services.withdraw, _("Withdrawn."),
           is_grave=True),
)  # fmt: skip
DECISIONS = frozenset({"check", "approve", "return", "refuse"})
PAYMENTS = frozenset({"order", "send_back", "finish"})


def open_to(user: User, application: Application, *, at: datetime.datetime) -> list[Action]:
    """The buttons that `user` sees, in the order of the table above."""
    actors = actors_of(user, application, at=at)
    names = set(moves_open_to(MOVES, state=application.state, actors=actors))
    if names & DECISIONS and why_not_decide(user, application):
        names -= DECISIONS
    if names & PAYMENTS and why_not_pay(user, application):
        names -= PAYMENTS
    names -= {"send_back"} if application.paid else {"finish"}
    return [action for name, action in ACTIONS.items() if name in names]
