"""Pages of teams, of one's own duty and of requests: who sees what, and what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grids import services
from grids.models import Leave, PublicCard, TeamMember
from lib.errors import RuleViolation
from lib.registry import queues, references
from lib.roles import Role
from tests.factories.grids import BodyTerritoryFactory, PostTerritoryFactory
from tests.factories.organizations import PostFactory, UserFactory
from tests.grids.duty import DAY, ask, asked, join, now, roster, signs_of, today

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


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


def test_a_worker_of_one_grid_finds_its_team_in_the_list(client, town, house):
    client.force_login(house.one.person)
    answer = client.get(reverse("grids:teams"))
    assert answer.context["rows"] == []
    assert [row[:2] for row in answer.context["grids"]] == [(town.north, 1)]
    assert reverse("grids:team", args=[town.north.code]) in answer.content.decode()
    client.force_login(house.head.person)
    assert client.get(reverse("grids:teams")).context["grids"] == []


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
