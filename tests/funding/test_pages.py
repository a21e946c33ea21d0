"""Lines as bars, and one line with its entries; strangers see neither."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funding import services
from funding.models import Entry
from lib import registry
from lib.roles import Role
from tests.factories.funding import LineFactory
from tests.factories.organizations import PostFactory
from tests.funding.test_checks import damage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def supervisor(line):
    return PostFactory(body=line.body, role=Role.SUPERVISOR).person


@pytest.fixture
def page(client, supervisor):
    client.force_login(supervisor)

    def get(name, *arguments, **query):
        return client.get(reverse(f"funding:{name}", args=arguments), query)

    return get


def shown(answer):
    return [line.pk for line in answer.context["page"].rows]


def queries(act):
    with CaptureQueriesContext(connection) as caught:
        act()
    return len(caught)


def test_the_list_shows_visible_lines_with_their_sum(page, line, reserved):
    second = LineFactory(body=line.body, free=200_00)
    LineFactory(free=5_00)
    answer = page("lines")
    assert answer.status_code == 200
    assert sorted(shown(answer)) == sorted([line.pk, second.pk])
    assert answer.context["total"] == {
        "received": 1_200_00, "available": 900_00, "reserved": 300_00, "payable": 0, "spent": 0,
    }  # fmt: skip
    assert "1,200.00 yuan received in all" in answer.content.decode()


def test_the_list_is_narrowed_by_source_and_period(page, line):
    other = LineFactory(body=line.body)
    ended = LineFactory(body=line.body, valid_to=datetime.date(2021, 1, 1))
    assert shown(page("lines", source=other.source.code)) == [other.pk]
    assert shown(page("lines", ended="1")) == [ended.pk]
    assert shown(page("lines", ended="1", source=other.source.code)) == []


def test_a_list_without_lines_says_what_will_stand_there(client):
    client.force_login(PostFactory(role=Role.FINANCE_MAKER).person)
    assert "No lines here" in client.get(reverse("funding:lines")).content.decode()


def test_the_list_costs_the_same_queries_for_one_and_for_three_lines(page, line):
    page("lines")
    one = queries(lambda: page("lines"))
    for _ in range(2):
        LineFactory(body=line.body, free=1_00)
    assert queries(lambda: page("lines")) == one


def test_a_line_shows_its_entries_newest_first_and_its_open_holds(page, line, reserved, clerk, at):
    services.settle_part(reserved, actual=100_00, key="s", by=clerk, at=at)
    answer = page("line", line.pk)
    rows = answer.context["rows"]
    assert [(row.entry.number, row.entry.amount) for row in rows] == [
        (3, 100_00), (2, 300_00), (1, 1_000_00),
    ]  # fmt: skip
    assert [row.hold for row in answer.context["holds"]] == [reserved]
    text = answer.content.decode()
    assert "Entries 1 to 3 were recomputed" in text
    assert "Settled in part" in text


def test_a_line_page_costs_the_same_queries_for_one_and_for_many_entries(page, line, clerk, at):
    page("line", line.pk)
    one = queries(lambda: page("line", line.pk))
    for n in range(3):
        services.receive(line, amount=1, key=f"r{n}", by=clerk, at=at)
    assert queries(lambda: page("line", line.pk)) == one


def test_a_line_names_what_its_money_was_for_where_the_reader_may_see_it(
    page, line, reserved, monkeypatch
):
    monkeypatch.setitem(
        registry.references._resolvers,
        "cases.task",
        lambda keys, user: {key: registry.Reference(f"Case {key}", "/x/") for key in keys},
    )
    answer = page("line", line.pk)
    assert [row.about and row.about.label for row in answer.context["rows"]] == ["Case 17", None]
    assert '<a href="/x/">Case 17</a>' in answer.content.decode()


def test_a_line_without_movements_says_so(page, line):
    empty = LineFactory(body=line.body)
    text = page("line", empty.pk).content.decode()
    assert "No entries yet" in text
    assert "Nothing has moved yet" in text


def test_a_broken_chain_is_shown(page, line, reserved):
    damage("UPDATE funding_entry SET amount = amount + 1 WHERE number = 2")
    assert "Entry 2 is not what was written" in page("line", line.pk).content.decode()


def test_a_freeze_is_shown(page, line, clerk, at):
    services.freeze(reason="chains_are_intact", by=clerk, at=at)
    for answer in (page("lines"), page("line", line.pk)):
        assert "The ledger is frozen" in answer.content.decode()


def test_an_unknown_page_of_a_list_is_a_bad_request(page, line):
    assert page("lines", cursor="nonsense").status_code == 400
    assert page("line", line.pk, cursor="nonsense").status_code == 400


def test_a_stranger_finds_no_line(client, line):
    client.force_login(PostFactory(role=Role.SUPERVISOR).person)
    assert client.get(reverse("funding:line", args=[line.pk])).status_code == 404
    client.force_login(PostFactory(body=line.body, role=Role.GRID_WORKER).person)
    assert client.get(reverse("funding:lines")).status_code == 403


# -- Verification of the newest entries ---------------------------------------------------------


@pytest.fixture
def four(line, clerk, at):
    for n in range(3):
        services.receive(line, amount=1, key=f"r{n}", by=clerk, at=at)
    line.refresh_from_db()
    return line


@pytest.mark.parametrize(("count", "first"), [(100, 1), (4, 1), (3, 2), (1, 4)])
def test_the_newest_entries_are_verified_up_to_the_head(four, count, first):
    verified = Entry.objects.verify_newest(four, count)
    assert (verified.first, verified.last, verified.broken_at) == (first, 4, None)


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE funding_entry SET amount = 9 WHERE number = 3", 3),
        ("UPDATE funding_entry SET previous_hash = 'x' WHERE number = 1", 1),
        ("DELETE FROM funding_entry WHERE number = 4", 4),
        ("DELETE FROM funding_entry WHERE number = 2", 2),
        ("DELETE FROM funding_entry WHERE number = 1", 1),
        ("UPDATE funding_line SET head = 'x'", 4),
    ],
)
def test_the_place_where_a_chain_breaks_is_named(four, statement, broken_at):
    damage(statement)
    four.refresh_from_db()
    assert Entry.objects.verify_newest(four, 100).broken_at == broken_at
