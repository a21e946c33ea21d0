"""Opinions keep a stage until they are looked at and answered; erasing an account."""

import pytest

from consultation.services import (
    answering,
    moderating,
    opinion_files,
    opinion_gates,
)
from consultation.services import stages as way
from lib.chain import first_break
from lib.errors import RuleViolation
from organizations.services import residents
from tests.consultation.test_opinions import png, tally
from tests.factories.consultation import fresh
from tests.factories.opinions import (
    NONE,
    NOW,
    again,
    make_open,
    say,
    say_unsigned,
)
from tests.factories.residents import ResidentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def found():
    return make_open()


def test_opinions_keep_a_stage_until_they_are_looked_at_and_the_result_until_answered():
    found = make_open(level=NONE)
    host = found.place_of_test.host
    said, waiting = say(found), say_unsigned(found)
    with pytest.raises(RuleViolation) as refusal:
        way.advance(found, by=host, at=NOW)
    assert refusal.value.code == "opinions_wait"
    moderating.hide(waiting, reason="advert", by=host, at=NOW)
    way.advance(found, by=host, at=NOW)
    with pytest.raises(RuleViolation) as refusal:
        way.advance(fresh(found), by=host, at=NOW)
    assert refusal.value.code == "opinions_unanswered"
    answering.answer(fresh(found), [said.pk], outcome="adopted", reason="采纳", by=host, at=NOW)
    way.advance(fresh(found), by=host, at=NOW)
    assert fresh(found).stage.key == "execution"
    assert first_break(found.events.order_by("number")) is None


def test_the_gates_stand_in_the_table_once():
    from consultation.services.gates import GATES

    opinion_gates.register()
    assert GATES["opinions"].count(opinion_gates.all_released) == 1
    assert GATES["result"].count(opinion_gates.all_answered) == 1


def test_erasing_an_account_takes_names_and_confidences_and_leaves_counts_and_chain(found):
    person = ResidentFactory(registered=True)
    shown = say(found, "公开的话", by=person)
    secret = say(
        found,
        "只给主持人的话",
        by=person,
        is_confidential=True,
        files=[*opinion_files.prepare([png()])],
    )
    before = tally(found)
    assert len(residents.export(person, at=NOW)["opinions"]) == 2
    residents.erase(person, at=NOW)
    assert (again(shown).public_text, again(shown).shown_as) == ("公开的话", "")
    assert (again(secret).text, again(secret).files.count()) == ("", 0)
    assert tally(found) == before
    assert first_break(found.events.order_by("number")) is None
