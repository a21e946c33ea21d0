"""The seven steps, each rule and each refusal."""

import datetime

import pytest

from funding.services.freezing import freeze
from lib.roles import Role
from lib.worktime import CITY_ZONE
from organizations.models import Body
from routing.matching import Facts, Judge, Match, Refusal
from routing.models.duty import CommunityList
from tests.factories.funding import LineFactory, PurposeFactory, SourceFactory
from tests.factories.grids import (
    AreaMembershipFactory,
    BodyTerritoryFactory,
    PostTerritoryFactory,
    TerritoryFactory,
)
from tests.factories.organizations import (
    BodyFactory,
    DutyHoursFactory,
    PostFactory,
    SkillFactory,
    UserFactory,
)
from tests.factories.routing import (
    AdmissionFactory,
    CategoryFactory,
    CommunityDutyFactory,
    DutyEntryFactory,
    LoadFactory,
    StandardFactory,
)
from tests.routing.conftest import MONDAY

YESTERDAY = MONDAY.date() - datetime.timedelta(days=1)
FRIDAY_NIGHT = datetime.datetime(2026, 11, 20, 22, tzinfo=CITY_ZONE)


def codes(answer):
    return [code for code, _params in answer.reasons]


def why(answer, kind):
    key = {"duty": "body", "person": "post", "line": "line", "category": "category"}[kind]
    return {row[key]: row["why"] for row in answer.candidates if row["kind"] == kind}


def community_of(town, **changed):
    """The community's own committee leads the matter in its territory."""
    body = BodyFactory(community=True, name="梅塘社区居委会", name_en="Meitang committee")
    DutyEntryFactory(category=town.small, territory=town.community, lead=body)
    return body


# -- The whole -----------------------------------------------------------------------------------


def test_a_matter_finds_its_desk_its_person_and_its_money(town, decide):
    match = decide()
    assert isinstance(match, Match)
    assert (match.duty_id, match.lead_id, match.post_id, match.line_id) == (
        town.entry.pk, town.office.pk, town.post.pk, town.line.pk,
    )  # fmt: skip
    assert (match.purpose_id, match.payer_id, match.estimate, match.points) == (
        town.purpose.pk, town.office.pk, 60_000, 2,
    )  # fmt: skip
    assert match.sign_due_at == MONDAY + datetime.timedelta(hours=1)
    assert match.handle_due_at == MONDAY + datetime.timedelta(hours=2)
    assert codes(match) == [
        "place_in_grid", "standard_first", "duty_list", "person", "money", "limits",
    ]  # fmt: skip
    assert why(match, "duty") == {town.office.pk: "chosen"}
    assert why(match, "person") == {town.post.pk: "chosen"}
    assert why(match, "line") == {town.line.pk: "chosen"}


def test_the_record_of_the_facts_leaves_the_text_out(decide, facts):
    text = "井盖不见了，我的电话是13812345678"
    match = decide(text=text)
    assert match.facts == facts().record()
    assert "text" not in match.facts


def test_the_snapshot_costs_the_same_queries_with_more_of_everything(
    town, django_assert_num_queries
):
    with django_assert_num_queries(22):
        Judge.load(at=MONDAY)
    for _ in range(30):
        post = PostFactory(body=town.office)
        post.skills.add(SkillFactory())
        DutyHoursFactory(post=post)
        PostTerritoryFactory(post=post, territory=town.place)
        LineFactory(free=100_000, body=town.office, purposes=[town.purpose])
        assistants = [BodyFactory()]
        DutyEntryFactory(category=CategoryFactory(parent=town.large), assistants=assistants)
    with django_assert_num_queries(22):
        judge = Judge.load(at=MONDAY)
    with django_assert_num_queries(0):
        judge.decide(Facts(town.small.pk, None, town.place.pk, None, None, MONDAY))


# -- Place and matter ----------------------------------------------------------------------------


def test_without_a_place_nobody_is_asked(decide):
    refusal = decide(town_id=None, community_id=None, grid_id=None)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, codes(refusal)) == ("no_place", ["no_place"])


def test_a_town_alone_is_a_place(town, decide):
    match = decide(community_id=None, grid_id=None)
    assert match.lead_id == town.office.pk
    assert codes(match)[0] == "place"


def test_without_a_category_the_words_suggest_some(town, decide):
    refusal = decide(category_id=None, text="路口井盖缺失很危险")
    assert refusal.code == "no_category"
    assert why(refusal, "category") == {town.small.pk: "suggested"}


def test_a_large_class_is_no_category(town, decide):
    refusal = decide(category_id=town.large.pk)
    assert (refusal.code, codes(refusal)[-1]) == ("no_category", "no_standard")


def test_an_ended_category_is_none(town, decide):
    town.small.valid_to = MONDAY.date()
    town.small.save(update_fields=["valid_to"])
    assert decide().code == "no_category"


def test_an_emergency_is_never_routed_even_without_a_place(town, decide):
    town.large.is_emergency = True
    town.large.save(update_fields=["is_emergency"])
    refusal = decide(town_id=None, community_id=None, grid_id=None)
    assert (refusal.code, codes(refusal)) == ("emergency", ["emergency"])


def test_the_standard_chosen_the_urgent_one_the_first(town, decide):
    town.standard.urgent = False
    town.standard.save(update_fields=["urgent"])
    second = StandardFactory(category=town.small, rank=2)
    third = StandardFactory(category=town.small, rank=3, urgent=True)
    assert decide().standard_id == town.standard.pk
    assert decide(urgent=True).standard_id == third.pk
    assert decide(urgent=True, standard_id=second.pk).standard_id == second.pk
    assert decide(standard_id=StandardFactory().pk).standard_id == town.standard.pk


def test_a_chosen_standard_that_was_replaced_stands_for_its_successor(town, decide):
    chosen = StandardFactory(category=town.small, rank=2, valid_to=YESTERDAY)
    successor = StandardFactory(category=town.small, rank=2, valid_from=YESTERDAY)
    assert decide(standard_id=chosen.pk).standard_id == successor.pk


# -- Duty ----------------------------------------------------------------------------------------


def test_nobody_answers_is_a_gap(town, decide):
    town.entry.valid_to = MONDAY.date()
    town.entry.save(update_fields=["valid_to"])
    refusal = decide()
    assert (refusal.code, refusal.standard_id) == ("gap", town.standard.pk)


def test_the_smaller_territory_wins_over_the_smaller_class(town, decide):
    DutyEntryFactory(category=town.small, territory=town.place)
    nearer = DutyEntryFactory(category=None, territory=town.community)
    PostFactory(body=nearer.lead)
    match = decide(cost=0)
    assert match.duty_id == nearer.pk
    assert why(match, "duty")[town.office.pk] == "less_specific"


def test_in_one_territory_the_smaller_class_wins(town, decide):
    exact = DutyEntryFactory(category=town.small, territory=town.place)
    PostFactory(body=exact.lead)
    assert decide(cost=0).duty_id == exact.pk


def test_the_area_stands_between_town_and_city_and_the_city_is_the_last_resort(town, decide):
    town.entry.valid_to = YESTERDAY
    town.entry.save(update_fields=["valid_to"])
    last_resort = DutyEntryFactory(category=None, territory=town.city)
    PostFactory(body=last_resort.lead)
    assert decide(cost=0).duty_id == last_resort.pk
    area = TerritoryFactory(area=True, parent=town.city)
    AreaMembershipFactory(area=area, town=town.place)
    of_area = DutyEntryFactory(category=None, territory=area)
    PostFactory(body=of_area.lead)
    assert decide(cost=0).duty_id == of_area.pk


def test_two_leads_are_an_overlap(town, decide):
    other = DutyEntryFactory(category=town.large, territory=town.place)
    refusal = decide()
    assert (refusal.code, refusal.lead_id) == ("overlap", None)
    assert why(refusal, "duty") == {town.office.pk: "equal", other.lead_id: "equal"}


def test_two_entries_of_one_lead_are_no_overlap(town, decide):
    DutyEntryFactory(category=town.large, territory=town.place, lead=town.office)
    assert decide().lead_id == town.office.pk


def test_a_precedent_settles_equals_and_the_newest_settles_precedents(town, decide):
    first = DutyEntryFactory(category=town.large, territory=town.place, precedent=True)
    newest = DutyEntryFactory(
        category=town.large, territory=town.place, precedent=True,
        decided_at=MONDAY - datetime.timedelta(days=1),
    )  # fmt: skip
    PostFactory(body=newest.lead)
    match = decide(cost=0)
    assert match.duty_id == newest.pk
    assert "duty_precedent" in codes(match)
    assert why(match, "duty") == {
        town.office.pk: "settled_by_precedent",
        first.lead_id: "settled_by_precedent",
        newest.lead_id: "chosen",
    }


def test_who_returned_it_is_not_asked_again(town, decide):
    wider = DutyEntryFactory(category=None, territory=town.city)
    PostFactory(body=wider.lead)
    match = decide(avoid_bodies=frozenset({town.office.pk}), cost=0)
    assert match.duty_id == wider.pk
    assert why(match, "duty")[town.office.pk] == "returned_before"
    assert decide(avoid_bodies=frozenset({town.office.pk, wider.lead_id})).code == "gap"


def test_a_body_that_has_ended_leads_nothing(town, decide):
    Body.objects.filter(pk=town.office.pk).update(valid_to=MONDAY.date())
    refusal = decide()
    assert refusal.code == "gap"
    assert why(refusal, "duty") == {town.office.pk: "body_ended"}
    assert decide(lead_id=town.office.pk).code == "gap"


def test_a_person_may_choose_the_lead(town, decide):
    other = PostFactory().body
    match = decide(lead_id=other.pk, cost=0)
    assert (match.duty_id, match.lead_id) == (None, other.pk)
    assert "duty_chosen" in codes(match)


def test_assistants_are_named(town, decide):
    one, two = BodyFactory(), BodyFactory()
    town.entry.assistants.set([one, two])
    match = decide()
    assert match.assistant_ids == (one.pk, two.pk)
    assert "assistants" in codes(match)


def test_a_community_assists_where_its_list_says_so(town, decide):
    body = BodyFactory(community=True)
    BodyTerritoryFactory(body=body, territory=town.community)
    assert decide().assistant_ids == ()
    CommunityDutyFactory(body=None, category=town.small, list=CommunityList.ASSIST)
    assert decide().assistant_ids == (body.pk,)
    assert decide(community_id=None, grid_id=None).assistant_ids == ()


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


# -- Money -----------------------------------------------------------------------------------------


def test_a_matter_of_no_cost_says_so(town, decide):
    match = decide(cost=0)
    assert (match.line_id, match.purpose_id, match.estimate) == (None, None, 0)
    assert "no_cost" in codes(match)


def test_the_cost_known_beforehand_replaces_the_estimate(town, decide):
    assert decide(cost=100_000).estimate == 100_000
    refusal = decide(cost=100_001)
    assert (refusal.code, refusal.payer_id, refusal.lead_id) == (
        "no_money", town.office.pk, town.office.pk,
    )  # fmt: skip
    assert why(refusal, "line") == {town.line.pk: "not_enough"}


def test_each_line_hears_why_not_and_the_order_of_sources_decides(town, decide):
    source, other = town.line.source, PurposeFactory()
    make = lambda **kw: LineFactory(body=town.office, **{"free": 100_000, **kw})  # noqa: E731 -- five alike
    purpose = make(purposes=[other])
    abroad = make(purposes=[town.purpose], territory=TerritoryFactory(town=True))
    poor = make(purposes=[town.purpose], free=59_999)
    later = make(purposes=[town.purpose], source=SourceFactory())
    ends = make(purposes=[town.purpose], source=source, valid_to=datetime.date(2026, 12, 31))
    sooner = make(purposes=[town.purpose], source=source, valid_to=datetime.date(2026, 12, 1))
    make(purposes=[town.purpose], source=source, valid_to=MONDAY.date())
    match = decide()
    assert match.line_id == sooner.pk
    assert why(match, "line") == {
        sooner.pk: "chosen",
        ends.pk: "later_source",
        town.line.pk: "later_source",
        purpose.pk: "other_purpose",
        abroad.pk: "line_of_other_territory",
        poor.pk: "not_enough",
        later.pk: "later_source",
    }


def test_a_line_of_the_community_pays_in_the_community(town, decide):
    town.line.territory = town.community
    town.line.save(update_fields=["territory"])
    assert decide().line_id == town.line.pk
    assert decide(community_id=None, grid_id=None).code == "no_money"


def test_another_body_may_pay(town, decide):
    treasury = BodyFactory()
    town.entry.payer = treasury
    town.entry.save(update_fields=["payer"])
    assert (decide().code, decide().payer_id) == ("no_money", treasury.pk)
    line = LineFactory(free=100_000, body=treasury, purposes=[town.purpose])
    match = decide()
    assert (match.line_id, match.payer_id, match.lead_id) == (
        line.pk, treasury.pk, town.office.pk,
    )  # fmt: skip


def test_a_cost_without_a_purpose_finds_no_money(town, decide):
    free = StandardFactory(category=town.small, rank=2)
    refusal = decide(standard_id=free.pk, cost=1)
    assert (refusal.code, codes(refusal)[-1]) == ("no_money", "no_purpose")


def test_a_frozen_ledger_gives_nothing_out_but_what_costs_nothing_goes_on(town, decide):
    freeze(reason="a check failed", by=UserFactory(), at=MONDAY)
    refusal = decide()
    assert (refusal.code, codes(refusal)[-1]) == ("no_money", "ledger_frozen")
    assert decide(cost=0).post_id == town.post.pk


def test_a_batch_never_promises_a_fen_twice(town, facts):
    second = LineFactory(body=town.office, purposes=[town.purpose], free=60_000)
    judge = Judge.load(at=MONDAY)
    answers = [judge.decide(facts()) for _ in range(3)]
    assert [getattr(answer, "line_id", None) for answer in answers] == [
        town.line.pk, second.pk, None,
    ]  # fmt: skip
    assert answers[2].code == "no_money"


def test_a_refusal_takes_nothing(town, facts):
    judge = Judge.load(at=MONDAY)
    for _ in range(20):
        judge.decide(facts(cost=100_001))
    assert judge.decide(facts()).post_id == town.post.pk


# -- Limits ----------------------------------------------------------------------------------------


def test_limits_run_from_the_moment_of_the_facts_in_the_standards_units(town, decide):
    standard = StandardFactory(
        category=town.small, rank=2, sign_limit=2, handle_limit=1, handle_unit="work_day"
    )
    match = decide(standard_id=standard.pk, at=FRIDAY_NIGHT)
    assert match.sign_due_at == datetime.datetime(2026, 11, 23, 10, tzinfo=CITY_ZONE)
    assert match.handle_due_at == datetime.datetime(2026, 11, 23, 18, tzinfo=CITY_ZONE)
