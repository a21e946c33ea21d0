"""The duty list as tables: who leads what in a place, what is missing where, what has changed."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from grids.models import Level, Territory
from lib.worktime import CITY_ZONE
from organizations.models import Body
from routing.matching.facts import Facts
from routing.matching.rules import Rules
from routing.matching.weighing import Undecided, Weighing
from routing.models import Category, DutyEntry, DutyFinding

LEADS, ASSISTS, PAYS = "lead", "assist", "pay"
MARKS = {LEADS: _("Leads"), ASSISTS: _("Assists"), PAYS: _("Pays")}


@dataclass(slots=True)
class Row:
    """A small class: what each body is to it (body → marks), or the refusal of the router."""

    category: Category
    marks: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    refusal: str = ""
    basis: str = ""

    def cells(self, bodies: list[Body]) -> list[list[str]]:
        return [self.marks.get(body.pk, []) for body in bodies]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Small classes by large class; the bodies that have most to do with them come first."""

    bodies: list[Body]
    groups: list[tuple[Category | None, list[Row]]]


def duty_matrix(territory: Territory, *, on: datetime.date) -> Matrix:
    """Category × body in one community or town, by the router's own rules."""
    rules = Rules.load(on)
    categories = Category.objects.valid_on(on).select_related("parent").in_bulk()
    rows = [
        _row(rules, categories[key], territory, on)
        for key in rules.catalogue.small_classes()
        if key in categories
    ]
    concerned = Counter(key for row in rows for key in row.marks)
    bodies = Body.objects.filter(pk__in=concerned)
    ordered = sorted(bodies, key=lambda body: (-concerned[body.pk], body.code))
    groups: dict[Category | None, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.category.pk):
        groups[row.category.parent].append(row)
    return Matrix(ordered, list(groups.items()))


def _row(rules: Rules, category: Category, territory: Territory, on: datetime.date) -> Row:
    at = datetime.datetime.combine(on, datetime.time(12), tzinfo=CITY_ZONE)
    is_community = territory.level == Level.COMMUNITY
    facts = Facts(
        category.pk,
        None,
        territory.parent_id if is_community else territory.pk,
        territory.pk if is_community else None,
        None,
        at,
    )
    weighing, row = Weighing(facts), Row(category)
    chain = rules.catalogue.chain(category.pk)
    try:
        duty = rules.duty(weighing, chain, rules.places.chain(weighing))
        rules.right(weighing, duty, chain, rules.catalogue.points(category.pk))
    except Undecided as refusal:
        row.refusal = str(refusal.code)
        return row
    row.marks[duty.lead_id].append(LEADS)
    for body in duty.assistant_ids:
        row.marks[body].append(ASSISTS)
    if duty.payer_id and duty.payer_id != duty.lead_id:
        row.marks[duty.payer_id].append(PAYS)
    row.basis = duty.legal_basis
    return row


@dataclass(frozen=True, slots=True)
class Counts:
    """Findings as a table: rows with how many in each column, and the columns."""

    columns: list[Territory]
    rows: list[tuple[Category, list[tuple[Territory, str, int]]]]


def counted_by_town(findings: Iterable[DutyFinding]) -> Counts:
    """Large classes × towns: how many."""
    found = Counter(
        (row.category.parent or row.category, row.town) for row in findings if row.town is not None
    )
    return _table({key: ("", number) for key, number in found.items()})


def by_community(findings: Iterable[DutyFinding]) -> Counts:
    """Small classes × communities: which kind."""
    return _table({(row.category, row.community): (row.kind, 1) for row in findings})


def _table(found: dict[tuple[Category, Territory], tuple[str, int]]) -> Counts:
    columns = sorted({place for _category, place in found}, key=lambda place: place.code)
    categories = sorted({category for category, _place in found}, key=lambda row: row.code)
    return Counts(
        columns,
        [
            (category, [(place, *found.get((category, place), ("", 0))) for place in columns])
            for category in categories
        ],
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What the list says of a matter in a place on two days."""

    category: Category | None
    territory: Territory
    before: list[DutyEntry]
    after: list[DutyEntry]


def compared(first: datetime.date, second: datetime.date) -> list[Difference]:
    """Matters and places of which the list says another thing on the second day."""
    old, new = _entries_on(first), _entries_on(second)
    places = [key for key in {*old, *new} if _said(old.get(key)) != _said(new.get(key))]
    some = {key: (old.get(key) or new[key])[0] for key in places}
    ordered = sorted(places, key=lambda key: (some[key].territory.code, key[0] or 0))
    return [
        Difference(some[key].category, some[key].territory, old.get(key, []), new.get(key, []))
        for key in ordered
    ]


Entries = dict[tuple[int | None, int], list[DutyEntry]]


def _entries_on(day: datetime.date) -> Entries:
    found: Entries = defaultdict(list)
    for entry in DutyEntry.objects.valid_on(day).with_names().order_by("pk"):
        found[entry.category_id, entry.territory_id].append(entry)
    return found


def _said(entries: list[DutyEntry] | None) -> list[tuple[object, ...]]:
    return sorted(
        (entry.lead_id, entry.payer_id or 0, entry.legal_basis, entry.origin,
         *sorted(body.pk for body in entry.assistants.all()))
        for entry in entries or []
    )  # fmt: skip
