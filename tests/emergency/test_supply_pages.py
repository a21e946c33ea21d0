"""Pages of depots and of the reference data of emergencies."""

import pytest
from django.urls import reverse
from django.utils import timezone

from emergency.models import (
    Depot,
    Measure,
    Movement,
    Report,
)
from emergency.services import supplying, tasking
from lib.roles import Role
from tests.emergency.browser import seen, sent, url, words
from tests.factories import emergency as made
from tests.factories.emergency import MINUTE
from tests.factories.organizations import PostFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_supplies_come_in_go_out_and_are_settled_in_the_browser(client, town, order):
    where = {"territory": town.community.pk, "name": "仓库", "address": "2号"}
    sent(client, town.officer, "depot_new", **where)
    depot = Depot.objects.stores().get()
    item = made.lot(1, "x").item.pk

    def moved(name, amount, key, **more):
        form = {"item": item, "amount": amount, "key": key, **more}
        return sent(client, town.officer, "supplies_move", depot.pk, name, **form)

    assert moved("receive", 50, "a").url == url("depot", depot.pk)
    moved("receive", 50, "a")
    assert moved("hand_out", 60, "b", order=order.pk).status_code == 422
    moved("hand_out", 30, "c", order=order.pk)
    moved("take_back", 10, "d", order=order.pk)
    moved("use_up", 20, "e", order=order.pk)
    assert Movement.objects.count() == 4
    page = words(seen(client, town.officer, "depot", depot.pk))
    assert "Drinking water" in page
    assert ">30<" in page
    assert "Nothing is out" in words(seen(client, town.officer, "lead", order.pk))
    near = PostFactory(role=Role.COMMUNITY_WORKER, body=town.body).person
    assert "仓库" in words(seen(client, near, "depots"))


def test_the_forms_of_all_movements_open(client, town, order):
    depot = made.depot(town)
    supplying.receive(depot, made.lot(5, "in"), by=town.officer, at=made.AT)
    for name in ("receive", "hand_out", "take_back", "use_up", "transfer", "lose"):
        page = seen(client, town.officer, "supplies_move", depot.pk, name)
        assert page.status_code == 200
        assert 'name="key"' in words(page)


# -- Reference data -----------------------------------------------------------------------------


def test_the_administrator_changes_a_measure_and_orders_keep_the_old_one(client, town, order):
    admin = PostFactory(role=Role.SYSTEM_ADMIN).person
    client.force_login(admin)
    old = Measure.objects.get(code="wind-and-rain")
    address = reverse("organizations:catalogue_edit", args=["emergency-measures", old.pk])
    assert client.get(address).status_code == 200
    columns = ("code", "kind", "name", "name_en", "advice_en", "allows", "allows_en", "requires",
               "requires_en", "legal_basis")  # fmt: skip
    form = {name: getattr(old, name) for name in columns}
    form |= {"advice": "关窗。", "matters": "fallen-tree surface-water", "asks": [],
             "valid_from": timezone.localdate().isoformat()}  # fmt: skip
    answer = client.post(address, form)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    new = Measure.objects.get(code="wind-and-rain", valid_to=None)
    assert (new.advice, new.categories) == ("关窗。", ["fallen-tree", "surface-water"])
    assert old in order.measures.all()
    task = tasking.give_task(order, made.task_kind(), town.grid, by=town.officer, at=made.AT)
    assert task.state == "given"


def test_the_desk_shows_what_waits_and_what_is_late(client, town, order):
    made.drafted(town, kind="accident", measures=made.measures("relocation"))
    Report.objects.update(due_at=timezone.now() - MINUTE)
    page = words(seen(client, town.officer, "desk"))
    for text in ("To be confirmed", "Reports that are late", "In force"):
        assert text in page
    assert seen(client, town.worker, "desk").status_code == 200
    assert seen(client, UserFactory(), "desk").status_code == 403
