"""Teams under many hands: real processes that ask, decide, swap and roster at the same moment."""

import datetime
import itertools
from types import SimpleNamespace

import pytest
from django.utils import timezone

from grids import services
from grids.models import DutyShift, Leave, Swap, TeamMember
from grids.services import Pattern
from lib.errors import RuleViolation
from lib.roles import Role
from organizations.models import Post, User
from tests.factories.grids import BodyTerritoryFactory, PostTerritoryFactory, ShiftKindFactory
from tests.factories.organizations import BodyFactory, PostFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DAY = datetime.timedelta(days=1)
PROCESSES = 8


@pytest.fixture
def house(town):
    """A body with a head and three workers, and two kinds of shifts."""
    body = BodyFactory()
    BodyTerritoryFactory(body=body, territory=town.west)
    head = PostFactory(body=body, role=Role.DEPARTMENT_HEAD)
    workers = [PostFactory(body=body, role=Role.GRID_WORKER) for _n in range(3)]
    for post in workers:
        PostTerritoryFactory(post=post, territory=town.north)
    early = ShiftKindFactory(code="early", mark="早")
    night = ShiftKindFactory(
        code="night", mark="夜", starts=datetime.time(23), ends=datetime.time(7)
    )
    return SimpleNamespace(
        town=town, body=body, head=head, workers=workers, early=early, night=night,
        at=timezone.now(), today=timezone.localdate(),
    )  # fmt: skip


def outcome(act):
    """What came of it: "done", or the name of the refusal."""
    try:
        act()
    except RuleViolation as refusal:
        return refusal.code
    return "done"


def fresh(post):
    """The post and its person as another process reads them."""
    return Post.objects.with_names().get(pk=post.pk)


def overlapping():
    """Pairs of shifts of one person that are worked at the same moment."""
    rows = list(DutyShift.objects.order_by("post", "starts_at"))
    return [
        (one, two)
        for one, two in itertools.pairwise(rows)
        if one.post_id == two.post_id and two.starts_at < one.ends_at
    ]


def roster(house, posts, signs="早", days=5, first=1):
    pattern = Pattern(signs, house.today + first * DAY, days, 0)
    return services.make_roster(posts, pattern, by=house.head.person, at=house.at)


def test_the_same_leave_asked_at_once_is_asked_for_once(house):
    days = (house.today, house.today + DAY)

    def worker(_number):
        post = fresh(house.workers[0])
        return outcome(lambda: services.ask_leave(post, days=days, by=post.person, at=house.at))

    assert sorted(at_once(PROCESSES, worker)) == ["done"] + ["twice"] * (PROCESSES - 1)
    assert Leave.objects.count() == 1


def test_a_leave_is_decided_once_whoever_presses(house):
    post = house.workers[0]
    leave = services.ask_leave(post, days=(house.today, house.today), by=post.person, at=house.at)
    names = ["approve", "refuse"]

    def worker(number):
        head = User.objects.get(pk=house.head.person_id)
        row = Leave.objects.with_names().get(pk=leave.pk)
        name = names[number % 2]
        try:
            return services.move_leave(row, name, by=head, at=house.at).state
        except RuleViolation:
            return None

    decided = [state for state in at_once(PROCESSES, worker) if state]
    leave.refresh_from_db()
    assert decided == [leave.state]


def test_whoever_stands_in_does_not_go_away_at_the_same_moment(house):
    one, two = house.workers[:2]
    days = (house.today, house.today)
    covered = services.ask_leave(one, days=days, by=one.person, at=house.at, stand_in=two)

    def approve(leave):
        head = User.objects.get(pk=house.head.person_id)
        services.move_leave(leave, "approve", by=head, at=house.at)

    def worker(number):
        if number % 2:
            row = Leave.objects.with_names().get(pk=covered.pk)
            return outcome(lambda: approve(row))
        post = fresh(two)
        return outcome(
            lambda: approve(services.ask_leave(post, days=days, by=post.person, at=house.at))
        )

    answers = at_once(PROCESSES, worker)
    assert answers.count("done") == 1
    assert Leave.objects.approved().count() == 1


def test_a_shift_is_offered_once(house):
    roster(house, house.workers)
    mine, *others = [post.shifts.earliest("day") for post in house.workers]

    def worker(number):
        by = User.objects.get(pk=house.workers[0].person_id)
        theirs = DutyShift.objects.get(pk=others[number % 2].pk)
        return outcome(
            lambda: services.ask_swap(DutyShift.objects.get(pk=mine.pk), theirs, by=by, at=house.at)
        )

    assert sorted(at_once(PROCESSES, worker)) == ["asked"] * (PROCESSES - 1) + ["done"]


def test_two_swaps_of_one_shift_approved_at_once_give_it_to_one(house):
    one, two, three = house.workers
    for place, post in enumerate(house.workers):
        services.set_shift(
            post, kind=house.early, day=house.today + (1 + place) * DAY, by=house.head.person,
            at=house.at,
        )  # fmt: skip
    shift = {post.pk: post.shifts.get() for post in house.workers}
    swaps = []
    for asker in (one, three):  # both want the second's shift
        swap = services.ask_swap(shift[asker.pk], shift[two.pk], by=asker.person, at=house.at)
        services.move_swap(swap, "agree", by=two.person, at=house.at)
        swaps.append(swap)

    def worker(number):
        head = User.objects.get(pk=house.head.person_id)
        row = Swap.objects.get(pk=swaps[number % 2].pk)
        return outcome(lambda: services.move_swap(row, "approve", by=head, at=house.at))

    assert at_once(PROCESSES, worker).count("done") == 1
    states = sorted(Swap.objects.values_list("state", flat=True))
    assert states == ["done", "withdrawn"]
    owners = {key: DutyShift.objects.get(pk=row.pk).post_id for key, row in shift.items()}
    taker = Swap.objects.get(state="done").mine_id
    asker = next(key for key, row in shift.items() if row.pk == taker)
    assert owners[two.pk] == asker
    assert owners[asker] == two.pk


def test_rosters_single_days_and_swaps_at_once_leave_nobody_two_shifts_at_a_time(house):
    roster(house, house.workers, "早休夜")
    one, two, _three = house.workers
    mine, theirs = one.shifts.earliest("day"), two.shifts.latest("day")
    swap = services.ask_swap(mine, theirs, by=one.person, at=house.at)
    services.move_swap(swap, "agree", by=two.person, at=house.at)

    def worker(number):
        head = User.objects.get(pk=house.head.person_id)
        if number == 0:
            row = Swap.objects.filter(pk=swap.pk).first()
            return row and outcome(lambda: services.move_swap(row, "approve", by=head, at=house.at))
        if number % 2:
            signs = ("夜早", "早夜休", "夜", "早")[number // 2]
            pattern = Pattern(signs, house.today + DAY, 5, number)
            return outcome(
                lambda: services.make_roster(
                    [fresh(post) for post in house.workers], pattern, by=head, at=house.at
                )
            )
        day = house.today + number * DAY
        return outcome(
            lambda: services.set_shift(fresh(one), kind=house.night, day=day, by=head, at=house.at)
        )

    answers = at_once(PROCESSES, worker)
    assert set(answers) <= {"done", "overlap", "gone", None}
    assert overlapping() == []


def test_a_grid_gets_one_head(house):
    def worker(number):
        post = fresh(house.workers[number % 3])
        return outcome(
            lambda: services.join_team(
                house.town.south, role="head", since=house.today, by=house.head.person,
                at=house.at, post=post,
            )
        )  # fmt: skip

    assert sorted(at_once(PROCESSES, worker)) == ["done"] + ["has_head"] * (PROCESSES - 1)
    assert TeamMember.objects.filter(territory=house.town.south).count() == 1
