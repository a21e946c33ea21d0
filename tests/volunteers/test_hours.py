"""Hours: corrected, confirmed, objected to, answered, revoked; nobody decides on his own."""

import datetime

import pytest
from django.db import Error, connection, transaction

from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Message
from tests.factories import hours as make
from tests.factories.hours import AT, DAY, HOUR, MINUTE
from tests.factories.organizations import UserFactory
from tests.factories.time_bank import make_rule
from volunteers.models import (
    Certificate,
    Falsification,
    Presence,
    Revocation,
    Star,
    TimeAccount,
    Volunteer,
)
from volunteers.services import certificates, checking_in, hours, saving, time_bank
from volunteers.services.hours import Times

pytestmark = pytest.mark.django_db
LATER = AT + 3 * HOUR


@pytest.fixture
def place():
    make.make_rules()
    return make.make_place()


@pytest.fixture
def ann(place):
    return make.volunteer(place)


@pytest.fixture
def stay(place, ann):
    return was_there(place, ann)


def was_there(place, who, *, starts=AT, hours=2, **more):
    """From the beginning to the end of a shift, noted by the organiser."""
    signup = make.signed(make.shift(place, starts=starts, hours=hours, **more), who)
    stay = checking_in.note_arrival(signup, by=place.organizer, at=starts)
    return checking_in.note_leaving(stay, by=place.organizer, at=starts + hours * HOUR)


def confirmed(place, who, **more):
    return hours.confirm(was_there(place, who, **more), by=place.organizer, at=LATER)


def told(person):
    return list(Message.objects.filter(to=person).order_by("pk").values_list("kind", flat=True))


def test_hours_count_once_they_are_confirmed(stay, place, ann):
    assert Presence.objects.confirmed().minutes() == 0
    done = hours.confirm(stay, by=place.organizer, at=LATER)
    assert (done.state, done.counted, done.confirmed_by) == ("confirmed", 120, place.organizer)
    assert Presence.objects.confirmed().minutes() == 120
    with pytest.raises(WrongState):
        hours.confirm(stay, by=place.organizer, at=LATER)


def test_nobody_decides_on_his_own_hours(place):
    own = make.volunteer(place, person=place.organizer)
    signup = make.signed(make.shift(place), own)
    stay = checking_in.note_arrival(signup, by=place.second, at=AT)
    stay = checking_in.note_leaving(stay, by=place.second, at=AT + HOUR)
    times = Times(AT, AT + 2 * HOUR)
    for act in (
        lambda: hours.confirm(stay, by=place.organizer, at=LATER),
        lambda: hours.refuse(stay, reason="x", by=place.organizer, at=LATER),
        lambda: hours.correct(stay, times, reason="x", by=place.organizer, at=LATER),
    ):
        with pytest.raises(NotYours):
            act()
    assert hours.confirm_shift(stay.shift, by=place.organizer, at=LATER) == 0
    assert hours.confirm_shift(stay.shift, by=place.second, at=LATER) == 1


def test_a_correction_says_why_and_keeps_what_was(stay, place):
    times = Times(AT + 30 * MINUTE, AT + 3 * HOUR)
    with pytest.raises(RuleViolation):
        hours.correct(stay, times, reason=" ", by=place.organizer, at=LATER)
    done = hours.correct(stay, times, reason="晚到，加时", by=place.organizer, at=LATER)
    assert (done.minutes, done.state) == (150, "left")
    event = done.events.get(move="correct")
    assert event.note == "晚到，加时"
    assert event.facts["was"][2] == 120


@pytest.mark.parametrize(
    ("arrived", "left"),
    [(HOUR, HOUR), (2 * HOUR, HOUR), (-13 * HOUR, HOUR), (HOUR, 5 * HOUR)],
)
def test_corrected_times_lie_near_the_shift(stay, place, arrived, left):
    with pytest.raises(hours.OutsideTheShift):
        hours.correct(
            stay, Times(AT + arrived, AT + left), reason="x", by=place.organizer, at=LATER
        )


def test_corrected_times_do_not_overlap_another_stay(place, ann, stay):
    other = was_there(place, ann, starts=AT + 2 * HOUR, title="下一班")
    with pytest.raises(hours.Overlaps):
        hours.correct(
            other, Times(AT + HOUR, AT + 4 * HOUR), reason="x", by=place.organizer, at=LATER
        )


def test_what_is_not_confirmed_in_time_is_pressed_and_passed_on(stay, place):
    system = UserFactory.system()
    due = stay.due_at
    for at, expected in (
        (AT + 2 * DAY, 0), (AT + 4 * DAY, 1), (AT + 4 * DAY, 0), (due + HOUR, 1), (due + HOUR, 0),
        (due + HOUR + DAY, 1),
    ):  # fmt: skip
        assert hours.press_due(by=system, at=at) == expected
    assert told(place.organizer) == ["hours-wait", "hours-late", "hours-late"]
    assert told(place.second) == ["hours-late", "hours-late"]


def test_doubtful_hours_are_not_confirmed_by_the_dozen(place, ann, stay):
    Presence.objects.filter(pk=stay.pk).update(doubtful=True)
    assert hours.confirm_shift(stay.shift, by=place.organizer, at=LATER) == 0
    hours.confirm(stay, by=place.organizer, at=LATER)


# -- Objections ----------------------------------------------------------------------------------


def test_an_objection_is_answered_by_somebody_else(stay, place, ann):
    hours.refuse(stay, reason="未见到人", by=place.organizer, at=LATER)
    row = hours.object_to(stay, text="我一直在", by=ann.person, at=LATER)
    assert told(place.second) == ["hours-objection"]
    times = Times(AT, AT + 2 * HOUR)
    for who in (place.organizer, ann.person, UserFactory()):
        with pytest.raises(NotYours):
            hours.grant(row, times, answer="是", by=who, at=LATER)
    hours.grant(row, times, answer="签到表为证", by=place.second, at=LATER)
    stay.refresh_from_db()
    assert (stay.state, stay.minutes, stay.confirmed_by) == ("confirmed", 120, place.second)
    assert told(ann.person) == ["hours-refused", "hours-objection-granted"]


def test_declined_hours_stay_and_the_answer_is_told(stay, place, ann):
    hours.confirm(stay, by=place.organizer, at=LATER)
    row = hours.object_to(stay, text="少算了", by=ann.person, at=LATER)
    with pytest.raises(RuleViolation):
        hours.decline(row, answer="", by=place.second, at=LATER)
    hours.decline(row, answer="核对无误", by=place.second, at=LATER)
    stay.refresh_from_db()
    assert (stay.minutes, stay.state) == (120, "confirmed")


def test_objections_have_their_time_and_stand_alone(stay, place, ann):
    def say(**more):
        return hours.object_to(stay, **{"text": "x", "by": ann.person, "at": LATER, **more})

    with pytest.raises(RuleViolation):
        say()  # not decided on
    hours.confirm(stay, by=place.organizer, at=LATER)
    with pytest.raises(NotYours):
        say(by=UserFactory())
    with pytest.raises(RuleViolation):
        say(text=" ")
    with pytest.raises(hours.TooLate):
        say(at=LATER + 16 * DAY)
    row = say()
    with pytest.raises(RuleViolation):
        say()
    hours.withdraw_objection(row, by=ann.person, at=LATER)
    assert say().state == "open"


# -- Certificates and falsified hours --------------------------------------------------------------


def issue(ann, place, **more):
    days = {"since": AT.date(), "until": AT.date() + DAY}
    return certificates.issue(ann, place.body, **{**days, "by": ann.person, "at": LATER, **more})


def test_a_certificate_counts_what_is_confirmed(place, ann):
    confirmed(place, ann)
    was_there(place, ann, starts=AT + 5 * HOUR, title="未确认")
    made = issue(ann, place)
    assert (made.number, made.minutes, made.rows) == ("ZM2026000001", 120, 1)
    assert made.responsible == place.organizer.full_name
    assert len(made.code) == 16
    assert issue(ann, place) == made
    confirmed(place, ann, starts=AT + 8 * HOUR, title="又一次")
    assert issue(ann, place).number == "ZM2026000002"


def test_there_is_no_certificate_of_nothing_or_for_a_stranger(place, ann):
    with pytest.raises(certificates.NothingToCertify):
        issue(ann, place)
    with pytest.raises(NotYours):
        issue(ann, place, by=UserFactory())
    assert Certificate.objects.count() == 0


def test_falsified_hours_are_revoked_with_trace(place, ann):
    leader = make.volunteer(place)
    row = make.organisation(place, leader)
    stay = confirmed(place, ann, organisation=row)
    other = confirmed(place, ann, starts=AT + 5 * HOUR, title="真的")
    whole = issue(ann, place)
    only = certificates.issue(
        ann, place.body, since=AT.date(), until=AT.date(), by=place.organizer, at=LATER
    )
    for who in (ann.person, leader.person):
        with pytest.raises(NotYours):
            hours.revoke(stay, reason="代签", years=1, by=who, at=LATER)
    done = hours.revoke(stay, reason="代签", years=2, by=place.second, at=LATER)

    assert (done.state, done.counted) == ("revoked", 0)
    assert Presence.objects.confirmed().minutes() == other.minutes
    assert set(Revocation.objects.values_list("certificate", flat=True)) == {whole.pk, only.pk}
    mark = Falsification.objects.get()
    assert (mark.organisation, mark.minutes, mark.is_intact()) == (row, 120, True)
    assert Volunteer.objects.get(pk=ann.pk).barred_until == datetime.date(2028, 11, 24)
    assert issue(ann, place).minutes == 120


def test_a_mistake_bars_nobody(place, ann):
    stay = confirmed(place, ann)
    hours.revoke(stay, reason="登记错人", years=0, by=place.second, at=LATER)
    assert Falsification.objects.count() == 0
    assert Volunteer.objects.get(pk=ann.pk).barred_until is None
    with pytest.raises(WrongState):
        hours.revoke(stay, reason="x", years=0, by=place.second, at=LATER)


def test_a_bar_lasts_one_to_three_years(place, ann):
    with pytest.raises(RuleViolation):
        hours.revoke(confirmed(place, ann), reason="x", years=4, by=place.second, at=LATER)


def test_stars_are_earned_by_confirmed_hours():
    make.make_rules()
    ranks = [
        getattr(Star.objects.earned_by(minutes, on=AT.date()), "rank", 0)
        for minutes in (0, 5_999, 6_000, 17_999, 18_000, 36_000, 60_000, 89_999, 90_000)
    ]
    assert ranks == [0, 0, 1, 1, 2, 3, 4, 4, 5]


# -- Saved in the time bank ------------------------------------------------------------------------


@pytest.fixture
def account(place, ann):
    make_rule()
    pool = time_bank.open_pool(place.body, by=place.worker, at=AT)
    return time_bank.open_account(ann.person, pool, by=ann.person, at=AT)


def balance(account):
    return TimeAccount.objects.get(pk=account.pk).balance


def test_confirmed_hours_are_saved_once_and_by_oneself(place, ann, account):
    waiting = was_there(place, ann, starts=AT + 5 * HOUR, title="未确认")
    with pytest.raises(RuleViolation):
        saving.save_stay(waiting, by=ann.person, at=LATER)
    stay = confirmed(place, ann)
    with pytest.raises(NotYours):
        saving.save_stay(stay, by=place.organizer, at=LATER)
    for _time in range(2):
        saving.save_stay(stay, by=ann.person, at=LATER)
    assert balance(account) == 120
    assert saving.is_saved(str(stay.pk))


@pytest.mark.parametrize("spent", [0, 150])
def test_revoked_hours_leave_the_time_bank_as_far_as_they_are_there(place, ann, account, spent):
    stay = confirmed(place, ann)
    saving.save_stay(stay, by=ann.person, at=LATER)
    if spent:
        time_bank.pay(account, account.home, minutes=spent, key="spent", by=ann.person, at=LATER)
    hours.revoke(stay, reason="代签", years=1, by=place.second, at=LATER)
    # 60 minutes may be owed: of 120 less 150 there are 30 left to take.
    assert balance(account) == (0 if not spent else -60)


# -- The database ----------------------------------------------------------------------------------


def refused(sql, *values, saying):
    with pytest.raises(Error, match=saying):
        _run(sql, values)
    return True


def _run(sql, values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_the_database_refuses_what_services_forget(place, ann, stay):
    table, of = "volunteers_presence", f"WHERE id = {stay.pk}"
    assert refused(f"UPDATE {table} SET minutes = 200 {of}", saying="not longer than the stay")
    assert refused(
        f"UPDATE {table} SET state='confirmed', confirmed_by_id=%s, confirmed_at=left_at {of}",
        ann.person_id, saying="nobody confirms his own",
    )  # fmt: skip
    assert refused(f"DELETE FROM {table} {of}", saying="never deleted")
    other = make.volunteer(place)
    assert refused(
        f"UPDATE {table} SET volunteer_id = %s {of}", other.pk, saying="keeps its volunteer"
    )
    hours.confirm(stay, by=place.organizer, at=LATER)
    hours.revoke(stay, reason="x", years=0, by=place.second, at=LATER)
    assert refused(f"UPDATE {table} SET state = 'confirmed' {of}", saying="stays revoked")
    made = confirmed(place, ann, starts=AT + 5 * HOUR, title="又一次")
    proof = certificates.issue(
        ann, place.body, since=AT.date(), until=AT.date(), by=ann.person, at=LATER
    )
    assert proof.counted.get().presence == made
    for history in ("certificate", "certificaterow", "presenceevent"):
        assert refused(f"DELETE FROM volunteers_{history}", saying="append-only")
