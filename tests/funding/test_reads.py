"""Who reads which line."""

import datetime

import pytest

from funding.models import Line
from lib.roles import Role
from tests.factories.funding import LineFactory
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 3, 2)

READERS = {
    Role.FINANCE_MAKER, Role.FINANCE_CHECKER, Role.FINANCE_PAYER, Role.PARTY_SECRETARY,
    Role.COMMITTEE_MEMBER, Role.DEPARTMENT_HEAD, Role.SUPERVISOR, Role.AUDIT_ADMIN,
}  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
def test_lines_are_read_by_those_who_deal_with_money_of_the_body_or_above(role):
    town = BodyFactory()
    office = BodyFactory(parent=town)
    own, below, foreign = (LineFactory(body=body) for body in (town, office, BodyFactory()))
    head, clerk = (PostFactory(body=body, role=role).person for body in (town, office))

    def seen(user):
        return list(Line.objects.visible_to(user, on=ON).order_by("pk"))

    assert foreign not in seen(head)
    assert (seen(head), seen(clerk)) == (([own, below], [below]) if role in READERS else ([], []))


def test_a_stranger_and_an_ended_post_see_no_line(line):
    ended = PostFactory(body=line.body, role=Role.SUPERVISOR, valid_to=datetime.date(2025, 1, 1))
    for user in (UserFactory(), ended.person):
        assert list(Line.objects.visible_to(user, on=ON)) == []
