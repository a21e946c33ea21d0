"""Opinions that say the same stand together, and are answered together."""

import pytest

from consultation.likeness import groups_of
from consultation.models import OpinionGroup
from consultation.services import answering, grouping
from lib.errors import NotYours, RuleViolation
from organizations.models import Message
from tests.factories.opinions import NOW, again, make_open, say
from tests.factories.residents import ResidentFactory

pytestmark = pytest.mark.django_db
LIGHTS = ("楼道路灯太暗，请装声控灯", "楼道路灯太暗了，晚上看不见", "请给楼道装声控灯，路灯太暗")
PARKING = ("小区停车位不够，车停在消防通道", "停车位不够用，消防通道被车占了")
ALONE = "希望图书角周末也开门"


@pytest.fixture
def found():
    return make_open()


def said(found, texts):
    return [say(found, text, by=ResidentFactory()) for text in texts]


def grouped(found):
    grouping.group_alike(found, by=found.place_of_test.host, at=NOW)
    rows = OpinionGroup.objects.filter(consultation=found)
    return {frozenset(row.opinions.values_list("text", flat=True)) for row in rows}


# -- What is alike ---------------------------------------------------------------------------------


def test_texts_that_say_the_same_come_together_the_largest_group_first():
    texts = [*PARKING, ALONE, *LIGHTS]
    groups = [{texts[place] for place in one.places} for one in groups_of(texts)]
    assert groups == [set(LIGHTS), set(PARKING)]


def test_the_same_texts_always_give_the_same_groups():
    texts = [*PARKING, ALONE, *LIGHTS]
    assert groups_of(texts) == groups_of(texts)


@pytest.mark.parametrize("texts", [[], ["只有一句"], ["甲乙丙", "丁戊己"]])
def test_where_nothing_is_shared_there_is_no_group(texts):
    assert groups_of(texts) == []


def test_what_a_group_shares_names_it():
    [lights] = groups_of(list(LIGHTS))
    assert any("路灯" in word or "太暗" in word or "声控" in word for word in lights.words)
    assert len(lights.words) <= 5


# -- The host --------------------------------------------------------------------------------------


def test_groups_are_made_of_shown_opinions_and_most_opinions_are_in_none(found):
    said(found, [*LIGHTS, *PARKING, ALONE])
    assert grouped(found) == {frozenset(LIGHTS), frozenset(PARKING)}
    sizes = OpinionGroup.objects.order_by("-size").values_list("size", flat=True)
    assert list(sizes) == [3, 2]


def test_searching_again_takes_in_what_came_since_and_makes_nothing_twice(found):
    said(found, LIGHTS[:2])
    assert grouped(found) == {frozenset(LIGHTS[:2])}
    said(found, LIGHTS[2:])
    assert grouped(found) == {frozenset(LIGHTS)}
    assert OpinionGroup.objects.count() == 1


def test_what_the_host_has_put_somewhere_stays_there(found):
    host = found.place_of_test.host
    rows = said(found, [*LIGHTS, ALONE])
    mine = grouping.put_into(rows[0], None, title="灯", by=host, at=NOW)
    grouping.put_into(rows[3], mine, by=host, at=NOW)
    assert grouped(found) == {frozenset({LIGHTS[0], ALONE}), frozenset(LIGHTS[1:])}
    grouping.put_into(rows[0], None, by=host, at=NOW)
    assert (again(rows[0]).group, OpinionGroup.objects.get(pk=mine.pk).size) == (None, 1)
    grouping.put_into(rows[3], None, by=host, at=NOW)
    assert not OpinionGroup.objects.filter(pk=mine.pk).exists()


def test_a_group_of_another_consultation_and_somebody_else_are_refused(found):
    [row] = said(found, [ALONE])
    other = make_open(found.place_of_test, code="other")
    [foreign] = said(other, [ALONE])
    host = found.place_of_test.host
    group = grouping.put_into(foreign, None, title="x", by=host, at=NOW)
    with pytest.raises(RuleViolation) as refusal:
        grouping.put_into(row, group, by=host, at=NOW)
    assert refusal.value.code == "group"
    for act in (
        lambda: grouping.group_alike(found, by=found.place_of_test.supervisor, at=NOW),
        lambda: grouping.put_into(row, None, title="x", by=ResidentFactory(), at=NOW),
        lambda: grouping.rename(group, title="x", by=ResidentFactory(), at=NOW),
    ):
        with pytest.raises(NotYours):
            act()
    assert again(row).group is None


def test_a_group_is_answered_at_once_and_each_author_is_told_once(found):
    host = found.place_of_test.host
    rows = said(found, LIGHTS)
    grouped(found)
    group = OpinionGroup.objects.get()
    made = answering.answer_group(group, outcome="partly", reason="先换十盏", by=host, at=NOW)
    assert {again(row).answer for row in rows} == {made}
    told = Message.objects.filter(kind="opinion-answered")
    assert sorted(told.values_list("to", flat=True)) == sorted(row.author_id for row in rows)
    with pytest.raises(RuleViolation) as refusal:
        answering.answer_group(group, outcome="not", reason="再答", by=host, at=NOW)
    assert refusal.value.code == "none"
