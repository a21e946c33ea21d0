"""Who sees which case, on whose desk it lies, what a person is to it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import services
from cases.models import Assistant, Case, Photo
from lib import keyset
from lib.roles import Role
from tests.factories import cases as make
from tests.factories.cases import MONDAY, fresh, later, photo
from tests.factories.grids import PostTerritoryFactory, TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory

DAY = MONDAY.date()


def sees(person):
    return set(Case.objects.visible_to(type(person).objects.get(pk=person.pk), on=DAY))


def waits_for(person):
    return set(Case.objects.on_desk(type(person).objects.get(pk=person.pk), on=DAY))


def newcomer(role, *, territory=None, body=None):
    post = PostFactory(body=body or BodyFactory(), role=role)
    if territory is not None:
        PostTerritoryFactory(post=post, territory=territory)
    return post.person


def test_everybody_sees_what_their_part_in_it_needs(town):
    case = make.dispatched(town)
    for name in ("handler", "head", "acceptor", "dispatcher", "verifier", "committee", "worker"):
        assert sees(getattr(town, name)) == {case}, name
    for person in (town.stranger, town.resident, UserFactory()):
        assert sees(person) == set()
    assert not Case.objects.visible_to(AnonymousUser(), on=DAY).exists()


def test_a_resident_sees_their_own(town):
    case = make.submitted(town)
    assert sees(town.resident) == {case}


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.GRID_WORKER, Role.SUPERVISOR])
def test_territory_decides(town, role):
    case = make.dispatched(town)
    other = TerritoryFactory(town=True, parent=town.city)
    places = (town.city, town.place, town.community, town.grid)
    assert [sees(newcomer(role, territory=place)) for place in places] == [{case}] * 4
    assert sees(newcomer(role, territory=other)) == set()


def test_the_body_decides_for_departments_and_the_parent_sees_what_its_children_do(town):
    case = make.dispatched(town)
    town.office.parent = BodyFactory()
    town.office.save()
    assert sees(newcomer(Role.DEPARTMENT_HEAD, body=town.office.parent)) == {case}
    assert sees(newcomer(Role.DEPARTMENT_HEAD)) == set()


def test_administrators_see_no_case(town):
    make.dispatched(town)
    assert sees(newcomer(Role.SYSTEM_ADMIN, territory=town.city)) == set()


def test_a_post_that_has_ended_opens_nothing(town):
    make.dispatched(town)
    post = town.posts.dispatcher
    post.valid_to = DAY
    post.save()
    assert sees(town.dispatcher) == set()


def test_a_case_without_a_place_is_seen_by_those_who_find_places(town):
    case = make.filed(town, lon=None, lat=None)
    assert sees(town.dispatcher) == sees(town.acceptor) == {case}
    assert sees(town.verifier) == set()


def test_who_returned_a_case_still_sees_it(town):
    case = make.returned(town)
    assert sees(town.handler) == {case}


def test_each_step_lies_on_one_desk(town):
    desks = {
        "acceptor": make.submitted(town),
        "handler": make.handling(town),
        "head": make.reported(town),
        "verifier": make.checking(town),
        "dispatcher": make.returned(town),
    }
    assert {name: waits_for(getattr(town, name)) for name in desks} == {
        name: {case} for name, case in desks.items()
    }
    assert waits_for(town.worker) == waits_for(town.stranger) == set()


def test_what_a_verifier_handled_waits_for_another(town):
    PostFactory(person=town.handler, body=town.centre, role=Role.VERIFIER)
    make.checking(town)
    assert waits_for(town.handler) == set()


def test_my_tasks_come_by_time_left_and_leave_with_the_end(town):
    first, second = make.dispatched(town), make.dispatched(town)
    Case.objects.filter(pk=second.pk).update(handle_due_at=later(minutes=1))
    make.closed(town)
    assert list(Case.objects.on_posts([town.posts.handler])) == [fresh(second), fresh(first)]
    assert list(Case.objects.of_body(town.office.pk)) == [fresh(second), fresh(first)]


def test_overdue_is_what_is_late_while_the_clock_runs(town):
    late, stopped = make.handling(town), make.checking(town)
    at = later(days=30)
    assert late.handle_due_at < at
    assert list(Case.objects.overdue(at)) == [late]
    assert stopped.state == "checking"


def test_everybody_may_see_what_was_filed_and_is_not_closed_to_them(town):
    shown = make.dispatched(town, publicity="open")
    make.filed(town, publicity="closed")
    make.submitted(town)
    services.void(make.filed(town), by=town.dispatcher, at=MONDAY, note="重复")
    town.small.is_emergency = True
    assert set(Case.objects.published()) == {shown}
    town.small.save()
    assert set(Case.objects.published()) == set()


def test_the_code_on_the_receipt_opens_the_case(town):
    case = make.submitted(town)
    code = case.query_code
    typed = f"{code[:4].lower()} {code[4:]}"
    assert Case.objects.with_code(f" {case.number} ", typed) == case
    assert Case.objects.with_code(case.number, "3" * 8) is None
    assert Case.objects.with_code(case.number, "") is None
    assert Case.objects.with_code("20261123999999", code) is None


def test_photos_are_seen_with_the_case_or_when_published(town):
    case = make.dispatched(town, publicity="open", photos=[photo()])
    picture = case.photos.get()
    anybody = AnonymousUser()
    assert list(Photo.objects.visible_to(town.handler, on=DAY)) == [picture]
    assert not Photo.objects.visible_to(town.stranger, on=DAY).exists()
    Photo.objects.update(is_public=True)
    assert list(Photo.objects.visible_to(anybody, on=DAY)) == [picture]
    Case.objects.update(publicity="closed")
    assert not Photo.objects.visible_to(anybody, on=DAY).exists()


def test_a_page_offers_what_the_service_accepts(town):
    case = make.dispatched(town)
    offered = {
        name: services.moves_for(getattr(town, name), case, at=MONDAY)
        for name in ("handler", "head", "dispatcher", "committee", "verifier", "stranger")
    }
    assert offered == {
        "handler": ["sign", "return", "contact", "note"],
        "head": [
            "sign",
            "reassign",
            "return",
            "assist_add",
            "contact",
            "publish_text",
            "note",
        ],
        "dispatcher": [
            "reassign",
            "void",
            "assist_add",
            "urge",
            "contact",
            "publish_text",
            "note",
        ],
        "committee": ["void", "supervise", "note"],
        "verifier": ["contact", "note"],
        "stranger": [],
    }
    assert services.actors_of(AnonymousUser(), case, at=MONDAY) == frozenset()
    assert services.actors_of(town.system, case, at=MONDAY) == {"router", "clock"}


def test_lists_cost_the_same_with_one_and_three_rows(town):
    counts = []
    for _more in range(3):
        make.dispatched(town)
        dispatcher = type(town.dispatcher).objects.get(pk=town.dispatcher.pk)
        with CaptureQueriesContext(connection) as captured:
            for case in Case.objects.visible_to(dispatcher, on=DAY).for_list().newest_first():
                assert all(map(str, (case.category, case.grid, case.lead_body)))
        counts.append(len(captured))
    assert counts == [counts[0]] * 3


# -- Pages ----------------------------------------------------------------------------------------


@pytest.fixture
def clerk(town):
    """Dispatcher of a community, handler and grid worker: sees much through several parts."""
    person = newcomer(Role.DISPATCHER, territory=town.community)
    PostFactory(person=person, body=town.office, role=Role.HANDLER)
    PostTerritoryFactory(
        post=PostFactory(person=person, body=town.centre, role=Role.GRID_WORKER),
        territory=town.grid,
    )
    return person


@pytest.mark.parametrize("order", [("-pk",), ("created_at", "pk"), ("-urgency", "-pk")])
def test_pages_over_several_parts_hold_every_case_once_and_in_order(town, clerk, order):
    for number in range(12):
        place = {"lon": None, "lat": None} if number % 3 == 0 else {}
        by = clerk if number % 4 == 0 else town.worker
        urgency = "urgent" if number % 2 else "ordinary"
        make.log(town, by=by, urgency=urgency, **place)
    make.dispatched(town)
    visible = Case.objects.visible_to(clerk, on=DAY)
    assert len(visible.branches()) > 3
    expected = list(visible.order_by(*order))
    assert len(expected) == 13
    found, cursor, turns = [], "", 0
    while cursor is not None:
        page = keyset.page(visible, order=order, size=5, cursor=cursor)
        found, cursor, turns = found + page.rows, page.next, turns + 1
    assert (found, turns) == (expected, 3)
    back = keyset.page(visible, order=order, size=5, cursor=page.previous)
    assert back.rows == expected[5:10]


def test_pages_keep_filters_and_joins(town, clerk, django_assert_num_queries):
    make.filed(town, category=None)
    wanted = make.dispatched(town)
    visible = Case.objects.visible_to(clerk, on=DAY).filter(state="dispatched").for_list()
    with django_assert_num_queries(len(visible.branches()) + 1):
        [row] = keyset.page(visible).rows
        assert (row, str(row.category)) == (wanted, str(town.small))


@pytest.mark.parametrize("parts", [1, 9])
def test_an_assisting_body_sees_the_case_once_however_many_of_its_parts_assist(town, parts):
    centre = BodyFactory()
    bodies = [centre, *(BodyFactory(parent=centre) for _ in range(parts))]
    head, stranger = (newcomer(Role.DEPARTMENT_HEAD, body=body) for body in (centre, BodyFactory()))
    cases = [make.dispatched(town) for _ in range(3)]
    for case in cases[:2]:
        Assistant.objects.bulk_create(Assistant(case=case, body=body) for body in bodies)
    visible = Case.objects.visible_to(head, on=DAY)
    assert list(visible.order_by("pk")) == cases[:2]
    assert keyset.page(visible).rows == cases[1::-1]
    assert sees(stranger) == set()


def test_who_assisted_is_looked_up_case_by_case(town):
    """An IN over all cases that a body ever assisted would cost the more the older the town is."""
    Assistant.objects.create(case=make.filed(town), body=town.office)
    visible = Case.objects.visible_to(town.handler, on=DAY)
    assert 'U0."case_id" = ("cases_case"."id")' in str(visible.query)
    assert " IN (SELECT" not in str(visible.query)


def test_two_questions_together_are_no_longer_in_parts(town, clerk):
    case = make.submitted(town)
    both = Case.objects.visible_to(town.stranger, on=DAY) | Case.objects.filter(pk=case.pk)
    assert (both.branches(), keyset.page(both).rows) == ([], [case])
