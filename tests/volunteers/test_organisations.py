"""Unified codes by an independent calculation, organisations, yearly reports, 双报到, calls."""

import datetime

import pytest

from grids.locate import Place
from lib.errors import NotYours, RuleViolation
from lib.identifiers import credit_check
from tests.factories import volunteers as made
from volunteers import services
from volunteers.services.organisations import check_code

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def independent(first17):
    """GB 32100-2015: the weights are powers of 3 modulo 31; written without the code under test."""
    total = sum(ALPHABET.find(c) * pow(3, i, 31) for i, c in enumerate(first17))
    return ALPHABET[(31 - total % 31) % 31]


@pytest.mark.parametrize(
    "first17", ["91110000600037341", "51441900MJX123456", "N2441900MF9876543", "Y1441900AB1234567"]
)
def test_codes_with_digits_and_letters_in_front_are_checked(first17):
    code = first17 + independent(first17)
    assert credit_check(first17) == code[-1]
    check_code(code, "association")
    wrong = first17 + ALPHABET[(ALPHABET.index(code[-1]) + 1) % 31]
    for bad in (wrong, code[:-1], "I" + code[1:], ""):
        with pytest.raises(RuleViolation):
            check_code(bad, "association")


def test_the_standards_example():
    check_code("91110000600037341L", "association")
    check_code("", "team")


CODE = "51441900MJX123456" + independent("51441900MJX123456")


def organisation(place, *, by, at=made.AT, **more):
    words = {
        "code": CODE, "name": "梅塘义工队", "kind": "association", "scope": "为老服务",
        "contact_name": "李姐", "contact_phone": "0769-8888888",
    }  # fmt: skip
    words |= more
    return services.register_organisation(place=place.community, by=by, at=at, **words)


def test_an_organisation_is_reviewed_and_its_founder_leads_it(place, at):
    founder = made.active(place)
    row = organisation(place, by=founder.person)
    assert row.state == "waiting"
    with pytest.raises(NotYours):
        services.confirm_organisation(row, by=founder.person, at=at)
    row = services.confirm_organisation(row, by=place.organizer, at=at)
    member = row.members.get()
    assert (row.state, member.volunteer, member.is_leader) == ("active", founder, True)
    with pytest.raises(RuleViolation):
        services.end_membership(member, by=founder.person, at=at)
    with pytest.raises(RuleViolation):
        organisation(place, by=founder.person)


def test_the_yearly_report_is_owed_from_the_next_year_and_given_once(place, at):
    founder = made.active(place)
    row = organisation(place, by=founder.person)
    row = services.confirm_organisation(row, by=place.organizer, at=at)
    assert services.owed_report(row, on=datetime.date(2026, 12, 1)) is None
    due = (2026, datetime.date(2027, 5, 31))
    assert services.owed_report(row, on=datetime.date(2027, 1, 1)) == due
    later = at + datetime.timedelta(days=60)
    words = {"summary": "x", "members": 3, "income": 0, "spending": 0}
    services.hand_in_report(row, year=2026, by=founder.person, at=later, **words)
    assert services.owed_report(row, on=datetime.date(2027, 6, 1)) is None
    with pytest.raises(RuleViolation):
        services.hand_in_report(row, year=2026, by=founder.person, at=later, **words)


def test_a_party_member_reports_takes_up_a_task_and_the_year_is_summed(place, at):
    person = made.active(place).person
    report = services.report_member(
        branch="供电局党支部", community=place.community, offers="电工", by=person, at=at
    )
    with pytest.raises(RuleViolation):
        services.take_up(report, title="修灯", by=person, at=at)
    services.move_report(report, "accept", by=place.organizer, at=at)
    task = services.take_up(report, title="修灯", by=person, at=at)
    with pytest.raises(RuleViolation):
        services.move_report(report, "end", by=person, at=at, reason="搬家")
    services.report_done(task, people=2, result="修好三盏", by=person, at=at)
    services.move_task(task, "confirm", by=place.organizer, at=at)
    assert services.year_of(report, 2026) == {
        "taken": 1, "confirmed": 1, "dropped": 0, "people": 2,
    }  # fmt: skip
    with pytest.raises(RuleViolation):
        services.report_member(branch="x", community=place.elsewhere, offers="x", by=person, at=at)


def test_a_call_becomes_a_draft_with_one_shift(place, at):
    caller = place.reviewer
    wanted = services.Wanted(
        title="清理涌边", text="清理", people=5, starts_at=at + made.DAY,
        ends_at=at + made.DAY + made.HOUR, address="涌边",
    )  # fmt: skip
    where = Place(place.town.pk, place.community.pk)
    facts = {"body": place.body, "place": where, "by": caller, "at": at}
    call = services.call_for("cases.case", "17", wanted, **facts)
    with pytest.raises(RuleViolation):
        services.call_for("cases.case", "17", wanted, **facts)
    activity = services.answer_call(call, by=place.organizer, at=at, topic=place.topic)
    call.refresh_from_db()
    shift = activity.shifts.get()
    assert (call.state, call.activity, activity.state) == ("answered", activity, "draft")
    assert (shift.places, shift.starts_at) == (5, wanted.starts_at)


def test_a_rule_makes_its_shifts_once(place, at):
    activity = made.draft(place, form="recurring")
    services.set_rule(
        activity, by=place.organizer, at=at, weekdays=[5], every_weeks=2,
        starts=datetime.time(9), ends=datetime.time(11), first_day=datetime.date(2026, 11, 24),
        last_day=None, places=3,
    )  # fmt: skip
    services.submit(activity, by=place.organizer, at=at)
    services.publish(activity, by=place.reviewer, at=at)
    days = [shift.starts_at.date().isoformat() for shift in activity.shifts.order_by("starts_at")]
    assert days == ["2026-11-28", "2026-12-12"]
    assert services.make_all_due_shifts(at=at) == 0
    assert services.make_all_due_shifts(at=at + 14 * made.DAY) == 1
