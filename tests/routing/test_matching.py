"""The seven steps, each rule and each refusal; people in `test_matching_people`."""

import datetime

from funding.services.freezing import freeze
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
    CategoryFactory,
    CommunityDutyFactory,
    DutyEntryFactory,
    StandardFactory,
)
from tests.routing.answers import codes, why
from tests.routing.conftest import FRIDAY_NIGHT, MONDAY

YESTERDAY = MONDAY.date() - datetime.timedelta(days=1)


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
    with django_assert_num_queries(24):
        Judge.load(at=MONDAY)
    for _ in range(30):
        post = PostFactory(body=town.office)
        post.skills.add(SkillFactory())
        DutyHoursFactory(post=post)
        PostTerritoryFactory(post=post, territory=town.place)
        LineFactory(free=100_000, body=town.office, purposes=[town.purpose])
        assistants = [BodyFactory()]
        DutyEntryFactory(category=CategoryFactory(parent=town.large), assistants=assistants)
    with django_assert_num_queries(24):
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
