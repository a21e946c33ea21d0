"""What emergencies show on other pages, and what they hold of a person."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from emergency import holdings, offers
from emergency.models import AssemblyPoint, Called, CallOut, Depot, LevelRule, TaskHand, TaskProof
from emergency.services import checking, ordering, supplying, tasking
from lib import registry
from organizations.models import User
from tests.factories import emergency as made
from tests.factories import volunteers as people
from tests.factories.residents import ResidentFactory

pytestmark = pytest.mark.django_db


def waiting(person):
    roles = person.roles_on(timezone.localdate())
    rows = registry.queues.for_roles(roles)
    return {row.key: row.count(person) for row in rows if row.key.startswith("emergency:")}


def test_what_waits_for_whom(town, order, at):
    made.drafted(town, kind="accident", measures=made.measures("relocation"))
    tasking.give_task(order, made.task_kind(), town.grid, by=town.officer, at=at)
    assert waiting(town.reviewer) == {"emergency:confirm": 1, "emergency:reports": 2}
    assert waiting(town.officer) == {"emergency:confirm": 0, "emergency:reports": 2}
    assert waiting(town.worker) == {"emergency:tasks": 1}
    assert waiting(town.workers[1]) == {"emergency:tasks": 0}


def test_messages_lead_to_the_page_of_the_reader(town, order, at):
    row = made.accepted(made.called(order, town))
    task = tasking.give_task(
        order, made.task_kind(), town.grid, by=town.officer, at=at, called=[row]
    )
    pairs = [
        ("emergency.order", str(order.pk)), ("emergency.called", str(order.pk)),
        ("emergency.task", str(task.pk)),
    ]  # fmt: skip

    def pages(person):
        found = registry.references.resolve(pairs, person)
        return [found[pair].url if pair in found else None for pair in pairs]

    assert pages(town.worker) == [
        reverse("emergency:notice", args=[order.pk]), reverse("emergency:mine", args=[order.pk]),
        reverse("emergency:task", args=[task.pk]),
    ]  # fmt: skip
    assert pages(town.officer)[:2] == [reverse("emergency:lead", args=[order.pk]), None]
    assert pages(User()) == [reverse("emergency:notice", args=[order.pk]), None, None]


def test_the_own_page_shows_calls_that_go_on(town, order):
    row = made.called(order, town, people.active(town).person)
    assert offers.on_my_page(None, row.person)["rows"] == [row]
    assert offers.on_my_page(None, ResidentFactory()) is None


def test_every_message_has_words_in_both_languages(order):
    from django.utils.translation import override

    from emergency.notifications import WORDINGS, sentence

    params = dict.fromkeys(("title", "number", "reason", "text", "where"), "x")
    for kind in WORDINGS:
        with override("zh-hans"):
            chinese = sentence(kind, params)
        with override("en"):
            assert sentence(kind, params) != chinese


def test_a_person_copies_and_erases_what_is_held(town, order, at):
    row = made.accepted(made.called(order, town, people.active(town).person))
    task = tasking.give_task(
        order, made.task_kind(), town.grid, by=town.officer, at=at, called=[row]
    )
    tasking.finish_task(task, proof="背老人下楼", households=1, by=row.person, at=at)
    held = holdings.export(row.person)
    assert held["calls"][0]["state"] == "coming"
    assert held["tasks"][0]["task__state"] == "done"
    assert held["proofs"][0]["text"] == "背老人下楼"
    holdings.erase(row.person, at)
    assert holdings.export(row.person) == {"calls": [], "tasks": [], "proofs": []}
    assert TaskHand.objects.count() == TaskProof.objects.count() == 0
    assert Called.objects.count() == 2


PAGES = {
    "listed": lambda order: (),
    "desk": lambda order: (),
    "tasks": lambda order: (order.pk,),
    "checks": lambda order: (order.pk,),
    "depots": lambda order: (),
    "lead": lambda order: (order.pk,),
}


def more_of_everything(town, order, number):
    who = {"by": town.officer, "at": made.AT}
    tasking.give_task(order, made.task_kind(), town.grid, **who)
    checking.check_household(
        order, made.measures("relocation")[0], town.grid, address=f"{number}号", answers={}, **who
    )
    depot = made.depot(town, name=f"仓库{number}")
    supplying.receive(depot, made.lot(5, f"in-{number}"), **who)
    other = made.drafted(town, kind="accident", measures=made.measures("relocation"))
    ordering.withdraw(other, reason="不需要", **who)
    made.point_of(order, town, name=f"点{number}")


@pytest.mark.parametrize("name", PAGES)
def test_one_row_and_three_cost_the_same(client, town, order, name):
    client.force_login(town.officer)
    address = reverse(f"emergency:{name}", args=PAGES[name](order))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    more_of_everything(town, order, 1)
    cost()
    one = cost()
    for number in (2, 3):
        more_of_everything(town, order, number)
    assert cost() == one


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (LevelRule, {"level": 9}),
        (LevelRule, {"text_minutes": 1}),
        (LevelRule, {"confirm_minutes": 0}),
        (CallOut, {"wanted": 0}),
        (CallOut, {"calls_staff": False, "calls_volunteers": False}),
        (CallOut, {"closed_at": made.AT}),
        (AssemblyPoint, {"lat": 91}),
        (Depot, {"order": None}),
    ],
    ids=str,
)
def test_the_database_refuses_what_makes_no_sense(town, order, model, changes):
    made.callout(order, town)
    keys = [model.objects.order_by("pk").first().pk]
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk__in=keys).update(**changes)
