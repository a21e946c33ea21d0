"""Appraisals: opened, stored batch by batch, publicised, published; and made again."""

import datetime
from pathlib import Path

import pytest
from django.conf import settings

from lib.chain import first_break
from lib.errors import NotYours, RuleViolation, WrongState
from lib.roles import Role
from lib.workflow import arrows
from organizations.models import Message
from oversight import tasks, workflow
from oversight.models import Appraisal, Edition, Input, Scheme, Score
from oversight.models.schemes import SchemeRule
from oversight.services import appraising, reference
from oversight.services.appraisal_drawing import draw_states
from oversight.services.outcomes import as_published, recomputed
from tests.factories import appraisals as make
from tests.factories.appraisals import AT, GOOD, fresh, later
from tests.factories.grids import BodyTerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory

pytestmark = pytest.mark.django_db


def told(person):
    return list(Message.objects.filter(to=person).order_by("pk").values_list("kind", flat=True))


def moves(row):
    return list(row.events.order_by("number").values_list("move", flat=True))


# -- The table ---------------------------------------------------------------------------------


def test_the_whole_table():
    assert arrows(workflow.MOVES) == {
        ("score", "computing", "first", "system"),
        ("sign_first", "first", "first", "first_reviewer"),
        ("pass_first", "first", "second", "system"),
        ("sign_second", "second", "second", "second_reviewer"),
        ("pass_second", "second", "confirmed", "system"),
        ("confer", "second", "second", "second_reviewer"),
        ("confer", "publicised", "publicised", "second_reviewer"),
        ("return", "first", "computing", "first_reviewer"),
        ("return", "first", "computing", "second_reviewer"),
        ("return", "second", "computing", "first_reviewer"),
        ("return", "second", "computing", "second_reviewer"),
        ("publicise", "confirmed", "publicised", "assessor"),
        ("appeal", "publicised", "publicised", "system"),
        ("forgive", "first", "first", "system"),
        ("forgive", "publicised", "publicised", "system"),
        ("correct", "first", "first", "system"),
        ("correct", "publicised", "publicised", "system"),
        ("publish", "publicised", "published", "assessor"),
        ("publish", "publicised", "published", "clock"),
        ("cancel", "computing", "cancelled", "assessor"),
        ("cancel", "first", "cancelled", "assessor"),
        ("cancel", "second", "cancelled", "assessor"),
        ("cancel", "confirmed", "cancelled", "assessor"),
    }
    assert arrows(workflow.APPEAL_MOVES) == {
        ("grant", "open", "granted", "answerer"),
        ("refuse", "open", "refused", "answerer"),
        ("withdraw", "open", "withdrawn", "asker"),
    }
    assert arrows(workflow.CONSEQUENCE_MOVES) == {
        ("approve", "proposed", "approved", "decider"),
        ("refuse", "proposed", "refused", "decider"),
    }


def test_the_page_of_states_is_what_the_tables_say():
    page = Path(settings.BASE_DIR) / "docs" / "appraisal-states.md"
    assert page.read_text(encoding="utf-8") == draw_states(), "run manage.py appraisal_states"


# -- Opening -------------------------------------------------------------------------------------


def test_an_appraisal_goes_from_opening_to_publication(place, numbers):
    row = make.published(place, numbers=numbers)
    assert (row.state, row.edition) == ("published", 1)
    assert moves(row) == [
        "open", "score", "sign_first", "pass_first", "sign_second", "pass_second", "publicise",
        "publish",
    ]  # fmt: skip
    assert first_break(row.events.order_by("number")) is None
    assert told(place.supervisor) == ["appraisal-review"]
    assert told(place.second_assessor) == ["appraisal-review", "appraisal-confirmed"]
    assert told(place.member) == ["appraisal-review"]
    head = next(iter(numbers)).chief
    assert told(head) == ["appraisal-publicised", "appraisal-published"]


def test_departments_and_centres_of_the_town_are_appraised_party_bodies_are_not(place, offices):
    elsewhere = make.department(make.elsewhere(place))
    past = BodyFactory(valid_to=datetime.date(2026, 10, 1))
    BodyTerritoryFactory(body=past, territory=place.place)
    row = make.opened(place)
    bodies = {one.body for one in row.appraised.all()}
    assert bodies == {place.town.centre, place.town.office, *offices}
    assert elsewhere not in bodies


def test_communities_and_grids_are_appraised_with_the_body_that_answers(place):
    committee = BodyFactory(community=True)
    BodyTerritoryFactory(body=committee, territory=place.town.community)
    for of, where in (("community", place.town.community), ("grid", place.town.grid)):
        row = make.opened(place, make.scheme(of=of))
        [one] = row.appraised.all()
        assert (one.territory, one.body, one.person) == (where, committee, None)


def test_people_are_appraised_once_in_their_newest_post(place):
    handler = place.town.handler
    newer = PostFactory(
        person=handler, body=place.town.centre, role=Role.HANDLER,
        valid_from=datetime.date(2026, 11, 20),
    )  # fmt: skip
    PostFactory(body=place.town.office, role=Role.HANDLER, valid_to=datetime.date(2026, 10, 1))
    row = make.opened(place, make.scheme(of="person", role=Role.HANDLER))
    [one] = row.appraised.all()
    assert (one.person, one.body) == (handler, newer.body)


def test_only_an_assessor_of_the_town_opens(place):
    other = make.elsewhere(place)
    for who in (place.supervisor, place.member, other.assessor, place.town.handler):
        with pytest.raises(NotYours):
            make.opened(place, by=who)
    assert not Appraisal.objects.exists()


def test_a_period_is_over_opened_once_and_after_cancelling_again(place):
    used = make.scheme()
    with pytest.raises(RuleViolation):
        make.opened(place, used, day=AT.date())
    row = make.opened(place, used)
    assert (row.first, row.last) == (datetime.date(2026, 11, 1), datetime.date(2026, 11, 30))
    with pytest.raises(appraising.OpenedBefore):
        make.opened(place, used)
    with pytest.raises(RuleViolation):
        appraising.cancel(row, reason=" ", by=place.assessor, at=AT)
    appraising.cancel(row, reason="方案有误", by=place.assessor, at=AT)
    make.opened(place, used)
    quarter = make.opened(place, used, span="quarter", day=datetime.date(2026, 8, 1))
    half = make.opened(place, used, span="half", day=datetime.date(2026, 5, 1))
    assert [(one.first.month, one.last.month) for one in (quarter, half)] == [(7, 9), (1, 6)]
    with pytest.raises(RuleViolation):
        make.opened(place, used, span="day")


def test_a_scheme_without_rates_or_out_of_force_is_not_applied(place):
    used = make.scheme()
    SchemeRule.objects.filter(scheme=used, kind="rate").delete()
    with pytest.raises(RuleViolation):
        make.opened(place, used)
    late = make.scheme(valid_from=datetime.date(2026, 12, 1))
    with pytest.raises(RuleViolation):
        make.opened(place, late)


def test_later_changes_of_the_scheme_touch_nothing_that_is_open(place, numbers):
    used = make.scheme()
    row = make.opened(place, used)
    Scheme.objects.filter(pk=used.pk).update(min_sample=1)
    SchemeRule.objects.filter(scheme=used).update(points=1)
    make.collect(row, numbers)
    office = next(iter(numbers))
    assert make.score(fresh(row), office).points == 10_000


# -- Computing -------------------------------------------------------------------------------------


def test_numbers_are_stored_batch_by_batch_with_progress(place, offices):
    row = make.opened(place)
    assert (row.total, row.per_cent) == (7, 0)
    assert appraising.collect(row, at=AT, limit=3) == 3
    assert (fresh(row).state, fresh(row).per_cent) == ("computing", 42)
    assert appraising.collect(row, at=AT, limit=3) == 3
    assert appraising.collect(row, at=AT, limit=3) == 1
    assert (fresh(row).state, fresh(row).collected) == ("first", 7)
    assert appraising.collect(row, at=AT) == 0
    assert Edition.objects.count() == 1


def test_the_task_computes_what_waits_and_may_run_twice(place, offices):
    row = make.opened(place)
    assert (tasks.compute_appraisals(), tasks.compute_appraisals()) == (7, 0)
    assert fresh(row).state == "first"


def test_results_have_points_ranks_and_grades(place, numbers):
    row = make.computed(place, numbers=numbers)
    found = [make.score(row, one) for one in numbers]
    assert [(one.points, one.rank, one.grade) for one in found] == [
        (10_000, 1, "good"),  # of four ranked nobody may be excellent: a fifth is none
        (8440, 2, "good"), (8440, 2, "good"), (2500 + 500, 4, "poor"), (None, None, ""),
    ]  # fmt: skip
    assert make.score(row, place.town.centre).points is None


def test_an_outcome_is_made_again_of_what_is_stored(place, numbers):
    row = make.publicised(place, numbers=numbers)
    edition = row.editions.get()
    again = recomputed(edition)
    assert again == as_published(edition)
    assert [one.points for one in again.values()].count(None) == 3
    stored = {(one.appraised.body, one.code): one.value for one in Input.objects.all()}
    office = next(iter(numbers))
    assert stored[office, "closed_on_time"] == 19


def test_a_fifth_of_many_is_excellent_and_the_outcome_counts_them(place):
    offices = [make.department(place, head=False) for _each in range(11)]
    ranked = {one: {**GOOD, "rework": place_} for place_, one in enumerate(offices)}
    row = make.computed(place, numbers=ranked)
    edition = row.editions.get()
    assert (edition.ranked, edition.places, edition.excellent) == (11, 2, 2)
    best = Score.objects.filter(grade="excellent")
    assert {one.appraised.body for one in best} == set(offices[:2])


# -- Publicising and publishing ------------------------------------------------------------------


def test_appeals_have_the_work_days_of_the_scheme(place, numbers):
    row = make.publicised(place, numbers=numbers)
    assert row.appeal_until == AT + datetime.timedelta(days=7)  # five work days, one weekend
    with pytest.raises(RuleViolation):
        appraising.publish(row, by=place.assessor, at=row.appeal_until - datetime.timedelta(0, 1))
    assert appraising.publish_due(at=later(days=6)) == 0
    assert appraising.publish_due(at=row.appeal_until) == 1
    assert appraising.publish_due(at=later(days=9)) == 0
    assert fresh(row).state == "published"


def test_only_an_assessor_publicises_what_is_confirmed(place, numbers):
    row = make.computed(place, numbers=numbers)
    with pytest.raises(WrongState):
        appraising.publicise(row, by=place.assessor, at=AT)
    done = make.reviewed(place, make.scheme(), numbers=numbers)
    with pytest.raises(NotYours):
        appraising.publicise(done, by=place.supervisor, at=AT)


# -- Reference data ----------------------------------------------------------------------------


def test_the_reference_schemes_are_loaded_once_and_hold_together(place):
    assert reference.load_reference(by=place.assessor, at=AT) == 8
    assert reference.load_reference(by=place.assessor, at=AT) == 0
    for used in Scheme.objects.all():
        rates = sum(rule.points for rule in used.rules.filter(kind="rate"))
        assert rates == 10_000, used.code
        for one in used.rules.all():
            assert one.as_rule.name
        assert make.computed(place, used).state == "first"
