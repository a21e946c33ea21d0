"""Categories, standards, communities' lists and a town's duty list from the readable files.

Sources: parts and events of GB/T 30428.2 with the limits and closing conditions of a city's
published filing standards, restated; social matters after the kinds that Shenzhen and Beijing
publish. Costs are estimates of usual size. The lists of communities follow the laws they name.
"""

import datetime
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Model

from funding.models import Purpose
from grids.models import BodyTerritory, Level, Territory
from grids.services.counting import note_change
from organizations.models import Body, Skill, User
from organizations.models.bodies import Nature
from organizations.services import changes, citations
from routing.models import (
    Category,
    CentreStandard,
    CommunityDuty,
    DangerWord,
    DutyEntry,
    FilingStandard,
    ServiceItem,
)
from routing.reference import read_rows
from routing.services.rules import CATALOGUE, DUTY
from routing.suggest import initials_of

# Before anything that the portal is ever asked about.
SINCE = datetime.date(2010, 1, 1)
COMMUNITY = "community"  # in a duty template: the committee of each community for its own territory
EVERY_MATTER = "*"

Row = dict[str, str]


@transaction.atomic
def load_reference(*, by: User, at: datetime.datetime) -> int:
    """Add what is missing; how many rows. What people have edited or ended stays as it is.

    Standards and list entries are added only with their category, so that one that somebody took
    away does not come back. KeyError when a skill or purpose has not been loaded before.
    """
    beside = add_danger_words(by=by, at=at) + add_centre_standards(by=by, at=at)
    added = _add_categories()
    beside += add_service_items(by=by, at=at)
    if not added:
        return beside
    categories = {category.code: category for category in added}
    count = beside + len(added) + _add_standards(categories) + _add_community_duties(categories)
    _note_loaded(added[0], count, by=by, at=at)
    note_change(CATALOGUE)
    return count


def _note_loaded(first: Model, count: int, *, by: User, at: datetime.datetime) -> None:
    """One entry in the list of changes for all rows that came with the first one."""
    changes.record_values(first, before={}, after={"loaded": count}, by=by, at=at, action="load")


def add_danger_words(*, by: User, at: datetime.datetime) -> int:
    """The whole list, where there is none yet: a word that somebody took away does not return."""
    if DangerWord.objects.exists():
        return 0
    made = DangerWord.objects.bulk_create(
        DangerWord(**row, valid_from=SINCE) for row in read_rows("danger_words")
    )
    _note_loaded(made[0], len(made), by=by, at=at)
    return len(made)


def add_service_items(*, by: User, at: datetime.datetime) -> int:
    """What one may apply for, where there is nothing yet: of the categories that are there."""
    if ServiceItem.objects.exists():
        return 0
    categories = Category.objects.in_bulk(field_name="code")
    rows = [row for row in read_rows("service_items") if row["category"] in categories]
    if not rows:
        return 0
    made = ServiceItem.objects.bulk_create(
        _service_item(row, categories[row["category"]]) for row in rows
    )
    _note_loaded(made[0], len(made), by=by, at=at)
    return len(made)


def _service_item(row: Row, category: Category) -> ServiceItem:
    lines = {name: "\n".join(row[name].split("|")) for name in ("materials", "materials_en")}
    days = int(row["days"]) if row["days"] else None
    return ServiceItem(**row | lines | {"category": category, "days": days}, valid_from=SINCE)


def add_centre_standards(*, by: User, at: datetime.datetime) -> int:
    """A first proposal of usual size, where there is none yet: each city sets its own."""
    if CentreStandard.objects.exists():
        return 0
    made = CentreStandard.objects.bulk_create(
        CentreStandard(**row | {"equipment": row["equipment"].split("|")}, valid_from=SINCE)
        for row in read_rows("centre_standards")
    )
    _note_loaded(made[0], len(made), by=by, at=at)
    return len(made)


def _add_categories() -> list[Category]:
    """Large classes first: small ones hang below them."""
    known = {category.code: category for category in Category.objects.all()}
    rows = [row for row in read_rows("categories") if row["code"] not in known]
    large = Category.objects.bulk_create(_category(row, None) for row in rows if not row["parent"])
    known |= {category.code: category for category in large}
    small = Category.objects.bulk_create(
        _category(row, known[row["parent"]]) for row in rows if row["parent"]
    )
    return [*large, *small]


def _category(row: Row, parent: Category | None) -> Category:
    return Category(
        code=row["code"],
        parent=parent,
        name=row["name"],
        name_en=row["name_en"],
        national_code=row["national_code"],
        initials=initials_of(row["name"]),
        keywords=row["keywords"].split(),
        is_emergency=bool(row["emergency"]),
        files_automatically=bool(row["automatic"]),
        publicity=row["publicity"],
        valid_from=SINCE,
    )


def _add_standards(categories: Mapping[str, Category]) -> int:
    skills = {skill.code: skill for skill in Skill.objects.all()}
    purposes = {purpose.code: purpose for purpose in Purpose.objects.all()}
    rows = [row for row in read_rows("standards") if row["category"] in categories]
    made = FilingStandard.objects.bulk_create(
        _standard(
            row,
            categories[row["category"]],
            skills[row["skill"]] if row["skill"] else None,
            purposes[row["purpose"]] if row["purpose"] else None,
        )
        for row in rows
    )
    return len(made)


def _standard(
    row: Row, category: Category, skill: Skill | None, purpose: Purpose | None
) -> FilingStandard:
    sign_limit, sign_unit = row["sign"].split()
    handle_limit, handle_unit = row["handle"].split()
    return FilingStandard(
        category=category,
        rank=int(row["rank"]),
        condition=row["condition"],
        condition_en=row["condition_en"],
        closing_condition=row["closing"],
        closing_condition_en=row["closing_en"],
        sign_limit=int(sign_limit),
        sign_unit=sign_unit,
        handle_limit=int(handle_limit),
        handle_unit=handle_unit,
        urgent=bool(row["urgent"]),
        points=int(row["points"]),
        skill=skill,
        cost=int(row["cost_yuan"]) * 100,
        purpose=purpose,
        photo_before=bool(row["photo_before"]),
        photo_after=bool(row["photo_after"]),
        legal_basis=row["legal_basis"],
        valid_from=SINCE,
    )


def _add_community_duties(categories: Mapping[str, Category]) -> int:
    made = CommunityDuty.objects.bulk_create(
        CommunityDuty(
            category=categories[row["category"]],
            list=row["list"],
            legal_basis=row["legal_basis"],
            valid_from=SINCE,
        )
        for row in read_rows("community_duties")
        if row["category"] in categories
    )
    return len(made)


# -- The duty list of a town --------------------------------------------------------------------


@transaction.atomic
def give_duty_list(
    town: Territory,
    bodies_by_slug: Mapping[str, Body],
    *,
    by: User,
    at: datetime.datetime,
    last_resort: bool = True,
) -> int:
    """Write the template's duty list for a town; how many entries were added.

    `bodies_by_slug`: the town's bodies by their slug in the template; a row whose lead is not among
    them is left out, and so are assistants and payers. Rows led by the community go to each body of
    that nature that covers a community of the town. `last_resort`: with the entry for every matter
    (属地兜底). An entry that is there already, or has ended, is not written again.
    """
    rows = [row for row in read_rows("duty_town") if last_resort or row["category"] != EVERY_MATTER]
    wanted = [(row, town, bodies_by_slug) for row in rows if row["lead"] != COMMUNITY]
    for place, body in _communities(town):
        own = {**bodies_by_slug, COMMUNITY: body}
        wanted += [(row, place, own) for row in rows if row["lead"] == COMMUNITY]
    missing = _missing([one for one in wanted if one[0]["lead"] in one[2]])
    entries = DutyEntry.objects.bulk_create(entry for entry, _assistants in missing)
    through = DutyEntry.assistants.through
    through.objects.bulk_create(
        through(dutyentry_id=entry.pk, body_id=body.pk)
        for entry, assistants in missing
        for body in assistants
    )
    citations.keep(entries, at=at)
    if entries:
        _note_loaded(entries[0], len(entries), by=by, at=at)
        note_change(DUTY)
    return len(entries)


def _communities(town: Territory) -> list[tuple[Territory, Body]]:
    covered = BodyTerritory.objects.filter(
        territory__parent=town, territory__level=Level.COMMUNITY, valid_to=None
    )
    rows = covered.filter(body__kind__nature=Nature.COMMUNITY)
    return [
        (row.territory, row.body)
        for row in rows.select_related("territory", "body").order_by("territory__code", "body_id")
    ]


def _missing(
    wanted: Sequence[tuple[Row, Territory, Mapping[str, Body]]],
) -> list[tuple[DutyEntry, list[Body]]]:
    """Entries that no list of the town has had yet, each with its assistants."""
    categories = {category.code: category for category in Category.objects.all()}
    places = {place.pk for _row, place, _bodies in wanted}
    known = set(
        DutyEntry.objects.filter(territory__in=places).values_list(
            "category_id", "territory_id", "lead_id"
        )
    )
    made = [
        (_entry(row, categories, place, bodies), _bodies(row["assistants"], bodies))
        for row, place, bodies in wanted
        if row["category"] == EVERY_MATTER or row["category"] in categories
    ]
    return [
        (entry, assistants)
        for entry, assistants in made
        if (entry.category_id, entry.territory_id, entry.lead_id) not in known
    ]


def _bodies(slugs: str, bodies: Mapping[str, Body]) -> list[Body]:
    return [bodies[slug] for slug in slugs.split() if slug in bodies]


def _entry(
    row: Row, categories: Mapping[str, Category], place: Territory, bodies: Mapping[str, Body]
) -> DutyEntry:
    return DutyEntry(
        category=categories.get(row["category"]),
        territory=place,
        lead=bodies[row["lead"]],
        payer=bodies.get(row["payer"]),
        legal_basis=row["legal_basis"],
        valid_from=SINCE,
    )
