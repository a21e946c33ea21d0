"""Teams, rosters, leave and swaps: what each service does, refuses and says."""

import datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from grids import services
from grids.duty import Duty
from grids.duty_workflow import LEAVE_MOVES, SWAP_MOVES
from grids.models import DutyShift, Leave, PublicCard, Swap, TeamMember
from grids.services import Pattern
from grids.services.attending import staffed_territories
from grids.services.visit_drawing import draw_duty_states
from lib.errors import NotYours, RuleViolation, WrongState
from lib.registry import queues, references
from lib.roles import Role
from lib.workflow import arrows
from lib.worktime import CITY_ZONE
from organizations.calendars import working_calendar
from organizations.models import ChangeRecord, Message
from tests.factories.grids import BodyTerritoryFactory, PostTerritoryFactory, ShiftKindFactory
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def in_english():
    """Refusals are matched by their English words."""
    with translation.override("en"):
        yield


@pytest.fixture
def house(town):
    """The community's body: a head, two workers, each with one of the two grids."""

    class House:
        body = BodyFactory()
        head = PostFactory(body=body, role=Role.DEPARTMENT_HEAD)
        one = PostFactory(body=body, role=Role.GRID_WORKER)
        two = PostFactory(body=body, role=Role.GRID_WORKER)

    BodyTerritoryFactory(body=House.body, territory=town.west)
    PostTerritoryFactory(post=House.one, territory=town.north)
    PostTerritoryFactory(post=House.two, territory=town.south)
    House.early = ShiftKindFactory(code="early", mark="早")
    House.night = ShiftKindFactory(
        code="night", mark="夜", starts=datetime.time(23), ends=datetime.time(7)
    )
    return House


def now():
    return timezone.now()


def today():
    return timezone.localdate()


# -- Workflow -----------------------------------------------------------------------------------


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


# -- Teams --------------------------------------------------------------------------------------


def join(territory, role, **values):
    values = {"since": today(), "by": UserFactory(), "at": now(), **values}
    return services.join_team(territory, role=role, **values)


def test_whoever_walks_a_grid_is_given_it_and_loses_it_with_the_part(town, house):
    post = PostFactory(body=house.body, role=Role.GRID_WORKER)
    member = join(town.north, "part_time", post=post, since=today() - DAY)
    assert post.territories.get().territory == town.north
    services.leave_team(member, on=today(), by=UserFactory(), at=now())
    assert post.territories.get().valid_to == today()


def test_a_second_part_keeps_the_grid(town, house):
    join(town.north, "full_time", post=house.one, since=today() - DAY)
    head = join(town.north, "head", post=house.one, since=today() - DAY)
    services.leave_team(head, on=today(), by=UserFactory(), at=now())
    assert house.one.territories.get().valid_to is None


def test_a_grid_has_one_head_and_nobody_the_same_part_twice(town, house):
    join(town.north, "head", post=house.one)
    with pytest.raises(RuleViolation, match="has a head"):
        join(town.north, "head", post=house.two)
    join(town.north, "police", name="何强")
    with pytest.raises(RuleViolation, match="that part already"):
        join(town.north, "police", name="何强")
    with pytest.raises(IntegrityError), transaction.atomic():
        TeamMember.objects.create(
            territory=town.north, role="head", post=house.two, valid_from=today()
        )


def test_a_town_has_no_team_and_a_member_is_a_post_or_a_name(town, house):
    with pytest.raises(RuleViolation, match="grid or to a community"):
        join(town.town, "head", post=house.one)
    for values in ({}, {"post": house.one, "name": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TeamMember.objects.create(
                territory=town.north, role="fire", valid_from=today(), **values
            )


def agree(post, *, by):
    services.set_public_card(post, shows_name=True, phone="", by=by, at=now())


def test_only_oneself_decides_what_residents_read(house):
    with pytest.raises(NotYours):
        services.set_public_card(
            house.one, shows_name=True, phone="", by=house.two.person, at=now()
        )
    assert PublicCard.objects.count() == 0
    agree(house.one, by=house.one.person)
    record = ChangeRecord.objects.get(action="consent")
    assert record.after == {"shows_name": True, "has_phone": False}


# -- Roster -------------------------------------------------------------------------------------


def roster(house, signs, days=7, first=None, step=1):
    pattern = Pattern(signs, first or today() + DAY, days, step)
    return services.make_roster([house.one, house.two], pattern, by=house.head.person, at=now())


def signs_of(post, days=7):
    shifts = {row.day: row.kind.mark for row in post.shifts.select_related("kind")}
    return "".join(shifts.get(today() + (number + 1) * DAY, "·") for number in range(days))


def test_a_pattern_repeats_and_each_next_person_begins_later(house):
    roster(house, "早早夜休")
    assert signs_of(house.one) == "早早夜·早早夜"
    assert signs_of(house.two) == "早夜·早早夜·"


def test_a_night_shift_ends_on_the_next_morning_by_the_citys_clock(house):
    roster(house, "夜", days=1, step=0)
    shift = house.one.shifts.get()
    local = [moment.astimezone(CITY_ZONE) for moment in (shift.starts_at, shift.ends_at)]
    assert [moment.hour for moment in local] == [23, 7]
    assert shift.ends_at - shift.starts_at == 8 * datetime.timedelta(hours=1)


def test_a_new_roster_replaces_what_has_not_begun_and_overlaps_nothing(house):
    roster(house, "夜", days=3, step=0)
    roster(house, "早", days=3, first=today() + 2 * DAY, step=0)
    assert signs_of(house.one) == "夜早早早···"
    roster(house, "早", days=7, step=0)
    assert signs_of(house.one) == "早早早早早早早"
    assert ChangeRecord.objects.filter(action="roster").count() == 6


@pytest.mark.parametrize(
    ("signs", "days", "first", "why"),
    [("早?", 7, 1, "Unknown signs"), ("", 7, 1, "Unknown signs"), ("早", 93, 1, "1 to 92"),
     ("早", 7, -1, "today or later")],
)  # fmt: skip
def test_patterns_that_cannot_be_are_refused(house, signs, days, first, why):
    with pytest.raises(RuleViolation, match=why):
        roster(house, signs, days=days, first=today() + first * DAY)
    assert DutyShift.objects.count() == 0


def test_one_day_is_set_anew_or_made_free(house):
    who = {"by": house.head.person, "at": now()}
    roster(house, "早", days=3, step=0)
    services.set_shift(house.one, kind=None, day=today() + DAY, **who)
    services.set_shift(house.one, kind=house.night, day=today() + 2 * DAY, **who)
    assert signs_of(house.one, 3) == "·夜早"
    with pytest.raises(RuleViolation, match="begun"):
        services.set_shift(house.one, kind=house.early, day=today() - DAY, **who)


def test_on_duty_now_is_the_roster_then_leave_then_the_stand_in(house):
    at = now()
    DutyShift.objects.create(
        post=house.one, kind=house.early, day=today(), starts_at=at - DAY / 8, ends_at=at + DAY / 8
    )
    DutyShift.objects.create(
        post=house.two, kind=house.early, day=today(), starts_at=at + DAY / 4, ends_at=at + DAY / 2
    )

    def on():
        duty = Duty.load([at], working_calendar())
        return [duty.is_on(post.pk) for post in (house.one, house.two)]

    assert on() == [True, False]
    leave = asked(house, stand_in=house.two)
    services.move_leave(leave, "approve", by=house.head.person, at=at)
    assert on() == [False, True]


# -- Leave --------------------------------------------------------------------------------------


def asked(house, days=(0, 2), **values):
    when = (today() + days[0] * DAY, today() + days[1] * DAY)
    return services.ask_leave(house.one, days=when, by=house.one.person, at=now(), **values)


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


# -- Swaps --------------------------------------------------------------------------------------


@pytest.fixture
def shifts(house):
    roster(house, "早休夜", days=3)
    return house.one.shifts.earliest("day"), house.two.shifts.earliest("day")


def ask(house, shifts):
    return services.ask_swap(*shifts, by=house.one.person, at=now())


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


# -- Pages --------------------------------------------------------------------------------------


def test_the_team_page_shows_team_roster_and_leave_and_its_head_decides_there(client, town, house):
    roster(house, "早", days=7)
    join(town.north, "police", name="何强", phone="0769-83361110")
    leave = asked(house)
    client.force_login(house.head.person)
    html = client.get(reverse("grids:team", args=[town.west.code])).content.decode()
    address = reverse("grids:leave_move", args=[leave.pk, "approve"])
    assert address in html
    back = reverse("grids:team", args=[town.west.code])
    assert client.post(address, {"back": back}).headers["Location"] == back
    leave.refresh_from_db()
    assert leave.state == "approved"
    html = client.get(reverse("grids:team", args=[town.north.code])).content.decode()
    assert "0769-83361110" in html


def test_a_head_adds_members_rosters_and_ends_parts_from_the_page(client, town, house):
    client.force_login(house.head.person)
    code, day = town.north.code, today()
    join_page = reverse("grids:team_join", args=[code])
    assert client.post(join_page, {"role": "legal", "since": day}).status_code == 422
    client.post(join_page, {"role": "legal", "name": "何律师", "since": day - DAY})
    member = TeamMember.objects.get()
    client.post(reverse("grids:member_end", args=[member.pk]))
    member.refresh_from_db()
    assert member.valid_to == day
    given = {"signs": "早休", "first": day + DAY, "days": 4, "step": 1}
    client.post(reverse("grids:team_roster", args=[code]), given)
    assert house.one.shifts.count() == 2
    shift_page = reverse("grids:team_shift", args=[code, house.one.pk])
    client.post(shift_page, {"day": day + DAY, "kind": house.night.pk})
    assert signs_of(house.one, 1) == "夜"
    assert client.post(reverse("grids:team_shift", args=[code, house.two.pk])).status_code == 404


def test_workers_read_their_team_but_do_not_change_it(client, town, house):
    client.force_login(house.one.person)
    assert client.get(reverse("grids:team", args=[town.north.code])).status_code == 200
    assert client.get(reverse("grids:team", args=[town.south.code])).status_code == 403
    assert client.post(reverse("grids:team_join", args=[town.north.code])).status_code == 403


def test_my_duty_shows_shifts_and_takes_leave_swaps_and_consent(client, house, shifts):
    client.force_login(house.one.person)
    page = client.get(reverse("grids:duty"))
    assert [row.pk for row in page.context["shifts"]] == [
        row.pk for row in house.one.shifts.order_by("starts_at")
    ]
    given = {"post": house.one.pk, "first_day": today(), "last_day": today() + DAY,
             "stand_in": house.two.pk}  # fmt: skip
    assert client.post(reverse("grids:leave_ask"), given).status_code == 302
    assert client.post(reverse("grids:leave_ask"), given).status_code == 422
    assert Leave.objects.get().stand_in == house.two
    pair = {"mine": shifts[0].pk, "theirs": shifts[1].pk}
    assert client.post(reverse("grids:swap_ask"), pair).status_code == 302
    assert client.post(reverse("grids:public_card"), {"phone": "abc"}).status_code == 422
    client.post(reverse("grids:public_card"), {"shows_name": "on", "phone": "0769-83360000"})
    assert PublicCard.objects.get().shows_name is True


def test_the_requests_of_others_are_not_there(client, house, shifts):
    leave = asked(house)
    client.force_login(PostFactory(role=Role.GRID_WORKER).person)
    assert client.post(reverse("grids:leave_move", args=[leave.pk, "withdraw"])).status_code == 404
    assert client.post(reverse("grids:leave_move", args=[leave.pk, "fly"])).status_code == 404


def test_the_list_of_teams_counts_and_costs_the_same_for_one_and_for_three(
    client, town, house, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.factories.grids import TerritoryFactory

    client.force_login(house.head.person)
    rows = client.get(reverse("grids:teams")).context["rows"]
    assert [row[:3] for row in rows] == [(town.west, 2, 2)]

    def cost():
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("grids:teams"))
        return len(seen)

    one = cost()
    for number in range(2):
        other = TerritoryFactory(community=True, parent=town.town, code=f"44190011410{number}")
        BodyTerritoryFactory(body=house.body, territory=other)
    assert cost() == one


def spelled(records):
    return str([(row.before, row.after) for row in records])


def test_no_record_keeps_the_name_of_a_member_nor_why_somebody_was_away(town, house):
    member = join(town.north, "legal", name="何大律师", phone="13812345678", since=today() - DAY)
    services.leave_team(member, on=today(), by=UserFactory(), at=now())
    leave = asked(house, reason="住院手术")
    services.move_leave(leave, "refuse", by=house.head.person, at=now(), note="请补诊断书")
    records = [*ChangeRecord.objects.of(member), *ChangeRecord.objects.of(leave)]
    assert len(records) == 4
    kept = spelled(records)
    for told in ("何大律师", "13812345678", "手术", "诊断"):
        assert told not in kept
    assert "何***" in kept


def test_former_members_and_reasons_of_past_leave_are_forgotten_after_a_month(town, house):
    left = join(
        town.north, "legal", name="何大律师", phone="0769-83361148", since=today() - 9 * DAY
    )
    stays = join(town.north, "police", name="罗警官", phone="0769-83361110", shows_name=True)
    leave = asked(house, reason="住院手术")
    services.leave_team(left, on=today(), by=UserFactory(), at=now())
    assert services.forget_the_past(on=today() + 29 * DAY) == 0
    assert services.forget_the_past(on=today() + 40 * DAY) == 2
    assert services.forget_the_past(on=today() + 40 * DAY) == 0
    for row in (left, stays, leave):
        row.refresh_from_db()
    assert (left.name, left.phone, left.shows_name) == ("何***", "", False)
    assert (stays.name, stays.shows_name) == ("罗警官", True)
    assert (leave.reason, leave.first_day) == ("", today())


def test_consent_of_somebody_of_another_house_is_taken_back_on_the_page(client, town, house):
    member = join(town.north, "police", name="罗警官", phone="0769-83361110", shows_name=True)
    assert member.public_name == "罗警官"
    client.force_login(house.head.person)
    page = reverse("grids:member_change", args=[member.pk])
    client.post(page, {"house": "派出所", "phone": "0769-83361110"})
    member.refresh_from_db()
    assert (member.public_name, member.house) == ("罗*官", "派出所")
    client.post(page, {"phone": "abc"})
    member.refresh_from_db()
    assert member.public_phone == "0769-83361110"
    own = join(town.north, "head", post=house.one)
    with pytest.raises(RuleViolation) as refused:
        services.change_member(own, house="", phone="", shows_name=True, by=UserFactory(), at=now())
    assert refused.value.code == "own"
    client.force_login(house.one.person)
    assert client.post(page, {"shows_name": "on"}).status_code == 403


def test_who_may_take_a_part_works_for_a_body_that_answers_for_the_place(town, house):
    below = PostFactory(body=BodyFactory(parent=house.body), role=Role.GRID_WORKER)
    other = BodyFactory()
    BodyTerritoryFactory(body=other, territory=town.east)
    PostFactory(body=other, role=Role.GRID_WORKER)
    PostFactory(body=house.body, role=Role.SYSTEM_ADMIN)
    gone = PostFactory(body=house.body, role=Role.GRID_WORKER)
    gone.person.is_active = False
    gone.person.save(update_fields=["is_active"])
    found = set(services.posts_for(town.north, on=today()))
    assert found == {house.head, house.one, house.two, below}


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


def waits(user):
    return {queue.key: queue.count(user) for queue in queues if queue.key.startswith("grids:")}


def test_what_waits_for_the_head_and_for_the_colleague_stands_in_their_queues(
    client, house, shifts
):
    swap, leave = ask(house, shifts), asked(house, reason="住院手术")
    assert waits(house.two.person)["grids:swaps"] == 1
    assert waits(house.head.person)["grids:requests"] == 1
    services.move_swap(swap, "agree", by=house.two.person, at=now())
    assert waits(house.two.person)["grids:swaps"] == 0
    assert waits(house.head.person)["grids:requests"] == 2
    assert waits(house.one.person)["grids:requests"] == 0
    client.force_login(house.head.person)
    page = client.get(reverse("grids:duty_requests"))
    assert (list(page.context["leaves"]), list(page.context["swaps"])) == ([leave], [swap])
    assert "住院手术" in page.content.decode()
    client.post(reverse("grids:leave_move", args=[leave.pk, "approve"]), {"note": "好"})
    page = client.get(reverse("grids:duty_requests"))
    assert (list(page.context["leaves"]), list(page.context["away"])) == ([], [leave])
    stranger = PostFactory(role=Role.DEPARTMENT_HEAD)
    client.force_login(stranger.person)
    page = client.get(reverse("grids:duty_requests"))
    assert [list(page.context[name]) for name in ("leaves", "swaps", "away")] == [[], [], []]


def test_the_page_of_requests_costs_the_same_for_one_and_for_three(client, house):
    client.force_login(house.head.person)
    one, three = [], []
    for seen, number in ((one, 1), (three, 2)):
        for _n in range(number):
            post = PostFactory(body=house.body, role=Role.GRID_WORKER)
            days = (today(), today())
            services.ask_leave(post, days=days, by=post.person, at=now())
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("grids:duty_requests"))
        seen.append(len(queries))
    assert one == three


def test_the_page_of_a_team_costs_the_same_for_one_member_and_for_three(client, town, house):
    client.force_login(house.head.person)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("grids:team", args=[town.west.code]))
        return len(queries)

    roster(house, "早", days=5)
    join(town.west, "police", name="罗警官")
    join(town.west, "full_time", post=house.one)
    one = cost()
    for number in range(2):
        post = PostFactory(body=house.body, role=Role.GRID_WORKER)
        join(town.west, "full_time", post=post)
        join(town.west, "legal", name=f"何律师{number}")
        PostTerritoryFactory(post=post, territory=town.north)
        services.ask_leave(post, days=(today(), today()), by=post.person, at=now())
    assert cost() == one


def test_messages_lead_to_the_page_of_who_reads_them(house, shifts):
    swap, leave = ask(house, shifts), asked(house, stand_in=house.two)
    pairs = [("grids.leave", str(leave.pk)), ("grids.swap", str(swap.pk)), ("grids.leave", "x")]
    duty, requests = reverse("grids:duty"), reverse("grids:duty_requests")
    for person, url in (
        (house.one.person, duty), (house.two.person, duty), (house.head.person, requests),
    ):  # fmt: skip
        assert [one.url for one in references.resolve(pairs, person).values()] == [url, url]
    assert references.resolve(pairs, PostFactory().person) == {}
