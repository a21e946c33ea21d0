"""What a person may press on an application: label, form and service of each move."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from funding import services
from funding.forms.applications import NoteForm, OrderForm, ReasonForm
from funding.models import Application
from funding.services.actors import actors_of, why_not_decide, why_not_pay
from funding.workflow import MOVES
from lib.workflow import moves_open_to
from organizations.models import User


@dataclass(frozen=True, slots=True)
class Action:
    """A button: `serve(application, by=, at=, **what the form says)`."""

    name: str
    label: Promise
    done: Promise
    icon: str
    serve: Callable[..., Any]
    form: type[forms.Form] = NoteForm
    is_grave: bool = False

    @property
    def needs_more(self) -> bool:
        """Whether its form must be filled in; else one press is enough."""
        return self.form is not NoteForm


def _submit(application: Application, *, note: str = "", **who: Any) -> Application:  # noqa: ARG001 -- every move's form may carry a note
    return services.submit(application, **who)


ACTIONS = {
    action.name: action
    for action in (
        Action("submit", _("Hand in"), _("Handed in."), "send", _submit),
        Action("check", _("In order"), _("Checked."), "eye-check", services.check),
        Action("approve", _("Approve"), _("Approved."), "rosette-discount-check",
               services.approve),
        Action("order", _("Order a payment"), _("Payment ordered."), "building-bank",
               services.order, OrderForm),
        Action("return", _("Return"), _("Returned to its maker."), "arrow-back-up",
               services.send_back, ReasonForm),
        Action("send_back", _("Cannot be paid, return"), _("Returned to its maker."),
               "arrow-back-up", services.return_unpaid, ReasonForm),
        Action("finish", _("No more to pay"), _("Finished; the rest is free again."),
               "circle-check", services.finish_early),
        Action("refuse", _("Refuse"), _("Refused."), "ban", services.refuse, ReasonForm,
               is_grave=True),
        Action("withdraw", _("Withdraw"), _("Withdrawn."), "circle-x", services.withdraw,
               is_grave=True),
    )
}  # fmt: skip
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
