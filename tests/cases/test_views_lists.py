"""Lists: who sees what, in what order, at what cost."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import services
from cases.workflow import Desk
from tests.factories.cases import (
    checking,
    closed,
    dispatched,
    filed,
    handling,
    reported,
    returned,
    submitted,
)
from tests.factories.grids import TerritoryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def see(client):
    def ask(person, name, *args, **asked):
        client.force_login(person)
        return client.get(reverse(f"cases:{name}", args=args), asked)

    return ask


def rows(answer):
    return [case.pk for case in answer.context["page"].rows]


def test_the_list_shows_what_one_may_see_the_newest_first(town, see):
    first, second = handling(town), handling(town)
    assert rows(see(town.dispatcher, "list")) == [second.pk, first.pk]
    assert rows(see(town.stranger, "list")) == []


def test_the_list_is_searched_by_number_and_title(town, see):
    first, _second = filed(town), filed(town, title="路灯", text="路灯", category=None)
    assert rows(see(town.dispatcher, "list", q=first.number)) == [first.pk]
    assert rows(see(town.dispatcher, "list", q="井")) == [first.pk]


def test_filters_stand_as_chips_that_can_be_taken_off(town, see):
    case = handling(town)
    filed(town)
    answer = see(town.dispatcher, "list", state="handling", q="")
    assert rows(answer) == [case.pk]
    chips = answer.context["filter"].chips
    assert [(chip.value, chip.without) for chip in chips()] == [("处置中", "q=")]


def test_communities_to_narrow_by_are_those_within_reach(town, see):
    elsewhere = TerritoryFactory(community=True)
    case = filed(town)
    answer = see(town.dispatcher, "list", community=town.community.pk)
    assert rows(answer) == [case.pk]
    offered = answer.context["filter"].form.fields["community"].queryset
    assert town.community in offered
    assert elsewhere not in offered


def test_overdue_means_still_open(town, see):
    late = handling(town)
    closed(town)
    assert rows(see(town.dispatcher, "list", overdue="yes")) == (
        [late.pk] if late.handle_due_at < timezone.now() else []
    )


def test_a_filter_that_makes_no_sense_shows_the_error_and_all_rows(town, see):
    case = filed(town)
    answer = see(town.dispatcher, "list", since="yesterday")
    assert (answer.status_code, rows(answer)) == (200, [case.pk])


def test_pages_are_turned_by_cursor(town, see):
    for _each in range(51):
        filed(town)
    first = see(town.dispatcher, "list")
    second = see(town.dispatcher, "list", cursor=first.context["page"].next)
    assert (len(rows(first)), len(rows(second))) == (50, 1)
    assert see(town.dispatcher, "list", cursor="nonsense").status_code == 400


def test_a_case_may_stand_open_beside_the_list(town, see):
    case = handling(town)
    beside = see(town.dispatcher, "list", open=case.number).context["beside"]
    assert beside["case"] == case
    assert "beside" not in see(town.dispatcher, "list", open="nothing").context


def test_nobody_opens_beside_what_they_may_not_see(town, see):
    case = handling(town)
    assert "beside" not in see(town.stranger, "list", open=case.number).context


def test_my_tasks_are_those_on_my_posts(town, see):
    case = dispatched(town)
    assert rows(see(town.handler, "tasks")) == [case.pk]
    assert rows(see(town.stranger, "tasks")) == []


def test_the_department_shows_work_people_lines_and_what_waits(town, see):
    working, waiting = handling(town), reported(town)
    answer = see(town.head, "department")
    assert set(rows(answer)) == {working.pk, waiting.pk}
    assert [case.pk for case in answer.context["waiting"]] == [waiting.pk]
    assert [post.pk for post in answer.context["posts"]] == [town.posts.handler.pk]
    assert list(answer.context["lines"]) == [town.line]


def test_the_department_is_for_its_head(town, see):
    assert see(town.handler, "department").status_code == 403
    assert see(town.head, "department", body=town.elsewhere.pk).status_code == 404


QUEUES = {
    Desk.ACCEPTANCE: (submitted, "acceptor"),
    Desk.DISPATCH: (returned, "dispatcher"),
    Desk.HEAD: (reported, "head"),
    Desk.VERIFIER: (checking, "verifier"),
    Desk.HANDLER: (handling, "handler"),
}


@pytest.mark.parametrize("desk", QUEUES)
def test_a_desk_shows_what_waits_to_those_who_serve_it(town, see, desk):
    bring, name = QUEUES[desk]
    case = bring(town)
    assert rows(see(getattr(town, name), "queue", desk)) == [case.pk]


@pytest.mark.parametrize("desk", [*QUEUES, "nothing", "router"])
def test_a_desk_is_not_there_for_others(town, see, desk):
    served_by = QUEUES.get(desk, (None, ""))[1]
    for name in ("handler", "head", "acceptor", "dispatcher", "verifier"):
        if name != served_by:
            assert see(getattr(town, name), "queue", desk).status_code == 404


def test_what_the_router_refused_lies_in_the_queue_with_its_reason(town, see):
    filed(town, category=None)
    services.route_waiting(at=timezone.now())
    answer = see(town.dispatcher, "queue", Desk.DISPATCH)
    assert len(rows(answer)) == 1
    assert "小类不确定" in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "name", "args"),
    [
        ("dispatcher", "list", []),
        ("handler", "tasks", []),
        ("head", "department", []),
        ("handler", "queue", ["handler"]),
    ],
)
def test_three_rows_cost_what_one_costs(
    town, see, who, name, args, django_assert_max_num_queries, django_assert_num_queries
):
    handling(town)
    person = getattr(town, who)
    see(person, name, *args)
    with django_assert_max_num_queries(30) as first:
        see(person, name, *args)
    handling(town)
    handling(town)
    with django_assert_num_queries(len(first)):
        see(person, name, *args)


def test_what_cures_a_refusal_comes_first(town, see):
    case = filed(town, category=None)
    services.route_waiting(at=timezone.now())
    answer = see(town.dispatcher, "detail", case.number)
    assert answer.context["actions"][0].name == "correct"
