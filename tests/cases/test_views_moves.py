"""The pages around the newer moves: requests, both sides of a dispute, the pin that is moved."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases import services
from tests.factories import cases as make
from tests.factories.cases import later
from tests.factories.grids import BoundaryFactory, TerritoryFactory

pytestmark = pytest.mark.django_db


def asked(town, at=None):
    at = at or timezone.now()
    case = make.dispatched(town, at=at)
    services.sign(case, by=town.handler, at=at)
    return services.ask_extension(case, by=town.handler, at=at, note="配件三天后到货")


def test_requests_wait_on_the_page_of_whoever_answers_next(town, client):
    case = asked(town)
    address = reverse("cases:requests")
    client.force_login(town.head)
    page = client.get(address).content.decode()
    assert "配件三天后到货" in page
    assert reverse("cases:move", args=[case.number, "review_extension"]) in page
    client.force_login(town.dispatcher)
    assert "配件三天后到货" not in client.get(address).content.decode()
    client.force_login(town.handler)
    assert client.get(address).status_code == 404


def test_the_page_of_requests_costs_the_same_with_one_and_with_three(town, client):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse("cases:requests")).status_code == 200
        return len(queries)

    client.force_login(town.head)
    asked(town)
    cost()
    one = cost()
    asked(town)
    asked(town)
    assert cost() == one


def test_the_review_says_what_was_asked_for_and_takes_yes_or_no(town, client):
    case = asked(town)
    client.force_login(town.head)
    move = reverse("cases:move", args=[case.number, "review_extension"])
    assert "配件三天后到货" in client.get(move).content.decode()
    assert client.post(move, {"note": "x"}).status_code == 422
    assert client.post(move, {"granted": "no"}).status_code == 422
    assert client.post(move, {"granted": "no", "note": "来得及"}).status_code == 302
    assert case.requests.get().state == "refused"


def test_the_committee_reads_both_sides(town, client):
    case = make.returned(town)
    services.refer(case, by=town.dispatcher, at=later(hours=2), note="按权责清单应归该办")
    client.force_login(town.committee)
    page = client.get(reverse("cases:detail", args=[case.number])).content.decode()
    assert "不是我们的" in page
    assert "按权责清单应归该办" in page
    queue = client.get(reverse("cases:queue", args=["committee"])).content.decode()
    assert case.number in queue


def test_a_clerk_moves_the_pin_and_the_place_follows(town, client):
    other = TerritoryFactory(parent=town.community)
    BoundaryFactory(territory=other, square=(114.2, 22.8, 114.3, 22.9))
    case = make.submitted(town)
    client.force_login(town.acceptor)
    address = reverse("cases:move", args=[case.number, "correct"])
    assert 'id="move_lon"' in client.get(address).content.decode()
    said = {
        "category": town.small.pk, "standard": town.standard.pk, "address": case.address,
        "urgency": case.urgency, "territory": town.grid.pk, "lon": "114.25", "lat": "22.85",
    }  # fmt: skip
    assert client.post(address, said).status_code == 302
    case = make.fresh(case)
    assert (case.lon, case.lat, case.grid, case.place_origin) == (114.25, 22.85, other, "point")


def test_a_form_sent_back_as_it_was_costs_the_case_nothing(town, client):
    case = make.submitted(town)
    client.force_login(town.acceptor)
    said = {
        "category": town.small.pk, "standard": town.standard.pk, "address": case.address,
        "urgency": case.urgency, "territory": town.grid.pk, "lon": "114.05", "lat": "22.85",
    }  # fmt: skip
    client.post(reverse("cases:move", args=[case.number, "correct"]), said)
    case = make.fresh(case)
    assert (case.lon, case.lat, case.grid) == (114.05, 22.85, town.grid)
