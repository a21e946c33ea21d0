"""Members of bodies and the terms for which these are elected. Changes are recorded with who."""

import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from committee import notifications
from committee.models import Member, Office, Term, TermRule
from committee.models.members import MEETS
from committee.services.actors import leads
from lib.errors import NotYours, RuleViolation
from organizations.models import Body, User
from organizations.services import changes


def _demand(body: Body, *, by: User, at: datetime.datetime) -> None:
    if not leads(by, body.pk, at=at):
        raise NotYours(_("Only who leads this body, or a body above it, may do that."))
    if body.kind.nature not in MEETS:
        raise RuleViolation(_("Only party bodies and committees have members."), code="no_members")


@transaction.atomic
def add_member(  # noqa: PLR0913 -- what the form asks
    body: Body,
    person: User,
    *,
    since: datetime.date,
    by: User,
    at: datetime.datetime,
    standing: str = Member.Standing.FULL,
    office: str = Office.NONE,
) -> Member:
    """Raises NotYours; RuleViolation where the person is a member, or the office is held."""
    _demand(body, by=by, at=at)
    if person.is_resident:
        raise RuleViolation(
            _("A resident's account cannot be a member: make an account for who works here."),
            code="resident",
        )
    known = Member.objects.filter(body=body, person=person).going_on_after(since)
    if known.exists():
        raise RuleViolation(_("This person is a member already."), code="member_already")
    row = Member(body=body, person=person, valid_from=since, standing=standing, office=office)
    return changes.create(row, by=by, at=at)


@transaction.atomic
def end_member(member: Member, *, on: datetime.date, by: User, at: datetime.datetime) -> Member:
    """A member until `on` (excluded)."""
    _demand(member.body, by=by, at=at)
    return changes.end(member, on=on, by=by, at=at)


@transaction.atomic
def begin_term(body: Body, *, since: datetime.date, by: User, at: datetime.datetime) -> Term:
    """Found a body with its first term, or renew it with the next; the term before ends there.

    Raises NotYours; RuleViolation: no rule for the kind, too few full members, not after the last.
    """
    _demand(body, by=by, at=at)
    rule = TermRule.objects.valid_on(since).filter(body_kind=body.kind).first()
    if rule is None:
        raise RuleViolation(_("Bodies of this kind are not elected for terms."), code="no_rule")
    full = Member.objects.of_body(body, on=since).full().count()
    if full < rule.least_members:
        text = _("It takes %(least)s full members; on that day there are %(found)s.")
        raise RuleViolation(
            text % {"least": rule.least_members, "found": full}, code="too_few_members"
        )
    last = Term.objects.select_for_update().of_body(body).first()
    if last is not None and last.valid_from >= since:
        raise RuleViolation(_("The new term begins after the last one."), code="term_order")
    if last is not None and last.valid_to is not None and last.valid_to > since:
        changes.revise(last, {"valid_to": since}, by=by, at=at, action=changes.END)
    row = Term(
        body=body,
        number=last.number + 1 if last else 1,
        valid_from=since,
        valid_to=years_after(since, rule.term_years),
    )
    return changes.create(row, by=by, at=at)


def years_after(day: datetime.date, years: int) -> datetime.date:
    """The same day so many years on; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return datetime.date(day.year + years, 3, 1)


def due_terms(bodies: set[int] | None = None, *, on: datetime.date) -> list[Term]:
    """Last terms whose renewal is due (of these bodies), the oldest first; three queries."""
    rules = dict(TermRule.objects.valid_on(on).values_list("body_kind", "warn_days"))
    farthest = on + datetime.timedelta(days=max(rules.values(), default=0))
    rows = Term.objects.ending_by(farthest).select_related("body__kind").order_by("valid_to", "pk")
    if bodies is not None:
        rows = rows.filter(body__in=bodies)
    return [
        term
        for term in rows.filter(body__in=Body.objects.valid_on(on))
        if term.valid_to is not None
        and term.valid_to <= on + datetime.timedelta(days=rules.get(term.body.kind_id, 0))
    ]


@transaction.atomic
def tell_of_terms(*, at: datetime.datetime) -> int:
    """Tell those who lead of renewals that are due, once for each term; how many terms."""
    day = localdate(at)
    untold = [term for term in due_terms(on=day) if term.told_on is None]
    for term in untold:
        if Term.objects.filter(pk=term.pk, told_on=None).update(told_on=day):
            notifications.tell_of_term(term, at=at)
    return len(untold)
