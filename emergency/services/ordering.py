"""An order: drawn up by one, confirmed by another, extended, raised, lowered."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from emergency import notifications
from emergency.models import Depot, DepotKind, Measure, Order, Report, ReportKind
from emergency.services.actors import commands, confirms
from emergency.services.rules import rule_of
from emergency.services.ways import ORDER
from emergency.workflow import OrderState
from funding.models import Line
from grids.locate import Place
from grids.models import Level, Territory
from lib.errors import NotYours, RuleViolation
from organizations.models import Body, User

LONGEST = datetime.timedelta(days=30)
WHERE = frozenset({Level.CITY, Level.TOWN, Level.COMMUNITY})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is ordered (突发事件应对法, article 72: matter, level, term, measures)."""

    title: str
    text: str
    kind: str
    level: int
    territory: Territory
    until: datetime.datetime
    measures: tuple[Measure, ...]
    legal_basis: str
    body: Body
    line: Line | None = None
    is_exercise: bool = False
    title_en: str = ""
    text_en: str = ""

    def check(self, at: datetime.datetime) -> None:
        """Raises RuleViolation."""
        if self.territory.level not in WHERE:
            text = _("An order is for a community, a town or the city.")
            raise RuleViolation(text, code="territory")
        if not at < self.until <= at + LONGEST:
            text = _("Enter a term that ends within 30 days; it can be extended.")
            raise RuleViolation(text, code="term")
        if not self.measures:
            raise RuleViolation(_("Choose at least one measure."), code="no_measures")
        if any(m.kind not in {"", self.kind} for m in self.measures):
            text = _("A measure belongs to another class of emergency.")
            raise RuleViolation(text, code="measures")
        if not (self.title.strip() and self.text.strip() and self.legal_basis.strip()):
            text = _("Say what happens, and on which legal basis.")
            raise RuleViolation(text, code="no_words")


@transaction.atomic
def draft(wanted: Wanted, *, by: User, at: datetime.datetime) -> Order:
    """An order that waits to be confirmed by another. Raises NotYours, RuleViolation."""
    wanted.check(at)
    rule = rule_of(wanted.level, on=localdate(at))
    place = Place.of(wanted.territory)
    order = Order(
        title=wanted.title.strip(), title_en=wanted.title_en.strip(), text=wanted.text.strip(),
        text_en=wanted.text_en.strip(), kind=wanted.kind, level=wanted.level, until=wanted.until,
        legal_basis=wanted.legal_basis.strip(), line=wanted.line, is_exercise=wanted.is_exercise,
        body=wanted.body, territory=wanted.territory, town_id=place.town_id,
        community_id=place.community_id, made_by=by, made_at=at,
        confirm_due_at=at + datetime.timedelta(minutes=rule.confirm_minutes),
    )  # fmt: skip
    if not commands(by, order, at=at):
        text = _("Orders are drawn up by the committee or a duty officer of the place.")
        raise NotYours(text)
    ORDER.start(order, "draft", by=by, at=at, **_facts(order, wanted.measures))
    order.measures.set(wanted.measures)
    people = notifications.confirmers(order, rule.confirmers, at=at)
    notifications.tell(people, "emergency-confirm", order, at=at)
    return order


def _facts(order: Order, measures: Iterable[Measure]) -> dict[str, Any]:
    return {
        "level": order.level,
        "until": order.until.isoformat(),
        "measures": sorted(measure.code for measure in measures),
        "territory": order.territory_id,
    }


@transaction.atomic
def confirm(order: Order, *, by: User, at: datetime.datetime) -> Order:
    """In force from now: residents read it, reports fall due.

    Raises NotYours, WrongState, RuleViolation (over its term; one of this class is in force).
    """
    locked = ORDER.begin(order, "confirm", by=by, at=at)
    if locked.until <= at:
        text = _("The term is over already: withdraw this order and draw up another.")
        raise RuleViolation(text, code="over")
    facts = _facts(locked, locked.measures.all())
    try:
        with transaction.atomic():
            done = ORDER.finish(
                locked, "confirm", by=by, at=at, facts=facts, confirmed_by=by, starts_at=at,
                pressed_at=None,
            )  # fmt: skip
    except IntegrityError as error:
        text = _("An order of this class is in force here: change that one.")
        raise RuleViolation(text, code="in_force_already") from error
    _begin(done, at=at)
    return done


def _begin(order: Order, *, at: datetime.datetime) -> None:
    rule = rule_of(order.level, on=localdate(at))
    minute = datetime.timedelta(minutes=1)
    Report.objects.create(
        order=order, kind=ReportKind.PHONE, due_at=at + rule.phone_minutes * minute
    )
    Report.objects.create(order=order, kind=ReportKind.TEXT, due_at=at + rule.text_minutes * minute)
    Depot.objects.create(
        kind=DepotKind.FIELD, name=order.title[:60], order=order, town_id=order.town_id,
        community_id=order.community_id,
    )  # fmt: skip
    people = {one.pk: one for one in notifications.commanders(order, at=at)}
    notifications.tell(people.values(), "emergency-in-force", order, at=at)


@transaction.atomic
def withdraw(order: Order, *, reason: str, by: User, at: datetime.datetime) -> Order:
    """A draft that is not to come into force."""
    locked = ORDER.begin(order, "withdraw", by=by, at=at, reason=reason)
    done = ORDER.finish(locked, "withdraw", by=by, at=at, reason=reason.strip()[:300], ended_at=at)
    notifications.tell([done.made_by], "emergency-withdrawn", done, at=at)
    return done


@transaction.atomic
def extend(
    order: Order, *, until: datetime.datetime, reason: str, by: User, at: datetime.datetime
) -> Order:
    """A later end. Raises NotYours, WrongState, RuleViolation."""
    locked = ORDER.begin(order, "extend", by=by, at=at, reason=reason)
    if not max(locked.until, at) < until <= at + LONGEST:
        text = _("Enter an end that lies behind the present one, within 30 days.")
        raise RuleViolation(text, code="term")
    done = ORDER.finish(
        locked, "extend", by=by, at=at, reason=reason.strip()[:300], until=until, pressed_at=None,
        facts={"until": until.isoformat()},
    )  # fmt: skip
    _tell_changed(done, at=at)
    return done


@transaction.atomic
def change_level(
    order: Order, *, level: int, reason: str, by: User, at: datetime.datetime
) -> Order:
    """Raised or lowered, by somebody who may confirm the new level.

    Level I is the most serious: raising makes the number smaller. Raises NotYours, WrongState,
    RuleViolation.
    """
    name = "raise" if level < order.level else "lower"
    locked = ORDER.begin(order, name, by=by, at=at, reason=reason)
    if level == locked.level:
        raise RuleViolation(_("The order has this level already."), code="same_level")
    if not confirms(by, locked, level, at=at):
        raise NotYours(_("This level is confirmed by somebody else."))
    before = locked.level
    done = ORDER.finish(
        locked, name, by=by, at=at, reason=reason.strip()[:300], level=level,
        facts={"from": before, "to": level},
    )  # fmt: skip
    _tell_changed(done, at=at)
    return done


def _tell_changed(order: Order, *, at: datetime.datetime) -> None:
    people = notifications.commanders(order, at=at)
    notifications.tell(people, "emergency-changed", order, at=at)


def press_late(*, by: User, at: datetime.datetime) -> int:
    """Tell upwards of orders that nobody confirmed in time, or whose term is over; how many."""
    keys = Order.objects.late(at).order_by("pk").values_list("pk", flat=True)
    return sum(_press(key, by=by, at=at) for key in list(keys))


@transaction.atomic
def _press(key: int, *, by: User, at: datetime.datetime) -> bool:
    order = Order.objects.select_for_update(of=("self",)).get(pk=key)
    if not Order.objects.late(at).filter(pk=key).exists():
        return False
    done = ORDER.finish(ORDER.begin(order, "press", by=by, at=at), "press", by=by, at=at,
                        pressed_at=at)  # fmt: skip
    is_draft = done.state == OrderState.DRAFT
    kind = "emergency-unconfirmed" if is_draft else "emergency-over-term"
    near = [] if is_draft else notifications.commanders(done, at=at)
    people = {one.pk: one for one in (*notifications.above(done, at=at), *near)}
    notifications.tell(people.values(), kind, done, at=at)
    return True
