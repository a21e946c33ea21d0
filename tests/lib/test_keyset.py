import datetime

import pytest

from lib import keyset
from organizations.models import Message, Skill
from tests.factories.organizations import SkillFactory, UserFactory

pytestmark = pytest.mark.django_db
ORDER = ("name", "-pk")


def skills(*names):
    return [SkillFactory(name=name) for name in names]


def names(page):
    return [row.name for row in page.rows]


def test_pages_follow_one_another_without_gap_or_repetition_and_back_again():
    skills("b", "a", "b", "c", "b", "a", "d")
    whole = list(Skill.objects.order_by(*ORDER))
    first = keyset.page(Skill.objects.all(), order=ORDER, size=3)
    second = keyset.page(Skill.objects.all(), order=ORDER, size=3, cursor=first.next)
    third = keyset.page(Skill.objects.all(), order=ORDER, size=3, cursor=second.next)
    assert first.rows + second.rows + third.rows == whole
    assert (first.previous, third.next) == (None, None)
    back = keyset.page(Skill.objects.all(), order=ORDER, size=3, cursor=third.previous)
    assert back.rows == second.rows
    assert keyset.page(Skill.objects.all(), order=ORDER, size=3, cursor=back.previous) == first


def test_an_empty_list_is_one_page_without_neighbours():
    page = keyset.page(Skill.objects.all(), order=ORDER)
    assert (page.rows, page.next, page.previous, bool(page)) == ([], None, None, False)


def test_a_page_costs_one_query_wherever_it_stands(django_assert_num_queries):
    skills(*"abcdefgh")
    first = keyset.page(Skill.objects.all(), order=ORDER, size=3)
    with django_assert_num_queries(1):
        second = keyset.page(Skill.objects.all(), order=ORDER, size=3, cursor=first.next)
    with django_assert_num_queries(1):
        keyset.page(Skill.objects.all(), order=ORDER, size=3, cursor=second.next)


def test_moments_keep_their_microseconds_and_related_fields_can_order():
    reader = UserFactory()
    at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    for number in range(4):
        Message.objects.create(
            to=reader,
            key=str(number),
            kind="x",
            sent_at=at + datetime.timedelta(microseconds=number),
        )
    order = ("to__username", "-sent_at", "-pk")
    rows = Message.objects.select_related("to")
    first = keyset.page(rows, order=order, size=2)
    second = keyset.page(rows, order=order, size=2, cursor=first.next)
    assert [row.key for row in first.rows + second.rows] == ["3", "2", "1", "0"]


@pytest.mark.parametrize(
    "cursor",
    ["x", "!!", "W10", "WyJuIl0", "WyJxIiwxLDJd", "WyJuIixudWxsLDFd", "WyJuIiwiYSIsIngiXQ"],
)
def test_a_cursor_that_is_not_ours_is_refused(cursor):
    with pytest.raises(keyset.BadCursor):
        keyset.page(Skill.objects.all(), order=ORDER, cursor=cursor)


def test_the_size_has_bounds():
    skills("a", "b")
    assert len(keyset.page(Skill.objects.all(), order=ORDER, size=0).rows) == 1
    assert len(keyset.page(Skill.objects.all(), order=ORDER, size=10**6).rows) == 2


def test_a_relation_is_no_order():
    with pytest.raises(ValueError, match="to"):
        keyset.page(Message.objects.all(), order=("to", "-pk"))
    assert keyset.page(Message.objects.all(), order=("to_id", "-pk")).rows == []
