"""An application is written, changed, handed in and taken back by the finance clerk who made it."""

import datetime
import unicodedata
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from funding.models import Application, Approval, Hold, Line, Purpose, Rung
from funding.models.approvals import CHECK_POSITION
from funding.services.actors import demand
from funding.services.answers import booked
from funding.services.moving import begin, finish, record
from funding.services.refusals import NotAPositiveAmount, PurposeNotAllowed
from funding.services.reserving import reserve
from funding.services.resolving import release
from lib.errors import RuleViolation
from lib.fen import yuan
from lib.roles import Role
from organizations.models import User

COLUMNS = frozenset(
    {"line", "purpose", "title", "reason", "amount", "payee_name", "payee_bank", "payee_account"}
)


class MoreThanOwed(RuleViolation):
    def __init__(self, *, asked: int, left: int) -> None:
        text = _(
            "%(asked)s yuan is more than the %(left)s yuan that is owed and not asked for yet."
        )
        super().__init__(text % {"asked": yuan(asked), "left": yuan(left)}, code="more_than_owed")


class NoLadder(RuleViolation):
    def __init__(self, line: Line) -> None:
        text = _("No steps of approval are in force for %(source)s: have them entered first.")
        super().__init__(text % {"source": line.source}, code="no_ladder")


def party_key(name: str) -> str:
    """One spelling for one payee: NFKC, without blanks, in lower case."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


@booked
def draft(
    *,
    key: str,
    by: User,
    at: datetime.datetime,
    subject: tuple[str, str] = ("", ""),
    hold: Hold | None = None,
    **content: Any,
) -> Application:
    """A draft by a finance clerk of the line's body; the same key again answers the first one.

    `hold`: pays what a case owes on it, from its line and for its purpose. `content`: COLUMNS.
    Raises NotYours, PurposeNotAllowed, NotAPositiveAmount.
    """
    if known := Application.objects.filter(key=key, asked_by=by).first():
        return known
    if hold is not None:
        content |= {"line": hold.line, "purpose": hold.purpose}
        subject = (hold.subject_kind, hold.subject_key)
    demand(by, Role.FINANCE_MAKER, content["line"].body_id, at=at)
    application = Application(
        key=key,
        subject_kind=subject[0],
        subject_key=subject[1],
        hold=hold,
        asked_by=by,
        asked_at=at,
    )
    _write(application, content)
    application.save(force_insert=True)
    record(application, "edit", before=application.state, by=by, at=at)
    application.save(update_fields=["version", "head"])
    return application


@transaction.atomic
def edit(
    application: Application, *, by: User, at: datetime.datetime, **content: Any
) -> Application:
    """Change a draft, or what was returned. A case's money keeps its line and purpose."""
    locked = begin(application, "edit", by=by, at=at)
    if locked.hold is not None and not locked.owns_its_hold:
        content = {
            name: value for name, value in content.items() if name not in {"line", "purpose"}
        }
    else:
        demand(by, Role.FINANCE_MAKER, content["line"].body_id, at=at)
    columns = _write(locked, content)
    return finish(locked, "edit", by=by, at=at, **{name: getattr(locked, name) for name in columns})


def _write(application: Application, content: dict[str, Any]) -> list[str]:
    """Put `content` on the application; the names of the columns."""
    if unknown := content.keys() - COLUMNS:
        raise TypeError(f"an application has no {', '.join(sorted(unknown))}")
    if content["amount"] <= 0:
        raise NotAPositiveAmount(content["amount"])
    for name, value in content.items():
        setattr(application, name, value)
    application.payee_key = party_key(application.payee_name)
    _check_purpose(application.line, application.purpose)
    return [*content, "payee_key"]


def _check_purpose(line: Line, purpose: Purpose) -> None:
    if not line.purposes.filter(purpose=purpose).exists():
        raise PurposeNotAllowed(line)


@transaction.atomic
def submit(application: Application, *, by: User, at: datetime.datetime) -> Application:
    """Hand it in: the ladder for its amount is set up, and its money is kept.

    Raises NoLadder, MoreThanOwed, and as `reserve` does.
    """
    locked = begin(application, "submit", by=by, at=at)
    ladder = Rung.objects.ladder(locked.line.source_id, amount=locked.amount, on=localdate(at))
    _set_up(locked, list(ladder), locked.round + 1)
    hold = _keep(locked, by=by, at=at)
    facts = {"amount": locked.amount, "line": locked.line_id, "purpose": locked.purpose_id,
             "files": sorted(locked.files.values_list("sha256", flat=True))}  # fmt: skip
    return finish(
        locked, "submit", by=by, at=at, facts=facts, round=locked.round + 1, submitted_at=at,
        hold=hold,
    )  # fmt: skip


def _set_up(application: Application, ladder: list[Rung], number: int) -> None:
    if not ladder:
        raise NoLadder(application.line)
    check = Approval(position=CHECK_POSITION, role=Role.FINANCE_CHECKER)
    steps = [Approval(position=rung.position, role=rung.role, body=rung.body) for rung in ladder]
    for step in (check, *steps):
        step.application, step.round = application, number
    Approval.objects.bulk_create([check, *steps])


def _keep(application: Application, *, by: User, at: datetime.datetime) -> Hold:
    """The hold that pays it: the case's own, where something is owed; else a new one."""
    if application.hold is not None and not application.owns_its_hold:
        _check_owed(application, application.hold)
        return application.hold
    return reserve(
        application.line,
        amount=application.amount,
        purpose=application.purpose,
        subject=application.subject,
        key=f"application:{application.pk}:{application.round + 1}:reserve",
        by=by,
        at=at,
    )


def _check_owed(application: Application, hold: Hold) -> None:
    """Under the line's lock: what others have asked for is not asked for twice."""
    Line.objects.select_for_update(no_key=True).get(pk=hold.line_id)
    left = Hold.objects.get(pk=hold.pk).payable - Application.objects.claimed(
        hold, besides=application
    )
    if application.amount > left:
        raise MoreThanOwed(asked=application.amount, left=left)


@transaction.atomic
def withdraw(
    application: Application, *, by: User, at: datetime.datetime, note: str = ""
) -> Application:
    """The maker takes it back; its money is free again."""
    locked = begin(application, "withdraw", by=by, at=at, reason=note)
    let_go(locked, by=by, at=at)
    return finish(locked, "withdraw", by=by, at=at, note=note)


def let_go(application: Application, *, by: User, at: datetime.datetime) -> None:
    """Free what this round has reserved for itself; what a case has kept stays with the case."""
    if application.hold is not None and application.owns_its_hold and application.hold.open:
        key = f"application:{application.pk}:{application.round}:release"
        release(application.hold, key=key, by=by, at=at)
