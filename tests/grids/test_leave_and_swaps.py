"""Leave and swaps: what each service does, refuses and says."""

import datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from grids import services
from grids.duty_workflow import LEAVE_MOVES, SWAP_MOVES
from grids.models import DutyShift, Leave, Swap
from grids.services.attending import staffed_territories
from grids.services.visit_drawing import draw_duty_states
from lib.errors import NotYours, RuleViolation, WrongState
from lib.roles import Role
from lib.workflow import arrows
from organizations.models import Message
from tests.factories.grids import ShiftKindFactory
from tests.factories.organizations import PostFactory, UserFactory
from tests.grids.duty import DAY, ask, asked, now, today

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


ROOT = Path(__file__).resolve().parents[2]


def test_the_whole_table_of_leave():
    assert arrows(LEAVE_MOVES) == {
        ("approve", "pending", "approved", "head"),
        ("refuse", "pending", "refused", "head"),
        ("withdraw", "pending", "withdrawn", "asker"),
        ("withdraw", "approved", "withdrawn", "asker"),
    }


def test_the_whole_table_of_swaps():
    assert arrows(SWAP_MOVES) == {
        ("agree", "pending", "agreed", "colleague"),
        ("decline", "pending", "refused", "colleague"),
        ("approve", "agreed", "done", "head"),
        ("refuse", "agreed", "refused", "head"),
        ("withdraw", "pending", "withdrawn", "asker"),
        ("withdraw", "agreed", "withdrawn", "asker"),
        ("lapse", "pending", "withdrawn", "house"),
        ("lapse", "agreed", "withdrawn", "house"),
    }


def test_the_page_of_states_is_what_the_tables_say():
    assert (ROOT / "docs" / "duty-states.md").read_text(encoding="utf-8") == draw_duty_states()


def test_the_head_hears_of_leave_and_the_stand_in_of_standing_in(
    house, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        leave = asked(house, stand_in=house.two)
    assert Message.objects.get(kind="leave-asked").to == house.head.person
    with django_capture_on_commit_callbacks(execute=True):
        services.move_leave(leave, "approve", by=house.head.person, at=now())
    heard = set(Message.objects.values_list("kind", "to"))
    assert ("leave-approved", house.one.person_id) in heard
    assert ("leave-stand-in", house.two.person_id) in heard


def test_nobody_decides_their_own_leave_nor_that_of_another_body(house):
    leave = asked(house)
    stranger = PostFactory(role=Role.DEPARTMENT_HEAD)
    own = PostFactory(body=house.body, role=Role.DEPARTMENT_HEAD, person=house.one.person)
    for person in (house.one.person, house.two.person, stranger.person, own.person):
        with pytest.raises(NotYours):
            services.move_leave(leave, "approve", by=person, at=now())
    leave.refresh_from_db()
    assert leave.state == "pending"


def test_what_is_decided_is_decided_and_leave_may_be_taken_back(house):
    leave = asked(house)
    services.move_leave(leave, "approve", by=house.head.person, at=now())
    with pytest.raises(WrongState):
        services.move_leave(leave, "refuse", by=house.head.person, at=now())
    assert (
        services.move_leave(leave, "withdraw", by=house.one.person, at=now()).state == "withdrawn"
    )
    asked(house)  # the days are free again


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda h: asked(h, days=(-3, -1)), "over"),
        (lambda h: (asked(h), asked(h, days=(2, 4))), "already"),
        (lambda h: asked(h, stand_in=PostFactory(role=Role.GRID_WORKER)), "same body"),
        (lambda h: asked(h, stand_in=h.one), "stands in for themselves"),
        (lambda h: asked(h, days=(2, 1)), "must not lie before"),
    ],
)
def test_leave_that_cannot_be_is_refused(house, make, why):
    with pytest.raises(RuleViolation, match=why):
        make(house)


def test_a_stand_in_who_is_away_is_refused_when_asked_and_when_approved(house):
    leave = asked(house, stand_in=house.two)
    days = (today(), today())
    services.ask_leave(house.two, days=days, by=house.two.person, at=now())
    with pytest.raises(RuleViolation, match="away on some"):
        services.move_leave(leave, "approve", by=house.head.person, at=now())
    with pytest.raises(NotYours):
        services.ask_leave(house.one, days=days, by=house.two.person, at=now())


def test_a_grid_whose_worker_is_away_without_stand_in_counts_as_without_anybody(town, house):
    assert {town.north.pk, town.south.pk} <= staffed_territories(today())
    leave = asked(house)
    services.move_leave(leave, "approve", by=house.head.person, at=now())
    assert town.north.pk not in staffed_territories(today())
    services.move_leave(leave, "withdraw", by=house.one.person, at=now())
    services.move_leave(asked(house, stand_in=house.two), "approve", by=house.head.person, at=now())
    assert town.north.pk in staffed_territories(today())


def test_leave_in_the_table_is_decided_by_somebody(house):
    leave = asked(house)
    with pytest.raises(IntegrityError), transaction.atomic():
        Leave.objects.filter(pk=leave.pk).update(state="approved")


def test_a_swap_is_asked_agreed_and_approved_then_both_work_the_others_shift(house, shifts):
    mine, theirs = shifts
    swap = ask(house, shifts)
    services.move_swap(swap, "agree", by=house.two.person, at=now())
    assert services.move_swap(swap, "approve", by=house.head.person, at=now()).state == "done"
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.post, theirs.post) == (house.two, house.one)


def test_shifts_that_begin_at_the_same_moment_are_exchanged_too(house):
    long = ShiftKindFactory(code="long", mark="长", ends=datetime.time(19))
    for post, kind in ((house.one, house.early), (house.two, long)):
        services.set_shift(post, kind=kind, day=today() + DAY, by=house.head.person, at=now())
    swap = ask(house, (house.one.shifts.get(), house.two.shifts.get()))
    services.move_swap(swap, "agree", by=house.two.person, at=now())
    services.move_swap(swap, "approve", by=house.head.person, at=now())
    assert (house.one.shifts.get().kind, house.two.shifts.get().kind) == (long, house.early)


def test_a_swap_that_would_give_two_shifts_at_once_is_refused_whole(house, shifts):
    swap = ask(house, shifts)
    services.move_swap(swap, "agree", by=house.two.person, at=now())
    mine = shifts[0]
    DutyShift.objects.create(
        post=house.two, kind=house.early, day=mine.day,
        starts_at=mine.starts_at + DAY / 24, ends_at=mine.ends_at,
    )  # fmt: skip
    with pytest.raises(RuleViolation, match="overlap"):
        services.move_swap(swap, "approve", by=house.head.person, at=now())
    mine.refresh_from_db()
    swap.refresh_from_db()
    assert (mine.post, swap.state) == (house.one, "agreed")


def test_others_do_not_agree_and_those_who_swap_do_not_approve(house, shifts):
    swap = ask(house, shifts)
    with pytest.raises(NotYours):
        services.move_swap(swap, "agree", by=house.head.person, at=now())
    services.move_swap(swap, "agree", by=house.two.person, at=now())
    for person in (house.one.person, house.two.person):
        with pytest.raises(NotYours):
            services.move_swap(swap, "approve", by=person, at=now())
    with pytest.raises(RuleViolation, match="already"):
        ask(house, shifts)


def test_only_ones_own_coming_shift_is_offered_to_a_colleague_of_the_body(house, shifts):
    mine, theirs = shifts
    with pytest.raises(NotYours):
        services.ask_swap(theirs, mine, by=house.one.person, at=now())
    stranger = DutyShift.objects.create(
        post=PostFactory(), kind=house.early, day=mine.day,
        starts_at=mine.starts_at, ends_at=mine.ends_at,
    )  # fmt: skip
    with pytest.raises(RuleViolation, match="same body"):
        services.ask_swap(mine, stranger, by=house.one.person, at=now())
    with pytest.raises(RuleViolation, match="has begun"):
        services.ask_swap(mine, theirs, by=house.one.person, at=mine.starts_at)
    assert Swap.objects.count() == 0


def test_a_swap_that_gives_a_shift_away_ends_what_else_was_asked_about_it(
    house, shifts, django_capture_on_commit_callbacks
):
    three = PostFactory(body=house.body, role=Role.GRID_WORKER)
    services.set_shift(three, kind=house.early, day=today() + 9 * DAY, by=UserFactory(), at=now())
    first, second = ask(house, shifts), None
    second = services.ask_swap(three.shifts.get(), shifts[1], by=three.person, at=now())
    services.move_swap(first, "agree", by=house.two.person, at=now())
    with django_capture_on_commit_callbacks(execute=True):
        services.move_swap(first, "approve", by=house.head.person, at=now())
    second.refresh_from_db()
    assert second.state == "withdrawn"
    assert Message.objects.filter(kind="swap-withdrawn", to=three.person).exists()
    with pytest.raises(NotYours):
        services.move_swap(second, "lapse", by=three.person, at=now())


def test_whoever_stands_in_is_not_sent_on_leave(house):
    services.move_leave(asked(house, stand_in=house.two), "approve", by=house.head.person, at=now())
    days = (today(), today())
    leave = services.ask_leave(house.two, days=days, by=house.two.person, at=now())
    with pytest.raises(RuleViolation, match="stands in for"):
        services.move_leave(leave, "approve", by=house.head.person, at=now())
