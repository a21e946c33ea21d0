"""Money of a wish goes through the books: given, kept, paid, every fen with its entry.

The taker's gift is recorded by a finance clerk and found on the account by another (`funding`);
then it is kept for the wish, settled, applied for and paid like any other money. A community that
grants a wish itself keeps it from one of its own lines.
"""

import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from funding import services as funding
from funding.models import Donation, Hold, Line, Purpose
from grids.scopes import scopes_of
from lib.errors import NotYours, RuleViolation, WrongState
from lib.roles import Role
from organizations.models import User
from volunteers.models import Take, Wish
from volunteers.services.taking import SUBJECT
from volunteers.services.ways import TAKE
from volunteers.workflow.wishes import TakeState


class NotAMoneyWish(RuleViolation):
    def __init__(self) -> None:
        super().__init__(_("This wish is not for money."), code="not_money")


def _demand_clerk(user: User, line: Line, *, at: datetime.datetime) -> None:
    clerk = any(
        scope.role == Role.FINANCE_MAKER and line.body_id in scope.body_ids
        for scope in scopes_of(user, on=localdate(at))
    )
    if not clerk:
        raise NotYours(_("Only a finance clerk of this budget line does that."))


def _locked(take: Take, *states: TakeState) -> Take:
    row = (
        Take.objects.select_for_update(of=("self",))
        .select_related("wish", "taker", "donation", "hold", "organisation", "report__unit", "body")
        .get(pk=take.pk)
    )
    if row.wish.kind != Wish.Kind.MONEY:
        raise NotAMoneyWish
    if row.state not in states:
        raise WrongState(_("This has moved on. Load the page again to see what happened."))
    return row


def worth(take: Take) -> int:
    """Fen that the taker has taken upon himself."""
    return take.quantity * take.wish.amount


@transaction.atomic
def record_gift(
    take: Take,
    line: Line,
    *,
    by: User,
    at: datetime.datetime,
    may_name: bool = False,
) -> Donation:
    """The taker's money as a donation to `line`; another finance reviewer finds it on the account.

    Raises NotYours, WrongState, NotAMoneyWish, and as `funding.services.record_donation`.
    """
    _demand_clerk(by, line, at=at)
    row = _locked(take, TakeState.TAKEN)
    if row.body is not None:
        raise RuleViolation(
            _("A community grants from its own line; nothing is given."), code="own"
        )
    is_person = row.organisation is None and (row.report is None or row.report.unit is None)
    gift = funding.Gift(
        amount=worth(row),
        given_on=localdate(at),
        donor_kind=Donation.Donor.PERSON if is_person else Donation.Donor.ORGANIZATION,
        donor_name=row.taker.full_name if is_person else row.who,
        name_shown=may_name,
    )
    made = funding.record_donation(line, gift, key=f"wish-take:{row.pk}", by=by, at=at)
    if row.donation_id != made.pk:
        row.donation = made
        row.save(update_fields=["donation"])
    return made


@transaction.atomic
def keep_money(
    take: Take, purpose: Purpose, *, by: User, at: datetime.datetime, line: Line | None = None
) -> Hold:
    """Keep what was given, or money of the community's own `line`, for this wish.

    Raises NotYours, WrongState, NotAMoneyWish, and as `funding.services.reserve`.
    """
    row = _locked(take, TakeState.TAKEN)
    source = _source(row, line)
    _demand_clerk(by, source, at=at)
    hold = funding.reserve(
        source,
        amount=worth(row),
        purpose=purpose,
        subject=(SUBJECT, str(row.wish_id)),
        key=f"wish:{row.pk}",
        by=by,
        at=at,
    )
    if row.hold_id != hold.pk:
        row.hold = hold
        TAKE.record(row, "keep", before=row.state, by=by, at=at, facts={"amount": worth(row)})
        row.save(update_fields=["hold", "version", "head"])
    return hold


def _source(take: Take, line: Line | None) -> Line:
    if take.body is not None:
        if line is None:
            raise RuleViolation(_("Choose the budget line that pays."), code="no_line")
        return line
    gift = take.donation
    if gift is None or gift.state != Donation.State.RECEIVED:
        raise WrongState(
            _("The gift is not on the account yet: a finance reviewer has to find it there.")
        )
    return gift.line


@transaction.atomic
def owe_money(take: Take, *, by: User, at: datetime.datetime) -> Hold:
    """What is kept is owed from now on, so that finance can apply for it and pay it.

    Raises NotYours, WrongState, NotAMoneyWish, and as `funding.services.settle`.
    """
    row = _locked(take, TakeState.TAKEN)
    if row.hold is None:
        raise WrongState(_("Keep the money for this wish first."))
    _demand_clerk(by, row.hold.line, at=at)
    return funding.settle(row.hold, actual=row.hold.amount, key=f"wish-owed:{row.pk}", by=by, at=at)


@transaction.atomic
def free_money(take: Take, *, by: User, at: datetime.datetime) -> Hold:
    """What is kept and not owed goes back to its line. Raises as `owe_money`."""
    row = _locked(take, TakeState.TAKEN)
    if row.hold is None:
        raise WrongState(_("Nothing is kept for this wish."))
    _demand_clerk(by, row.hold.line, at=at)
    return funding.release(row.hold, key=f"wish-free:{row.pk}", by=by, at=at)
