"""Reports of one matter: found, merged, undone; who reported follows the case that is kept."""

import datetime

import pytest
from django.db import connection

from cases import services
from cases.models import Case, CaseEvent, CooperationRule, Distinct
from cases.services import duplicates
from cases.services.history import verify_history
from lib.errors import NotYours, RuleViolation
from lib.likeness import likeness, shingles
from organizations.models import Message
from tests.factories import cases as make
from tests.factories.cases import MONDAY, POINT, fresh, later
from tests.factories.organizations import UserFactory
from tests.factories.routing import CategoryFactory
from tests.races import at_once

TODAY = MONDAY.date()


def near(town, metres, **said):
    """A report so many metres further north."""
    return make.submitted(town, **{**POINT, "lat": POINT["lat"] + metres / 111_195, **said})


def found(case, town):
    return {hit.case.pk for hit in duplicates.likely(case, user=town.dispatcher, on=TODAY)}


def test_likeness_is_the_share_of_common_pairs():
    a, b = shingles("路口井盖不见了"), shingles("路口的井盖不见了")
    assert likeness(a, a) == 100
    assert likeness(a, shingles("噪音扰民")) == 0
    assert likeness(a, b) == 100 * len(a & b) // len(a | b)
    assert likeness(frozenset(), a) == 0


@pytest.mark.parametrize(
    ("metres", "hours", "same"), [(49, 23, True), (60, 1, False), (1, 25, False)]
)
def test_same_class_within_fifty_metres_and_a_day(town, metres, hours, same):
    first = near(town, 0, title="井盖缺失", text="井盖缺失")
    other = near(town, metres, title="缺盖", text="完全不同的话", at=later(hours=hours))
    assert (other.pk in found(first, town)) is same
    assert (first.pk in found(other, town)) is same


def test_like_words_in_the_community_are_found_whatever_their_class(town):
    noise = CategoryFactory(code="noise", name="噪音", name_en="Noise", parent=town.large)
    first = near(town, 0, title="路口井盖不见了很危险", text="路口井盖不见了很危险")
    far = near(town, 900, category=noise, title="路口井盖不见了危险", text="路口井盖不见了危险")
    assert far.pk in found(first, town)
    assert near(town, 900, category=noise, text="广场舞太吵").pk not in found(first, town)


def test_the_numbers_are_rules_of_the_day(town):
    first, other = near(town, 0, text="甲", title="甲"), near(town, 90, text="乙", title="乙")
    assert found(first, town) == set()
    CooperationRule.objects.create(valid_from=datetime.date(2026, 1, 1), duplicate_metres=100)
    assert found(first, town) == {other.pk}


def test_the_list_shows_pairs_once_and_not_those_told_apart(town):
    first, second = near(town, 0), near(town, 10)
    seen = Case.objects.visible_to(town.dispatcher, on=TODAY)
    (pair,) = duplicates.pairs(seen, at=MONDAY)
    assert {pair.case.pk, pair.hit.case.pk} == {first.pk, second.pk}
    assert (pair.hit.metres, pair.hit.by_place, pair.is_both_ways) == (10, True, True)
    with pytest.raises(NotYours):
        services.tell_apart(first, second, by=town.stranger, at=MONDAY)
    services.tell_apart(second, first, by=town.dispatcher, at=MONDAY)
    assert Distinct.objects.get().first == first
    assert duplicates.pairs(seen, at=MONDAY) == []


def test_finding_reads_by_index_and_costs_the_same_however_much_there_is(
    town, django_assert_max_num_queries
):
    first = near(town, 0)

    def queries():
        with django_assert_max_num_queries(30) as asked:
            duplicates.likely(first, user=town.dispatcher, on=TODAY)
        return len(asked)

    queries()
    near(town, 5)
    few = queries()
    for _more in range(3):
        near(town, 5)
    assert queries() == few
    rows = Case.objects.possible_duplicates(
        category=town.small.pk, point=None, grid=town.grid.pk, at=MONDAY
    )
    if connection.vendor == "sqlite":  # PostgreSQL reads so few rows at once
        assert "case_category_created" in rows.explain()


def merged(town, **said):
    kept = near(town, 0, title="先报的")
    other = near(town, 5, title="后报的", **said)
    return services.merge(other, kept=kept, by=town.dispatcher, at=later(hours=1)), kept


def near_by(town, person, **said):
    return make.log(town, by=person, channel="web", **said)


def test_the_merged_case_ends_and_both_histories_say_so(town):
    case, kept = merged(town)
    assert (case.state, case.desk, case.kept) == ("merged", "", kept)
    assert CaseEvent.objects.get(case=case, move="merge").facts["number"] == kept.number
    assert CaseEvent.objects.get(case=kept, move="merge_in").facts["number"] == case.number
    assert fresh(kept).state == "submitted"
    assert list(verify_history()) == []


def test_undone_it_goes_its_own_way_again_where_it_had_come_to(town):
    case, kept = merged(town)
    back = services.unmerge(case, by=town.acceptor, at=later(hours=2))
    assert (back.state, back.desk, back.kept, back.ended_at) == (
        "submitted",
        "acceptance",
        None,
        None,
    )
    filed = services.merge(make.filed(town), kept=kept, by=town.dispatcher, at=later(hours=3))
    back = services.unmerge(filed, by=town.dispatcher, at=later(hours=4))
    assert (back.state, back.desk, back.route_at) == ("filed", "router", later(hours=4))
    assert list(verify_history()) == []


@pytest.mark.parametrize(
    ("make_kept", "code"),
    [
        (lambda town, case: case, "same_case"),
        (lambda town, case: merged(town)[0], "kept_has_ended"),
        (lambda town, case: make.closed(town), "kept_has_ended"),
    ],
)
def test_what_cannot_be_kept(town, make_kept, code):
    case = make.submitted(town)
    kept = make_kept(town, case)
    with pytest.raises(RuleViolation) as refusal:
        services.merge(case, kept=kept, by=town.dispatcher, at=later(hours=5))
    assert refusal.value.code == code
    assert fresh(case).state == "submitted"


def test_earlier_followers_follow_to_the_newly_kept(town):
    case, kept = merged(town)
    last = make.submitted(town)
    services.merge(kept, kept=last, by=town.dispatcher, at=later(hours=2))
    assert (fresh(case).kept, fresh(kept).kept) == (last, last)


def test_everybody_who_reported_hears_by_their_own_number(town):
    first, second = UserFactory(), UserFactory()
    kept, other = near_by(town, first, title="甲"), near_by(town, second, title="乙")
    other = services.merge(other, kept=kept, by=town.dispatcher, at=later(hours=1))
    services.file(kept, by=town.acceptor, at=later(hours=2))
    told = Message.objects.filter(kind="case-filed").order_by("to")
    assert [(row.to_id, row.params["number"]) for row in told] == [
        (first.pk, kept.number),
        (second.pk, other.number),
    ]


def test_the_progress_page_tells_the_kept_ones_way_and_none_of_its_words(client, town):
    kept = near_by(town, town.resident, title="王五家门口井盖", text="王五电话13800138000")
    other = near_by(town, UserFactory(), title="井盖")
    services.merge(other, kept=kept, by=town.dispatcher, at=later(hours=1))
    services.file(kept, by=town.acceptor, at=later(hours=2))
    services.route_waiting(at=later(hours=2))
    client.post("/follow/", {"number": other.number, "code": other.query_code})
    page = client.get(f"/follow/{other.number}/").content.decode()
    assert str(town.office) in page
    for secret in ("王五", "13800138000", kept.number, kept.query_code):
        assert secret not in page


def test_the_page_shows_pairs_merges_and_undoes(client, town, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: later(hours=1))
    first, second = near(town, 0), near(town, 10)
    client.force_login(town.dispatcher)
    page = client.get("/cases/duplicates/").content.decode()
    assert first.number in page
    said = {"number": first.number, "next": "/cases/duplicates/"}
    answer = client.post(f"/cases/{second.number}/merge/", said)
    assert (answer.status_code, answer["Location"]) == (302, "/cases/duplicates/")
    assert fresh(second).kept == first
    client.post(f"/cases/{second.number}/unmerge/", {"note": ""})
    assert fresh(second).state == "submitted"
    client.post(f"/cases/duplicates/{first.number}/{second.number}/")
    assert "pair-side" not in client.get("/cases/duplicates/").content.decode()
    client.force_login(town.handler)
    assert client.get("/cases/duplicates/").status_code == 403


# -- Races ----------------------------------------------------------------------------------------


def outcome(*acts):
    def run(number):
        try:
            return acts[number]().state
        except RuleViolation as refusal:
            return refusal.code

    return at_once(len(acts), run)


@pytest.mark.django_db(transaction=True)
def test_two_mergers_of_each_other_leave_one_case(town):
    one, two = near(town, 0), near(town, 5)
    answers = outcome(
        lambda: services.merge(one, kept=two, by=town.dispatcher, at=later(hours=1)),
        lambda: services.merge(two, kept=one, by=town.acceptor, at=later(hours=1)),
    )
    assert sorted(answers) == ["kept_has_ended", "merged"]
    assert Case.objects.filter(state="merged").count() == 1
    assert list(verify_history()) == []


@pytest.mark.django_db(transaction=True)
def test_merging_and_dispatching_contradict_each_other(town):
    kept, case = near(town, 0), make.returned(town)
    send = {"post": town.posts.handler, "line": town.line, "by": town.dispatcher, "at": MONDAY}
    answers = outcome(
        lambda: services.merge(case, kept=kept, by=town.dispatcher, at=MONDAY),
        lambda: services.dispatch(case, **send),
        lambda: services.merge(case, kept=kept, by=town.dispatcher, at=MONDAY),
    )
    state = fresh(case).state
    assert state in {"merged", "dispatched"}
    assert sorted(answers) == sorted([state, "wrong_state", "wrong_state"])
    town.line.refresh_from_db()
    assert town.line.reserved == (60_000 if state == "dispatched" else 0)
