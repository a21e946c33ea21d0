"""Chains, notes beside them, daily roots: every falsification is found and named."""

import pytest
from django.core.management import CommandError, call_command

from cases import services
from cases.models import Case, CaseEvent, ChainRoot, EventNote
from cases.services.history import Break, verify_history
from tests.factories import cases as make
from tests.factories.cases import MONDAY, later
from tests.triggers import without_triggers


@pytest.fixture
def case(town):
    return make.rework(town)


def breaks(**which):
    return list(verify_history(**which))


def falsify(rows, **changes):
    with without_triggers():
        rows.update(**changes)


def test_what_was_written_holds(case, capsys):
    assert breaks() == []
    call_command("verify_history")
    assert "6" in capsys.readouterr().out


def test_a_changed_event_is_found(case):
    falsify(CaseEvent.objects.filter(case=case, number=3), at=later(days=9))
    assert breaks() == [Break(case.number, 3, "event")]
    with pytest.raises(CommandError):
        call_command("verify_history", case.number)


def test_an_event_taken_out_is_found(case):
    rows = CaseEvent.objects.filter(case=case, number=3)
    with without_triggers():
        EventNote.objects.filter(event__in=rows).delete()
        rows._raw_delete(rows.db)
    assert breaks() == [Break(case.number, 4, "event")]


def test_a_cut_off_end_is_found(case):
    rows = CaseEvent.objects.filter(case=case, number=case.version)
    with without_triggers():
        EventNote.objects.filter(event__in=rows).delete()
        rows._raw_delete(rows.db)
    assert breaks() == [Break(case.number, 0, "head")]


def test_a_case_without_any_history_is_found(town):
    case = make.filed(town)
    with without_triggers():
        CaseEvent.objects.all()._raw_delete("default")
    assert breaks() == [Break(case.number, 0, "head")]


def test_changed_words_are_found_and_erased_ones_are_no_break(case):
    note = EventNote.objects.get(event__case=case, event__move="fail")
    EventNote.objects.filter(pk=note.pk).update(text="别的话")
    assert breaks() == [Break(case.number, note.event.number, "note")]
    EventNote.objects.filter(pk=note.pk).update(text="", salt="")
    assert breaks() == []


def test_a_day_has_one_root(case):
    day = MONDAY.date()
    root = services.make_daily_root(day, at=later(days=1))
    assert (root.events, len(root.root)) == (6, 64)
    assert services.make_daily_root(day, at=later(days=2)) == root
    assert breaks() == []


def test_a_root_that_is_not_of_its_events_is_found(case):
    services.make_daily_root(MONDAY.date(), at=later(days=1))
    falsify(ChainRoot.objects, root="0" * 64)
    assert breaks() == [Break("2026-11-23", 0, "root")]


def test_named_cases_are_checked_alone(town, case):
    other = make.filed(town)
    falsify(CaseEvent.objects.filter(case=case, number=1), at=later(days=9))
    assert breaks(numbers=[other.number]) == []
    assert breaks(numbers=[case.number]) == [Break(case.number, 1, "event")]


def test_a_note_stands_beside_the_chain(case):
    event = CaseEvent.objects.get(case=case, move="fail")
    assert "没有盖严" not in str(event.record())
    assert event.note_row.text == "没有盖严"
    assert len(event.note_digest) == 64


def test_the_chain_holds_no_word_of_the_report(town):
    case = make.submitted(town, reporter_name="张三丰")
    record = str(CaseEvent.objects.get(case=case).record())
    assert not {"井盖", "张三丰"} & {word for word in ("井盖", "张三丰") if word in record}
    assert Case.objects.get().reporter.name == "张三丰"
