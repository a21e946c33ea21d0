"""The page that judges the last cases again."""

import pytest
from django.urls import reverse

from lib.roles import Role
from tests.factories.cases import dispatched, fresh
from tests.factories.organizations import PostFactory
from tests.factories.routing import DutyEntryFactory

pytestmark = pytest.mark.django_db


def test_it_shows_what_would_go_elsewhere_and_changes_nothing(town, client):
    case = dispatched(town)
    DutyEntryFactory(category=town.small, territory=town.community, lead=town.elsewhere)
    client.force_login(town.dispatcher)
    answer = client.get(reverse("cases:replay"), {"last": 10})
    assert answer.context["asked"] == 1
    (row,) = answer.context["rows"]
    assert (row.case, row.before) == (case, town.office.name)
    assert row.after.endswith(town.elsewhere.name)
    assert fresh(case).lead_body == town.office


def test_titles_of_cases_that_one_may_not_see_are_left_out(town, client):
    dispatched(town, title="井盖不见了")
    DutyEntryFactory(category=town.small, territory=town.community, lead=town.elsewhere)
    administrator = PostFactory(role=Role.SYSTEM_ADMIN).person
    for person, times in ((town.dispatcher, 1), (administrator, 0)):
        client.force_login(person)
        page = client.get(reverse("cases:replay"), {"last": 10}).content.decode()
        assert page.count("井盖不见了") == times


def test_nothing_is_judged_before_somebody_asks(town, client):
    client.force_login(town.dispatcher)
    assert "rows" not in client.get(reverse("cases:replay")).context


def test_a_handler_does_not_replay(town, client):
    client.force_login(town.handler)
    assert client.get(reverse("cases:replay")).status_code == 403
