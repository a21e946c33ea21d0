"""The readable files hold together, load once, and give a town everything its matters need."""

import datetime
from collections import defaultdict

import pytest

from funding.services.reference import load_reference as load_funding
from grids.models import Level
from lib.roles import Role
from lib.worktime import CITY_ZONE
from organizations.models import BodyKind, Skill, User
from organizations.reference import read_rows as read_organizations
from organizations.services.reference import load_reference as load_organizations
from routing.matching import Facts, Judge, Match
from routing.models import Category, CommunityDuty, DutyEntry, FilingStandard
from routing.models.duty import CommunityList
from routing.reference import read_rows
from routing.services.reference import (
    COMMUNITY,
    EVERY_MATTER,
    give_duty_list,
    load_reference,
)
from tests.factories.funding import LineFactory
from tests.factories.grids import BodyTerritoryFactory, TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory

AT = datetime.datetime(2026, 11, 23, 9, tzinfo=CITY_ZONE)


@pytest.fixture
def loaded(db):
    by = User.objects.system()
    load_organizations(by=by, at=AT)
    load_funding(by=by, at=AT)
    load_reference(by=by, at=AT)


def slugs():
    return {row["code"] for row in read_organizations("offices")}


def test_every_small_class_has_standards_and_every_name_is_its_own():
    categories = list(read_rows("categories"))
    small = {row["code"] for row in categories if row["parent"]}
    large = {row["code"] for row in categories if not row["parent"]}
    assert {row["parent"] for row in categories} == {"", *large}
    assert {row["category"] for row in read_rows("standards")} == small
    for column in ("code", "name"):
        values = [row[column] for row in categories]
        assert sorted(values) == sorted(set(values))


def test_the_duty_template_names_what_exists():
    codes = {row["code"] for row in read_rows("categories")} | {EVERY_MATTER}
    for row in read_rows("duty_town"):
        bodies = {row["lead"], *row["assistants"].split(), *filter(None, [row["payer"]])}
        assert row["category"] in codes
        assert bodies <= slugs() | {COMMUNITY}


def test_what_the_template_gives_to_communities_is_on_their_lawful_list():
    lawful = {row["category"] for row in read_rows("community_duties") if row["list"] == "lawful"}
    led = {row["category"] for row in read_rows("duty_town") if row["lead"] == COMMUNITY}
    assert led <= lawful


def test_no_category_stands_on_two_lists_of_communities():
    categories = [row["category"] for row in read_rows("community_duties")]
    assert len(categories) == len(set(categories))


def test_offices_hang_below_one_another_and_are_of_known_kinds(loaded):
    rows = list(read_organizations("offices"))
    seen = {""}
    for row in rows:
        assert row["parent"] in seen  # parents come first, so that one pass makes them
        seen.add(row["code"])
    assert {row["kind"] for row in rows} <= set(BodyKind.objects.values_list("code", flat=True))
    offices = [row for row in rows if row["kind"] == "town-office"]
    assert (len(offices), sum(row["kind"] == "town-committee" for row in rows)) == (13, 3)


def test_loading_twice_adds_nothing_and_keeps_what_people_changed(loaded):
    Category.objects.filter(code="manhole-cover").update(name="井盖问题")
    FilingStandard.objects.filter(category__code="fire-lane").delete()
    by = User.objects.system()
    assert load_reference(by=by, at=AT) == 0
    assert load_organizations(by=by, at=AT) == 0
    assert Category.objects.get(code="manhole-cover").name == "井盖问题"
    assert not FilingStandard.objects.filter(category__code="fire-lane").exists()


def test_a_standard_is_read_with_its_units_money_and_skill(loaded):
    cover = Category.objects.get(code="manhole-cover")
    first = cover.standards.get(rank=1)
    assert (first.handle_limit, first.handle_unit, first.cost, first.urgent) == (
        2, "urgent_hour", 120_000, True,
    )  # fmt: skip
    assert (first.skill.code, first.purpose.code) == ("road-repair", "municipal_repairs")
    assert (cover.initials, cover.parent.code) == ("jgqsps", "facilities")


def test_the_lists_of_communities_hold_for_all_of_them(loaded):
    found = CommunityDuty.objects.get(category__code="fraud")
    assert (found.body, found.list) == (None, CommunityList.NEGATIVE)


def needs_of_town():
    """Of every body that leads or pays, by its slug in the template: skills of its handlers, and
    purposes of its lines, by code."""
    parents = {row["code"]: row["parent"] for row in read_rows("categories")}
    duties = {row["category"]: row for row in read_rows("duty_town")}
    skills, purposes = defaultdict(set), defaultdict(set)
    for row in read_rows("standards"):
        category = row["category"]
        duty = duties.get(category) or duties.get(parents[category]) or duties[EVERY_MATTER]
        skills[duty["lead"]] |= {row["skill"]} - {""}
        purposes[duty["payer"] or duty["lead"]] |= {row["purpose"]} - {""}
    return [(slug, skills[slug], purposes[slug]) for slug in sorted({*skills, *purposes})]


@pytest.fixture
def town(loaded):
    """A town with the bodies of the template, each with a person who has every skill it needs and a
    line for every purpose."""
    place = TerritoryFactory(town=True)
    community = TerritoryFactory(level=Level.COMMUNITY, parent=place)
    bodies = {
        row["code"]: BodyFactory(kind=BodyKind.objects.get(code=row["kind"]), code=row["code"])
        for row in read_organizations("offices")
    }
    committee = BodyFactory(community=True)
    BodyTerritoryFactory(body=committee, territory=community)
    by = User.objects.system()
    give_duty_list(place, bodies, by=by, at=AT)
    for slug, skills, purposes in needs_of_town():
        body = committee if slug == COMMUNITY else bodies[slug]
        role = Role.GRID_WORKER if slug == COMMUNITY else Role.HANDLER
        post = PostFactory(body=body, role=role, capacity=10_000)
        post.skills.set(Skill.objects.filter(code__in=skills))
        for purpose in purposes:
            _line(body, purpose)
    return place, community, bodies


def _line(body, purpose):
    from funding.models import Purpose

    found = Purpose.objects.get(code=purpose)
    allowed = found.sources.first()  # some source allows each purpose that a standard names
    LineFactory(body=body, source=allowed.source, purposes=[found], free=1_000_000_00)


def test_every_matter_that_is_no_emergency_finds_its_desk(town):
    place, community, _bodies = town
    judge = Judge.load(at=AT)
    answers = {
        standard: judge.decide(
            Facts(standard.category_id, standard.pk, place.pk, community.pk, None, AT)
        )
        for standard in FilingStandard.objects.select_related("category__parent")
    }
    refused = {
        standard.category.code: answer.code
        for standard, answer in answers.items()
        if not isinstance(answer, Match)
    }
    emergencies = Category.objects.filter(parent__code="emergencies")
    assert refused == dict.fromkeys(emergencies.values_list("code", flat=True), "emergency")


def test_the_duty_list_is_given_once_and_to_the_bodies_that_exist(town):
    place, _community, bodies = town
    count = DutyEntry.objects.count()
    assert give_duty_list(place, bodies, by=User.objects.system(), at=AT) == 0
    other = TerritoryFactory(town=True)
    few = {"police": bodies["police"]}
    added = give_duty_list(other, few, by=User.objects.system(), at=AT, last_resort=False)
    assert DutyEntry.objects.count() == count + added
    assert set(DutyEntry.objects.filter(territory=other).values_list("lead__code")) == {("police",)}


def test_the_communitys_own_matters_are_led_by_its_committee(town):
    _place, community, _bodies = town
    entries = DutyEntry.objects.filter(territory=community)
    assert set(entries.values_list("category__code", flat=True)) == {
        row["category"] for row in read_rows("duty_town") if row["lead"] == COMMUNITY
    }


def test_without_the_last_resort_there_are_gaps(loaded):
    place = TerritoryFactory(town=True)
    by = User.objects.system()
    bodies = {"comprehensive-governance": BodyFactory()}
    give_duty_list(place, bodies, by=by, at=AT, last_resort=False)
    assert not DutyEntry.objects.filter(category=None).exists()
