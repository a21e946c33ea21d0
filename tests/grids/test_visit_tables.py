"""What the tables of visits and their database refuse, and who sees what."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from grids import services
from grids.models import (
    VisitForm,
    VisitRule,
)
from grids.reach import plans_of_visitor, plans_seen_by, targets_seen_by, visits_seen_by
from grids.services import Found
from grids.services.visit_drawing import draw_states
from grids.visit_workflow import FINDING_MOVES, VISIT_MOVES
from lib.errors import NotYours, RuleViolation
from lib.roles import Role
from lib.workflow import arrows
from tests.factories import visits as made
from tests.factories.grids import TerritoryFactory
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db):
    return made.visited_town()


def test_the_table_of_visits_is_this():
    assert arrows(VISIT_MOVES) == {
        ("correct", "made", "made", "visitor"),
        ("correct", "made", "made", "community"),
        ("amend", "made", "made", "visitor"),
        ("amend", "made", "made", "community"),
        ("void", "made", "void", "community"),
    }


def test_the_table_of_findings_is_this():
    both = ("visitor", "community")
    assert arrows(FINDING_MOVES) == {
        *(("hand_over", "open", "waiting", who) for who in both),
        ("give_back", "waiting", "open", "visitor"),
        *(("claim", one, "case", who) for one in ("open", "waiting") for who in both),
        *(("resolve", one, "resolved", who) for one in ("open", "waiting") for who in both),
        *(("drop", "open", "dropped", who) for who in both),
    }


def test_private_visits_are_read_by_the_grid_and_the_community_only(town):
    care = made.kind_of("person", code="care", every=7)
    person = made.target_in(town.grid, kind="person", name="张奶奶")
    made.planned(care, person)
    made.make(person, care, by=town.worker, key="private")
    made.make(town.home, town.kind, by=town.worker, key="open")
    on = timezone.localdate()
    seen = {
        name: (
            visits_seen_by(getattr(town, name), on=on).count(),
            targets_seen_by(getattr(town, name), on=on).filter(kind="person").count(),
            plans_seen_by(getattr(town, name), on=on).count(),
        )
        for name in ("worker", "secretary", "supervisor", "handler", "resident")
    }
    assert seen == {
        "worker": (2, 1, 2), "secretary": (2, 1, 2), "supervisor": (1, 0, 1),
        "handler": (0, 0, 0), "resident": (0, 0, 0),
    }  # fmt: skip
    far = PostFactory(body=town.centre, role=Role.GRID_WORKER).person  # for the whole town
    assert visits_seen_by(far, on=on).count() == 1
    assert plans_of_visitor(town.supervisor, on=on).count() == 0


@pytest.mark.parametrize("table", ["grids_visitevent", "grids_visitform"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET number = 9", "DELETE FROM {}"])
def test_history_and_forms_are_append_only(town, table, verb):
    made.make(town.home, town.kind, by=town.worker)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grids_visit SET lon = NULL",
        "UPDATE grids_visit SET lon = NULL, lat = NULL, far_reason = ''",
        "UPDATE grids_finding SET state = 'case'",
        "UPDATE grids_finding SET state = 'resolved'",
        "UPDATE grids_finding SET text = ''",
        "UPDATE grids_finding SET case_key = '1'",
        "UPDATE grids_visittarget SET kind = 'person'",
        "UPDATE grids_visitkind SET target_kind = 'person'",
        "UPDATE grids_visitrule SET every_days = 0",
        "UPDATE grids_visitplan SET every_days = 0",
    ],
)
def test_the_database_refuses_what_cannot_be(town, statement):
    made.make(town.home, town.kind, by=town.worker, findings=[Found("x")])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_one_rule_for_everywhere_at_a_time(town):
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitRule.objects.create(kind=town.kind, every_days=3, valid_from=made.LONG_AGO)


def test_a_form_needs_questions_with_choices_and_different_keys(town):
    at = timezone.now()
    one = {"key": "a", "label": "a", "type": "text"}
    for bad in (
        [],
        [one, one],
        [{**one, "type": "choice", "choices": ["x"]}],
        [{**one, "type": "?"}],
    ):
        with pytest.raises(RuleViolation):
            services.publish_form(town.kind, bad, by=town.committee, at=at)
    with pytest.raises(RuleViolation) as refusal:
        services.publish_form(town.kind, made.QUESTIONS, by=town.committee, at=at)
    assert refusal.value.code == "same"
    assert VisitForm.objects.count() == 1


def test_a_grid_elsewhere_is_not_mine(town):
    other = TerritoryFactory(parent=TerritoryFactory(community=True, parent=town.place))
    target = made.target_in(other)
    with pytest.raises(NotYours):
        made.make(target, town.kind, by=town.worker)


def test_the_page_of_states_is_what_the_tables_say():
    page = Path(settings.BASE_DIR) / "docs" / "visit-states.md"
    assert page.read_text(encoding="utf-8") == draw_states(), "run manage.py visit_states"
