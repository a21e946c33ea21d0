"""Commitments: gates of the stage, whole histories, what the database refuses, who sees what."""

import pytest
from django.db import IntegrityError, connection, transaction

from consultation.models import (
    Commitment,
    ResultRating,
)
from consultation.services import carrying, committing, gates
from lib.chain import first_break
from tests.factories import commitments as made
from tests.factories import consultation as makers
from tests.factories.commitments import COST
from tests.factories.organizations import UserFactory
from tests.factories.projects import AT, make_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return make_town()


def test_the_stage_is_not_left_before_the_result_is_answered_and_promises_are_kept(town):
    found = made.with_result(town)
    assert "not_answered" in codes(found)
    committing.adopt(found, verdict="adopted", reasons="x", to_dissent="x", by=town.host, at=AT)
    one = made.promised(town, consultation=found)
    assert "promises_open" in codes(found)
    committing.drop(one, note="x", by=town.host, at=AT)
    assert codes(found).isdisjoint({"not_answered", "promises_open"})


def codes(consultation):
    stage = makers.fresh(consultation).stage
    return {refusal.code for refusal in gates.refusals(stage, at=AT)}


def test_the_history_is_whole_and_tells_every_step(town):
    one = made.done(town, money=made.money(town), actual=COST)
    assert first_break(one.events.order_by("number")) is None
    assert [event.move for event in one.events.order_by("number")] == [
        "promise", "reserve", "begin", "photo", "report", "confirm",
    ]  # fmt: skip


@pytest.mark.parametrize("table", ["adoption", "commitmentevent"])
def test_what_was_published_stays(town, table):
    made.promised(town)
    for statement in (f"UPDATE consultation_{table} SET by_id = 1",
                      f"DELETE FROM consultation_{table}"):  # fmt: skip
        with (
            pytest.raises(IntegrityError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.parametrize(
    "change",
    ["share = 101", "state = 'done'", "due_on = '2020-01-01'", "consultation_id = NULL",
     "state = 'running'", "actual = -1"],
)  # fmt: skip
def test_the_database_refuses_what_makes_no_sense(town, change):
    one = made.promised(town)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE consultation_commitment SET {change} WHERE id = %s", [one.pk])


def test_a_person_has_one_rating_by_the_database(town):
    one = made.done(town)
    ResultRating.objects.create(commitment=one, person=town.resident, stars=5, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        ResultRating.objects.create(commitment=one, person=town.resident, stars=1, at=AT)


def test_numbers_of_people_do_not_stand_in_what_everybody_reads(town):
    found = made.with_result(town)
    committing.adopt(
        found, verdict="adopted", reasons="联系 13812345678", to_dissent="致电 13812345678",
        by=town.host, at=AT,
    )  # fmt: skip
    one = made.promised(town, consultation=found, text="找 13812345678")
    one = carrying.begin_work(one, by=town.head, at=AT, note="电话 13812345678")
    said = [one.text, found.adoptions.get().reasons, found.adoptions.get().to_dissent]
    said += [event.note for event in one.events.all()]
    assert "13812345678" not in "".join(said)


def test_it_is_seen_by_its_body_its_place_and_who_pays_not_by_strangers(town):
    one = made.promised(town, money=made.money(town))

    def seen(person):
        return Commitment.objects.visible_to(person, on=AT.date()).filter(pk=one.pk).exists()

    for person in (town.head, town.host, town.supervisor, town.secretary, town.maker):
        assert seen(person)
    for person in (town.stranger, town.resident, UserFactory()):
        assert not seen(person)
