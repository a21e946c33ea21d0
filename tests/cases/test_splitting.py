"""A case is split into parts, waits for them, and ends with them: once."""

import pytest

from cases import services
from cases.models import Case, CaseEvent, Reporter, Task
from cases.services.history import verify_history
from lib.errors import NotYours, RuleViolation
from organizations.models import Message
from routing.models import Load
from tests.factories import cases as make
from tests.factories.cases import fresh, later, photo
from tests.races import at_once

PARTS = ({"title": "补盖井盖"}, {"title": "修补路面"})


def split(town, case=None, parts=PARTS, **said):
    given = {"by": town.dispatcher, "at": later(minutes=30), **said}
    return services.split(case or make.filed(town), parts=parts, **given)


def parts_of(case):
    return list(Case.objects.filter(parent=case).order_by("pk"))


def carry_out(town, case, *, at=1):
    """A part routed by itself goes all the way to its end."""
    services.route_waiting(at=later(hours=at))
    services.sign(case, by=town.handler, at=later(hours=at))
    services.report(case, result="已办好", actual=1000, by=town.handler, at=later(hours=at + 1))
    services.confirm(case, by=town.head, at=later(hours=at + 1))
    return services.check_pass(case, by=town.verifier, at=later(hours=at + 2), note="看过")


def test_parts_are_cases_of_their_own_and_the_whole_waits(town):
    case = split(town)
    one, two = parts_of(case)
    assert (case.state, case.desk, case.route_at) == ("split", "clock", None)
    assert [part.number for part in (one, two)] == [f"{case.number}-1", f"{case.number}-2"]
    assert (one.title, one.category, one.grid, one.state) == (
        "补盖井盖",
        town.small,
        town.grid,
        "filed",
    )
    services.route_waiting(at=later(hours=1))
    assert [fresh(part).lead_body for part in (one, two)] == [town.office, town.office]
    assert Task.objects.filter(case__in=[one, two]).count() == 2
    assert list(verify_history()) == []


def test_the_head_splits_what_is_in_work_and_all_is_given_back(town):
    case = split(town, make.handling(town), by=town.head)
    town.line.refresh_from_db()
    assert (town.line.available, town.line.reserved) == (1_000_000, 0)
    assert Task.objects.get(case=case).state == "withdrawn"
    assert Load.objects.get(post=town.posts.handler).points == 0
    assert (fresh(case).state, fresh(case).lead_post) == ("split", None)


def test_a_part_with_a_chosen_department_waits_for_its_head(town):
    case = split(town, parts=({"title": "甲", "body": town.office}, {"title": "乙"}))
    first = parts_of(case)[0]
    assert (first.desk, first.desk_body, first.route_at) == ("head", town.office, None)
    sent = services.dispatch(
        first, post=town.posts.handler, line=town.line, by=town.head, at=later(hours=1)
    )
    assert sent.state == "dispatched"


def test_a_part_knows_whom_to_call_and_shows_the_photos(town):
    case = make.log(town, photos=[photo()], reporter_name="张三", reporter_phone="13800138000")
    part = parts_of(split(town, case))[0]
    reporter = Reporter.objects.get(case=part)
    assert (reporter.name, reporter.phone, reporter.person) == ("张三", "13800138000", None)
    assert part.photos.count() == 1


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (PARTS[:1], "parts"),
        (PARTS * 6, "parts"),
        (({"title": "甲"}, {"title": " "}), "empty"),
    ],
)
def test_wrong_parts_change_nothing(town, parts, code):
    case = make.handling(town)
    with pytest.raises(RuleViolation) as refusal:
        split(town, case, parts, by=town.head)
    assert refusal.value.code == code
    assert (Case.objects.count(), fresh(case).state) == (1, "handling")
    assert Task.objects.get(case=case).state == "handling"


def test_a_part_is_not_split_again_and_a_stranger_splits_nothing(town):
    case = split(town)
    with pytest.raises(RuleViolation) as refusal:
        split(town, parts_of(case)[0])
    assert refusal.value.code == "is_a_part"
    with pytest.raises(NotYours):
        split(town, make.filed(town), by=town.stranger)


def test_the_whole_closes_by_itself_when_one_part_was_done_and_none_is_open(town):
    case = split(town)
    one, two = parts_of(case)
    carry_out(town, one)
    assert services.join_parts(at=later(hours=3)) == 0
    services.void(two, by=town.dispatcher, at=later(hours=4), note="不需要")
    assert services.join_parts(at=later(hours=5)) == 1
    whole = fresh(case)
    assert (whole.state, whole.desk, whole.closed_by_parts) == ("closed", "", True)
    event = CaseEvent.objects.get(case=case, move="join")
    assert event.by == town.system
    assert event.facts["parts"] == [[one.number, "closed"], [two.number, "void"]]
    assert "已办好" in event.note_row.text
    assert services.join_parts(at=later(hours=6)) == 0


def test_when_no_part_was_done_it_comes_back_to_the_dispatcher(town):
    case = split(town)
    for part in parts_of(case):
        services.void(part, by=town.dispatcher, at=later(hours=1), note="不成立")
    services.join_parts(at=later(hours=2))
    whole = fresh(case)
    assert (whole.state, whole.desk, whole.ended_at) == ("returned", "dispatch", None)
    assert Message.objects.filter(kind="case-parts-undone", to=town.dispatcher).count() == 1


def test_the_resident_of_the_whole_sees_the_parts(client, town):
    case = split(town, make.log(town))
    client.post("/follow/", {"number": case.number, "code": case.query_code})
    page = client.get(f"/follow/{case.number}/").content.decode()
    assert "补盖井盖" in page
    assert "修补路面" in page


def test_parts_are_made_on_the_page(client, town, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: later(minutes=30))
    case = make.filed(town)
    client.force_login(town.dispatcher)
    form = client.get(f"/cases/{case.number}/split/", {"count": 3}).content.decode()
    assert 'name="title_3"' in form
    said = {"count": 2, "title_1": "甲", "title_2": "乙", "body_2": town.office.pk}
    assert client.post(f"/cases/{case.number}/split/", said).status_code == 302
    assert [part.title for part in parts_of(case)] == ["甲", "乙"]
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert f"{case.number}-2" in page


@pytest.mark.django_db(transaction=True)
def test_the_last_two_parts_end_at_once_and_the_whole_closes_once(town):
    case = split(town, make.returned(town))
    parts = parts_of(case)
    services.route_waiting(at=later(hours=1))
    for part in parts:
        services.sign(part, by=town.handler, at=later(hours=1))
        services.report(part, result="好", actual=0, by=town.handler, at=later(hours=2))
        services.confirm(part, by=town.head, at=later(hours=2))

    def end(number):
        services.check_pass(parts[number], by=town.verifier, at=later(hours=3), note="看过")
        return services.join_parts(at=later(hours=3))

    def join(_number):
        return services.join_parts(at=later(hours=4))

    at_once(2, end)
    at_once(4, join)
    assert CaseEvent.objects.filter(case=case, move="join").count() == 1
    assert fresh(case).state == "closed"
    assert list(verify_history()) == []


@pytest.mark.django_db(transaction=True)
def test_two_who_split_at_once_split_once(town):
    case = make.returned(town)

    def run(_number):
        try:
            return split(town, case).state
        except RuleViolation as refusal:
            return refusal.code

    assert sorted(at_once(3, run)) == ["split", "wrong_state", "wrong_state"]
    assert Case.objects.filter(parent=case).count() == 2
