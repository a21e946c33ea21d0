"""What a community may lead, and which person gets the work."""

import datetime

import pytest

from lib.roles import Role
from routing.matching import Judge, Match
from routing.models.duty import CommunityList
from tests.factories.funding import LineFactory
from tests.factories.grids import (
    BodyTerritoryFactory,
    PostTerritoryFactory,
    TerritoryFactory,
)
from tests.factories.organizations import (
    BodyFactory,
    DutyHoursFactory,
    PostFactory,
    SkillFactory,
)
from tests.factories.routing import (
    AdmissionFactory,
    CommunityDutyFactory,
    LoadFactory,
)
from tests.routing.answers import codes, community_of, why
from tests.routing.conftest import FRIDAY_NIGHT, MONDAY

# -- What a community may lead --------------------------------------------------------------------


def test_a_community_leads_what_is_on_its_own_list(town, decide):
    body = community_of(town)
    worker = PostFactory(body=body, role=Role.GRID_WORKER)
    CommunityDutyFactory(body=body, category=town.large)
    match = decide(cost=0)
    assert (match.lead_id, match.post_id, match.admission_id) == (body.pk, worker.pk, None)
    assert "community_lawful" in codes(match)


def test_a_list_of_all_communities_holds_for_each(town, decide):
    body = community_of(town)
    PostFactory(body=body, role=Role.COMMUNITY_WORKER)
    CommunityDutyFactory(body=None, category=town.small)
    assert decide(cost=0).lead_id == body.pk


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([], "not_admitted"),
        ([CommunityList.ASSIST], "not_admitted_assist"),
        ([CommunityList.LAWFUL, CommunityList.NEGATIVE], "not_admitted_negative"),
    ],
)
def test_a_community_is_not_made_to_lead_what_is_not_its_own(town, decide, entries, reason):
    body = community_of(town)
    PostFactory(body=body, role=Role.GRID_WORKER)
    for name in entries:
        CommunityDutyFactory(body=body, category=town.small, list=name)
    refusal = decide(cost=0)
    assert (refusal.code, codes(refusal)[-1], refusal.lead_id) == (
        "not_admitted", reason, body.pk,
    )  # fmt: skip


def test_its_own_entry_comes_before_that_of_all_communities(town, decide):
    body = community_of(town)
    PostFactory(body=body, role=Role.GRID_WORKER)
    CommunityDutyFactory(body=None, category=town.small, list=CommunityList.NEGATIVE)
    CommunityDutyFactory(body=body, category=town.small)
    assert decide(cost=0).lead_id == body.pk


def test_an_admitted_matter_comes_with_the_departments_money(town, decide):
    body = community_of(town)
    PostFactory(body=body, role=Role.GRID_WORKER)
    line = LineFactory(free=100_000, body=town.office, purposes=[town.purpose])
    admission = AdmissionFactory(
        category=town.large, community=body, department=town.office, line=line
    )
    match = decide()
    assert (match.lead_id, match.line_id, match.payer_id, match.admission_id) == (
        body.pk, line.pk, town.office.pk, admission.pk,
    )  # fmt: skip
    assert match.assistant_ids == (town.office.pk,)
    assert "community_admitted" in codes(match)


def test_an_admission_does_not_lift_the_negative_list(town, decide):
    body = community_of(town)
    AdmissionFactory(category=town.small, community=body)
    CommunityDutyFactory(body=None, category=town.small, list=CommunityList.NEGATIVE)
    assert codes(decide())[-1] == "not_admitted_negative"


def test_more_work_than_was_admitted_is_refused(town, decide):
    body = community_of(town)
    AdmissionFactory(category=town.small, community=body, points=1)
    refusal = decide()
    assert (refusal.code, codes(refusal)[-1]) == ("not_admitted", "admitted_for_less")


def test_a_person_cannot_order_it_either(town, decide):
    body = BodyFactory(community=True)
    assert decide(lead_id=body.pk).code == "not_admitted"


# -- Person ----------------------------------------------------------------------------------------


def test_nobody_in_the_office_is_told_to_its_head(town, decide):
    town.post.delete()
    refusal = decide()
    assert (refusal.code, refusal.lead_id, refusal.duty_id) == (
        "no_staff", town.office.pk, town.entry.pk,
    )  # fmt: skip


def test_each_candidate_hears_why_not(town, decide):
    skill = SkillFactory()
    town.standard.skill = skill
    town.standard.save(update_fields=["skill"])
    unskilled = town.post
    elsewhere, absent, full, able, busier = (PostFactory(body=town.office) for _ in range(5))
    for post in (elsewhere, absent, full, able, busier):
        post.skills.add(skill)
    PostTerritoryFactory(post=elsewhere, territory=TerritoryFactory(town=True))
    DutyHoursFactory(post=absent, weekday=5)
    LoadFactory(post=full, points=9)
    LoadFactory(post=busier, points=1)
    match = decide()
    assert match.post_id == able.pk
    assert why(match, "person") == {
        unskilled.pk: "no_skill",
        elsewhere.pk: "other_territory",
        absent.pk: "off_duty",
        full.pk: "full",
        busier.pk: "busier",
        able.pk: "chosen",
    }


def test_no_skill_in_the_whole_office_says_so(town, decide):
    town.standard.skill = SkillFactory()
    town.standard.save(update_fields=["skill"])
    assert codes(decide())[-1] == "no_staff_with_skill"


@pytest.mark.parametrize(
    "changed",
    [
        {"valid_to": MONDAY.date()},
        {"valid_from": MONDAY.date() + datetime.timedelta(days=1)},
        {"role": Role.DEPARTMENT_HEAD},
        {"role": Role.GRID_WORKER},
    ],
)
def test_posts_that_do_not_hold_or_do_not_handle_are_not_asked(town, decide, changed):
    for name, value in changed.items():
        setattr(town.post, name, value)
    town.post.save(update_fields=list(changed))
    assert decide().code == "no_staff"


def test_a_locked_person_is_not_asked(town, decide):
    town.post.person.is_active = False
    town.post.person.save(update_fields=["is_active"])
    assert decide().code == "no_staff"


def test_a_post_without_territory_covers_what_its_body_covers(town, decide):
    BodyTerritoryFactory(body=town.office, territory=TerritoryFactory(town=True))
    assert decide().code == "no_staff"
    BodyTerritoryFactory(body=town.office, territory=town.city)
    assert decide().post_id == town.post.pk


def test_who_covers_the_grid_is_found_from_the_grid(town, decide):
    PostTerritoryFactory(post=town.post, territory=town.grid)
    assert decide().post_id == town.post.pk
    assert decide(grid_id=None).code == "no_staff"


def test_at_night_who_is_on_duty_comes_before_who_comes_in_the_morning(town, decide):
    night = PostFactory(body=town.office)
    DutyHoursFactory(post=night, weekday=4, starts=datetime.time(18), ends=datetime.time(23, 59))
    LoadFactory(post=night, points=5)
    match = decide(now=FRIDAY_NIGHT)
    assert match.post_id == night.pk
    assert why(match, "person")[town.post.pk] == "on_duty_later"


def test_when_nobody_is_on_duty_it_waits_for_the_next_working_period(town, decide):
    early, late = PostFactory(body=town.office), PostFactory(body=town.office)
    town.post.delete()
    DutyHoursFactory(post=early, weekday=0)  # from half past eight: not when work begins
    DutyHoursFactory(post=late, weekday=0, starts=datetime.time(8))
    match = decide(now=FRIDAY_NIGHT)
    assert match.post_id == late.pk
    assert why(match, "person")[early.pk] == "off_duty"
    assert "person_next_period" in codes(match)


def test_the_last_minute_of_the_day_is_on_duty(town, decide):
    town.post.delete()
    night = PostFactory(body=town.office)
    DutyHoursFactory(post=night, weekday=0, starts=datetime.time(18), ends=datetime.time(23, 59))
    late = MONDAY.replace(hour=23, minute=59, second=30)
    assert decide(now=late).post_id == night.pk


def test_the_lowest_share_then_the_longest_idle_then_the_first(town, decide):
    small = PostFactory(body=town.office, capacity=4)
    LoadFactory(post=small, points=1)
    LoadFactory(post=town.post, points=2)  # 2 of 10 is less than 1 of 4
    assert decide().post_id == town.post.pk
    idle = PostFactory(body=town.office)
    LoadFactory(post=idle, points=2, last_given_at=MONDAY - datetime.timedelta(days=9))
    town.post.load.last_given_at = MONDAY - datetime.timedelta(days=1)
    town.post.load.save(update_fields=["last_given_at"])
    assert decide().post_id == idle.pk
    never = PostFactory(body=town.office)
    LoadFactory(post=never, points=2)
    assert decide().post_id == never.pk
    same = PostFactory(body=town.office)
    LoadFactory(post=same, points=2)
    match = decide()
    assert match.post_id == never.pk
    assert why(match, "person")[same.pk] == "served_later"


def test_a_batch_spreads_the_work_until_nobody_has_room(town, facts):
    posts = [town.post.pk] + [PostFactory(body=town.office, capacity=4).pk for _ in range(2)]
    judge = Judge.load(at=MONDAY)
    answers = [judge.decide(facts(cost=0)) for _ in range(10)]
    given = [answer.post_id for answer in answers if isinstance(answer, Match)]
    assert {post: given.count(post) for post in posts} == {posts[0]: 5, posts[1]: 2, posts[2]: 2}
    assert answers[-1].code == "no_staff"
    assert given[:3] == posts
