"""Project calls: what the database refuses by itself, and who sees what."""

import pytest
from django.db import IntegrityError, connection, transaction

from consultation.models import (
    Idea,
)
from consultation.services import projects as services
from lib.chain import first_break
from lib.roles import Role
from tests.factories import projects as made
from tests.factories.organizations import PostFactory, UserFactory
from tests.factories.projects import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return made.make_town()


def attacked(statement, *values):
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)


@pytest.mark.parametrize(
    "change",
    ["budget = budget + 1", "most_choices = 9", "votes_until = '2030-01-01'",
     "way = 'deliberation'", "least_level = 3", "opened_at = NULL", "line_id = line_id + 1"],
)  # fmt: skip
def test_the_rules_of_a_vote_are_frozen(town, change):
    call, _ideas = made.voting(town)
    attacked(f"UPDATE consultation_projectcall SET {change} WHERE id = %s", call.pk)


@pytest.mark.parametrize(
    "change", ["estimate = 1", "public_title = 'x'", "state = 'refused'", "state = 'merged'"]
)
def test_what_is_voted_on_is_frozen(town, change):
    _call, ideas = made.voting(town)
    attacked(f"UPDATE consultation_idea SET {change} WHERE id = %s", ideas[0].pk)


def test_no_second_sheet_no_slot_beyond_the_cap_nothing_of_another_call(town):
    call, ideas = made.voting(town)
    sheet = made.vote(call, ideas[:1], town.resident)
    attacked(
        "INSERT INTO consultation_votersheet (call_id, person_id, at) VALUES (%s, %s, %s)",
        call.pk, town.resident.pk, sheet.at,
    )  # fmt: skip
    choice = "INSERT INTO consultation_choice (sheet_id, slot, idea_id) VALUES (%s, %s, %s)"
    attacked(choice, sheet.pk, 3, ideas[1].pk)
    attacked(choice, sheet.pk, 1, ideas[1].pk)
    attacked(choice, sheet.pk, 2, ideas[0].pk)
    _other, [strange] = made.screening(town, costs=(100,))
    attacked(choice, sheet.pk, 2, strange.pk)


def test_after_the_end_no_sheet_comes_none_goes_and_none_changes(town):
    call, ideas = made.decided(town)
    sheet = call.sheets.first()
    attacked(
        "INSERT INTO consultation_votersheet (call_id, person_id, at) VALUES (%s, %s, %s)",
        call.pk, UserFactory().pk, call.opened_at,
    )  # fmt: skip
    attacked("DELETE FROM consultation_choice WHERE sheet_id = %s", sheet.pk)
    attacked("UPDATE consultation_choice SET idea_id = %s", ideas[2].pk)
    attacked("DELETE FROM consultation_votersheet WHERE id = %s", sheet.pk)


@pytest.mark.parametrize("table", ["ideascreening", "projectcallevent"])
def test_history_stays(town, table):
    made.idea(town, made.collecting(town))
    attacked(f"UPDATE consultation_{table} SET move = 'x'")
    attacked(f"DELETE FROM consultation_{table}")


def test_the_histories_are_whole(town):
    call, ideas = made.decided(town)
    assert first_break(call.events.order_by("number")) is None
    for one in ideas:
        assert first_break(one.screenings.order_by("number")) is None


# -- Who sees what ----------------------------------------


def test_an_idea_is_seen_by_its_author_and_those_who_work_on_it_until_it_is_public(town):
    one = made.idea(town, made.collecting(town))
    on = AT.date()

    def seen(person):
        return Idea.objects.visible_to(person, on=on).filter(pk=one.pk).exists()

    elsewhere = PostFactory(role=Role.CONSULTATION_HOST).person
    assert seen(town.resident)
    assert seen(town.host)
    assert not seen(town.residents[1])
    assert not seen(elsewhere)
    services.admit_idea(one, reason="好", by=town.host, at=AT)
    assert seen(elsewhere)
