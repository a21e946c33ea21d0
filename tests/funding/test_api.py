"""The ledger as JSON: read-only, by pages, and only what one may see."""

import pytest
from rest_framework.test import APIClient

from funding import services
from lib.roles import Role
from tests.factories.funding import LineFactory
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db

LINES, HOLDS = "/api/v1/funding/lines/", "/api/v1/funding/holds/"


@pytest.fixture
def api(line):
    client = APIClient()
    client.force_authenticate(PostFactory(body=line.body, role=Role.FINANCE_MAKER).person)
    return client


def numbers(answer):
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def test_a_line_is_told_in_fen(api, line, reserved):
    line.refresh_from_db()
    assert api.get(f"{LINES}{line.pk}/").json() == {
        "id": line.pk,
        "code": line.code,
        "name": line.name,
        "name_en": line.name_en,
        "source_code": line.source.code,
        "body_code": line.body.code,
        "territory_code": None,
        "purposes": ["repairs"],
        "valid_from": "2020-01-01",
        "valid_to": None,
        "received": 1_000_00,
        "available": 700_00,
        "reserved": 300_00,
        "payable": 0,
        "spent": 0,
        "version": 2,
        "head": line.head,
    }


def test_lines_are_narrowed(api, line):
    other = LineFactory(body=line.body)
    assert numbers(api.get(LINES)) == [line.pk, other.pk]
    for query, found in (
        ({"source": other.source.code}, [other.pk]),
        ({"purpose": "repairs"}, [line.pk]),
        ({"body": "no-such-body"}, []),
        ({"valid_on": "2019-01-01"}, []),
        ({"valid_on": "2026-01-01"}, [line.pk, other.pk]),
    ):
        assert numbers(api.get(LINES, query)) == found


def test_lists_turn_pages(api, line):
    others = [LineFactory(body=line.body).pk for _ in range(2)]
    first = api.get(LINES, {"size": 2})
    second = api.get(first.json()["next"])
    assert numbers(first) + numbers(second) == [line.pk, *others]


def test_lists_cost_the_same_queries_for_one_and_for_three_rows(
    api, line, django_assert_num_queries
):
    api.get(LINES)
    with django_assert_num_queries(3):
        api.get(LINES)
    for _ in range(2):
        LineFactory(body=line.body)
    with django_assert_num_queries(3):
        api.get(LINES)


def test_entries_tell_the_chain(api, line, reserved):
    rows = api.get(f"{LINES}{line.pk}/entries/").json()["results"]
    assert [(row["number"], row["kind"], row["amount"], row["key"]) for row in rows] == [
        (1, "receive", 1_000_00, f"receive:{line.code}"),
        (2, "reserve", 300_00, "reserve:17"),
    ]
    assert rows[1]["previous_hash"] == rows[0]["hash"]


def test_holds_are_told_and_narrowed(api, line, reserved, clerk, at):
    row = api.get(f"{HOLDS}{reserved.pk}/").json()
    assert (row["line_code"], row["purpose_code"]) == (line.code, "repairs")
    assert (row["amount"], row["open"], row["released"]) == (300_00, 300_00, 0)
    assert numbers(api.get(HOLDS, {"is_open": "true"})) == [reserved.pk]
    services.release(reserved, key="r", by=clerk, at=at)
    assert numbers(api.get(HOLDS, {"is_open": "true"})) == []
    assert numbers(api.get(HOLDS, {"is_open": "false", "line": line.code})) == [reserved.pk]
    assert numbers(api.get(HOLDS, {"subject_kind": "cases.task", "subject_key": "18"})) == []


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(api, line, method):
    assert getattr(api, method)(f"{LINES}{line.pk}/", {}).status_code == 405


def test_a_stranger_finds_nothing_and_nobody_is_asked_to_sign_in(line, reserved):
    stranger = APIClient()
    stranger.force_authenticate(PostFactory(role=Role.FINANCE_MAKER).person)
    assert numbers(stranger.get(LINES)) == numbers(stranger.get(HOLDS)) == []
    for address in (f"{LINES}{line.pk}/", f"{LINES}{line.pk}/entries/", f"{HOLDS}{reserved.pk}/"):
        assert stranger.get(address).status_code == 404
        assert APIClient().get(address).status_code == 401
