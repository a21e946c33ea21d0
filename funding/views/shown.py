"""What pages show of an application: its way in words, who is next, what waits."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funding.forms.actions import open_to
from funding.models import Application, ApplicationEvent, Approval, Hold
from funding.models.approvals import CHECK_POSITION
from funding.services.actors import next_step, why_not_decide, why_not_pay
from funding.workflow import EDITABLE, UNDECIDED, State
from grids.scopes import scopes_of
from lib import registry
from lib.masking import mask_card
from lib.roles import COMMITTEE, FINANCE, Role
from organizations.models import Post, User

OWED_SHOWN = 4
SEE_ACCOUNTS = FINANCE | COMMITTEE | {Role.DEPARTMENT_HEAD}
WORDS: dict[str, tuple[str, str, Promise]] = {
    "edit": ("pencil", "waiting", gettext_lazy("Written")),
    "attach": ("paperclip", "waiting", gettext_lazy("Document added")),
    "detach": ("paperclip", "waiting", gettext_lazy("Document taken away")),
    "submit": ("send", "work", gettext_lazy("Handed in, money kept")),
    "check": ("eye-check", "checking", gettext_lazy("Checked, in order")),
    "approve": ("rosette-discount-check", "checking", gettext_lazy("Approved")),
    "grant": ("rosette-discount-check", "done", gettext_lazy("Approved on the last step")),
    "return": ("arrow-back-up", "asked", gettext_lazy("Returned")),
    "refuse": ("ban", "ended", gettext_lazy("Refused")),
    "withdraw": ("circle-x", "ended", gettext_lazy("Withdrawn")),
    "send_back": ("arrow-back-up", "asked", gettext_lazy("Could not be paid, returned")),
    "order": ("building-bank", "work", gettext_lazy("Payment ordered")),
    "fail": ("alert-triangle", "asked", gettext_lazy("The bank did not pay")),
    "pay_part": ("cash", "done", gettext_lazy("Paid in part")),
    "pay": ("cash", "done", gettext_lazy("Paid")),
    "finish": ("circle-check", "done", gettext_lazy("Finished, the rest is free again")),
    "unpay": ("rotate", "asked", gettext_lazy("Payment reversed")),
    "refund": ("arrow-back", "work", gettext_lazy("Money came back")),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A point of the way, as `_timeline.html` draws it."""

    title: str
    icon: str
    tone: str
    who: str = ""
    at: datetime.datetime | None = None
    text: str = ""
    coming: bool = False


def page(application: Application, user: User, *, at: datetime.datetime) -> dict[str, Any]:
    """Everything that the page of one application draws."""
    actions = open_to(user, application, at=at)
    return {
        "application": application,
        "actions": actions,
        "hindrance": _hindrance(application, user) if not actions else "",
        "steps": way(application),
        "next_people": next_people(application, at=at),
        "about": subject_of(application, user),
        "account": _account(application, user, localdate(at)),
        "files": application.files.order_by("pk"),
        "payments": application.payments.select_related("account", "voucher").order_by("pk"),
        "may_edit": application.asked_by_id == user.pk and application.state in EDITABLE,
        "may_correct": Role.FINANCE_MAKER in user.roles_on(localdate(at)),
        "is_payer": Role.FINANCE_PAYER in user.roles_on(localdate(at))
        and not why_not_pay(user, application),
        "at": at,
    }


def _hindrance(application: Application, user: User) -> str:
    """Why somebody whose post would fit may not act, as a sentence."""
    if application.state in UNDECIDED and application.asked_by_id != user.pk:
        return why_not_decide(user, application)
    return why_not_pay(user, application) if application.state == State.APPROVED else ""


def _account(application: Application, user: User, today: datetime.date) -> str:
    """The payee's account: whole for those who check, approve and pay, masked for others."""
    body = application.line.body_id
    whole = any(
        scope.role in SEE_ACCOUNTS and body in scope.body_ids for scope in scopes_of(user, on=today)
    )
    return application.payee_account if whole else mask_card(application.payee_account)


def subject_of(row: Application | Hold, user: User) -> registry.Reference | None:
    """What the money is for, where the reader may see that."""
    if not row.subject_kind:
        return None
    pair = (row.subject_kind, row.subject_key)
    return registry.references.resolve([pair], user).get(pair)


@dataclass(frozen=True, slots=True)
class Owed:
    hold: Hold
    about: registry.Reference | None


def owed(user: User, *, on: datetime.date) -> list[Owed]:
    """The oldest debts of cases that nobody has applied for yet."""
    holds = list(Application.objects.owed(user, on=on).with_names().order_by("pk")[:OWED_SHOWN])
    pairs = {(hold.subject_kind, hold.subject_key) for hold in holds}
    about = registry.references.resolve(pairs, user)
    return [Owed(hold, about.get((hold.subject_kind, hold.subject_key))) for hold in holds]


def way(application: Application) -> list[Step]:
    """What happened, then the steps of this round that are still to come."""
    events = application.events.select_related("by").order_by("number")
    steps = [_made(event) for event in events if not _is_repeated(event)]
    waiting = application.approvals.filter(round=application.round, decision="")
    if application.state in UNDECIDED:
        steps += [_coming(step) for step in waiting.order_by("position")]
        steps.append(Step(_("Payment"), "cash", "waiting", coming=True))
    return steps


def _is_repeated(event: ApplicationEvent) -> bool:
    """Every further change of a draft says nothing new."""
    return event.move == "edit" and event.number > 1


def _made(event: ApplicationEvent) -> Step:
    icon, tone, title = WORDS[event.move]
    return Step(str(title), icon, tone, who=str(event.by), at=event.at, text=event.note)


def _coming(step: Approval) -> Step:
    role = Role(step.role).label
    title = _("Check: %(role)s") if step.position == CHECK_POSITION else _("Approval: %(role)s")
    return Step(title % {"role": role}, "hourglass-empty", "waiting", coming=True)


def next_people(application: Application, *, at: datetime.datetime) -> list[User]:
    """Those whose turn it is."""
    step = next_step(application) if application.state in UNDECIDED else None
    roles = {
        State.APPROVED: Role.FINANCE_PAYER,
        State.PAYING: Role.FINANCE_PAYER,
    }
    role = step.role if step else roles.get(State(application.state))
    if role is None:
        return [application.asked_by] if application.state in EDITABLE else []
    above = application.line.body.ancestors(include_self=True).values("pk")
    posts = Post.objects.valid_on(localdate(at)).filter(role=role, body__in=above)
    if step is not None and step.body_id:
        posts = posts.filter(body=step.body_id)
    people = posts.select_related("person").order_by("pk")
    return list({post.person_id: post.person for post in people}.values())


def states() -> list[tuple[str, Any]]:
    """What the list of applications can be narrowed to: (value of `state`, label)."""
    return [("", _("All")), ("mine", _("Waits for me")), *State.choices]
