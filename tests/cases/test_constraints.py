"""What the database itself refuses, whoever asks."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from cases import services
from cases.models import Case, CaseEvent, ChainRoot, Photo, Request, Task
from cases.services import make_daily_root
from lib.triggers import triggers_of
from tests.factories import cases as make
from tests.factories.cases import MONDAY, later, photo


def refuses(rows, constraint, **changes):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        rows.update(**changes)
    return constraint in str(error.value)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("case_open_lies_on_a_desk", {"ended_at": MONDAY}),
        ("case_desk_matches_state", {"desk": "handler"}),
        ("case_router_owes_a_try", {"route_at": None}),
        ("case_with_department_has_desk_and_limits", {"state": "dispatched", "desk": "handler"}),
        ("case_point_is_whole", {"lat": None}),
        ("case_public_text_is_confirmed", {"public_text": "公开"}),
    ],
)
def test_a_waiting_case(town, constraint, changes):
    case = make.filed(town)
    assert refuses(Case.objects.filter(pk=case.pk), constraint, **changes)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("case_with_department_has_desk_and_limits", {"lead_post": None}),
        ("case_with_department_has_desk_and_limits", {"handle_due_at": None}),
        ("case_checked_by_another", {"checked_by": "handler"}),
        (
            "case_closed_by_a_check",
            {"state": "closed", "desk": "", "ended_at": MONDAY, "handled_by": None},
        ),
    ],
)
def test_a_case_with_a_department(town, constraint, changes):
    case = make.checking(town)
    changes = {key: town.handler if value == "handler" else value for key, value in changes.items()}
    assert refuses(Case.objects.filter(pk=case.pk), constraint, **changes)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("task_ends_with_its_state", {"state": "done"}),
        ("task_ends_with_its_state", {"ended_at": MONDAY}),
        ("task_work_comes_with_money", {"hold": None}),
        ("unfunded_says_why", {"unfunded": True}),
        ("task_done_is_paid_for", {"state": "done", "ended_at": MONDAY, "missing": 1}),
    ],
)
def test_a_task(town, constraint, changes):
    case = make.dispatched(town)
    assert refuses(Task.objects.filter(case=case), constraint, **changes)


def test_a_case_has_one_open_lead_task(town):
    task = Task.objects.get(case=make.dispatched(town))
    task.pk, task.hold, task.estimate = None, None, 0
    with pytest.raises(IntegrityError), transaction.atomic():
        task.save(force_insert=True)


def test_an_import_comes_once(town):
    make.filed(town, origin_system="a", origin_number="1")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.filed(town, origin_system="a", origin_number="1")
    make.filed(town, origin_system="b", origin_number="1")


def test_a_photo_stands_once_in_a_case(town):
    case = make.filed(town, photos=[photo()])
    row = Photo.objects.get(case=case)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_history_is_neither_changed_nor_deleted(town):
    make.filed(town)
    make_daily_root(MONDAY.date(), at=later(days=1))
    for rows in (CaseEvent.objects.all(), ChainRoot.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**({"move": "x"} if rows.model is CaseEvent else {"events": 0}))
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)


def test_the_fact_of_a_lateness_is_guarded_by_the_database_itself(db):
    """A migration that rebuilds the table on SQLite must bring its trigger back."""
    assert "cases_case_late_stays" in triggers_of(connection, "cases_case")


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("case_suspended_since", {"suspended_at": MONDAY}),
        ("case_merged_into_another", {"state": "merged", "desk": "", "ended_at": MONDAY}),
        ("case_exempt_from_a_timeout", {"timeout_exempt": True}),
        ("case_extended_twice_at_most", {"extensions": 3}),
    ],
)
def test_what_the_newer_moves_leave(town, constraint, changes):
    case = make.handling(town)
    assert refuses(Case.objects.filter(pk=case.pk), constraint, **changes)


def test_a_case_is_neither_its_own_part_nor_kept_for_itself(town):
    case = make.handling(town)
    own = "case_is_not_its_own_relative"
    assert refuses(Case.objects.filter(pk=case.pk), own, parent=case.pk)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("request_granted_twice", {"state": "granted"}),
        ("request_suspension_has_an_end", {"until": MONDAY}),
        ("request_first_review_is_whole", {"first_at": MONDAY}),
        ("request_second_review_follows", {"second_at": MONDAY, "second_granted": True}),
    ],
)
def test_a_request(town, constraint, changes):
    case = make.handling(town)
    services.ask_extension(case, by=town.handler, at=later(minutes=20), note="缺配件")
    assert refuses(Request.objects.filter(case=case), constraint, **changes)
