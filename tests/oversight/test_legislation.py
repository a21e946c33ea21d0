"""Legislation: stages with their days, a draft commented on and answered, evidence, who may."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import Error, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from consultation.services import answering
from lib.errors import RuleViolation
from lib.workflow import arrows
from organizations.models import User
from oversight.legislation_workflow import MOVES
from oversight.models import Evidence, Legislation, LegislationLimit, LegislationStep
from oversight.services import legislating
from oversight.services.legislating import Proposed
from oversight.services.legislation_drawing import draw_states
from oversight.services.legislation_reference import load_limits
from tests.factories import cases as stages
from tests.factories import legislation as make
from tests.factories.legislation import BEFORE_COMMENTS, DAY
from tests.factories.opinions import NOW, make_open, say
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db
WRITTEN = """
amend assessed amended officer
amend effective amended officer
amend recorded amended officer
announce approved announced officer
approve passed_law approved officer
assess effective assessed officer
assess recorded assessed officer
bring commenting executive officer
consult drafting commenting officer
draft scheduled drafting officer
enter announced effective officer
justify suggested justified officer
pass second passed_law officer
pass third passed_law officer
plan justified planned officer
read_first submitted first officer
read_second first second officer
read_third second third officer
record effective recorded officer
redraft commenting drafting officer
redraft executive drafting officer
redraft first drafting officer
redraft second drafting officer
repeal assessed repealed officer
repeal effective repealed officer
repeal recorded repealed officer
schedule justified scheduled officer
schedule planned scheduled officer
stop commenting stopped officer
stop drafting stopped officer
stop executive stopped officer
stop first stopped officer
stop justified stopped officer
stop planned stopped officer
stop scheduled stopped officer
stop second stopped officer
stop submitted stopped officer
stop suggested stopped officer
stop third stopped officer
submit executive submitted officer
"""


def refused(act, code):
    tables = (Legislation, LegislationStep, Evidence)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    with pytest.raises(RuleViolation) as refusal:
        act()
    assert refusal.value.code == code
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before


def test_the_table_says_what_is_written_here_and_nothing_else():
    wanted = {tuple(line.split()) for line in WRITTEN.strip().splitlines()}
    ends = {"amended", "repealed", "stopped"}
    found = arrows(MOVES)
    edits = {arrow for arrow in found if arrow[0] == "edit"}
    assert found - edits == wanted
    assert not {source for _name, source, _to, _actor in edits} & ends
    assert len(edits) == 17


def test_the_page_is_as_the_table_says():
    page = Path(settings.BASE_DIR) / "docs" / "legislation-states.md"
    assert page.read_text(encoding="utf-8") == draw_states(), "run manage.py legislation_states"


def test_a_draft_is_commented_on_answered_and_becomes_law():
    row, found = make.consulted()
    said = say(found, article=found.drafts.get().articles.first())
    late = NOW + 31 * DAY
    refused(lambda: make.moved(row, "bring", at=late), "unanswered")
    host = found.place_of_test.host
    answering.answer(found, [said.pk], outcome="adopted", reason="写入", by=host, at=NOW)
    row = make.moved(row, "bring", "submit", "read_first", "read_second", "pass", at=late)
    step = row.steps.get(ended_at=None)
    assert step.due_on == (late + 120 * DAY).date()
    row = make.moved(row, "approve", at=late)
    refused(lambda: make.moved(row, "announce", at=late), "no_day")
    begins = (late + 30 * DAY).date()
    row = make.moved(row, "announce", at=late, due_on=begins)
    refused(lambda: make.moved(row, "enter", at=late), "too_early")
    row = make.moved(row, "enter", "record", "assess", at=late + 30 * DAY)
    assert row.state == "assessed"
    assert row.steps.filter(ended_at=None).get().stage == "assessed"
    assert [step.stage for step in row.steps.order_by("pk")][:5] == [
        "suggested", "justified", "scheduled", "drafting", "commenting",
    ]  # fmt: skip


def test_comments_need_a_draft_and_last_long_enough():
    row = make.moved(make.begun(), *BEFORE_COMMENTS)
    refused(lambda: make.moved(row, "consult"), "no_draft")
    row = legislating.set_consultation(row, make_open(), by=row.made_by, at=NOW)
    refused(lambda: make.moved(row, "consult"), "no_draft")
    other, _found = make.consulted()
    refused(lambda: make.moved(other, "bring", at=NOW + 29 * DAY), "too_short")
    back = make.moved(other, "redraft", at=NOW + DAY, reason="意见分歧大")
    assert back.state == "drafting"


def test_one_file_for_one_consultation_that_has_begun():
    row, found = make.consulted()
    other = make.begun()
    refused(
        lambda: legislating.set_consultation(other, found, by=other.made_by, at=NOW),
        "consultation",
    )
    type(found).objects.filter(pk=found.pk).update(state="draft", started_at=None, stage=None)
    refused(lambda: legislating.set_consultation(row, found, by=row.made_by, at=NOW), "not_public")


def test_only_the_committee_of_the_body_moves_it():
    row = make.begun()
    for person in (UserFactory(), make.officer()):
        refused(lambda by=person: legislating.advance(row, "justify", by=by, at=NOW), "not_yours")
        refused(
            lambda by=person: legislating.begin_file(
                Proposed(title="x", subject="other", summary="x", body=row.body), by=by, at=NOW
            ),
            "not_yours",
        )
    second = make.officer(row.body)
    assert legislating.advance(row, "justify", by=second, at=NOW).state == "justified"


def test_what_is_said_of_a_file():
    row = make.begun()
    wrong = Proposed(title="x", subject="other", summary="x", body=make.officer().posts.get().body)
    refused(lambda: legislating.edit_file(row, wrong, by=row.made_by, at=NOW), "body")
    refused(lambda: make.begun(by=row.made_by, title=" "), "no_words")
    refused(lambda: make.moved(row, "stop"), "reason_missing")
    yesterday = (NOW - DAY).date()
    refused(lambda: make.moved(row, "justify", due_on=yesterday), "in_the_past")
    stopped = make.moved(row, "stop", reason="上位法将修改")
    assert (stopped.state, stopped.ended_at) == ("stopped", NOW)
    assert not stopped.steps.filter(ended_at=None).exists()


def test_cases_and_hot_topics_are_its_evidence(town):
    row, case = make.begun(), stages.handling(town)
    topic = stages.topic_of(case)
    given = {"by": row.made_by, "at": NOW}
    legislating.attach(row, case, note="收支不公开", **given)
    legislating.attach(row, topic, note="多人反映", **given)
    refused(lambda: legislating.attach(row, case, note="再", **given), "attached")
    refused(lambda: legislating.attach(row, case, note=" ", **given), "no_words")
    assert row.evidence.count() == 2
    with pytest.raises(ProtectedError):
        topic.delete()


def test_what_is_late_is_found():
    row = make.begun()
    make.moved(row, "justify", due_on=(NOW + DAY).date())
    assert not Legislation.objects.overdue((NOW + DAY).date()).exists()
    assert Legislation.objects.overdue((NOW + 2 * DAY).date()).get() == row


def test_limits_are_loaded_once(db):
    by = User.objects.system()
    assert load_limits(by=by, at=NOW) == LegislationLimit.objects.count() == 2
    assert load_limits(by=by, at=NOW) == 0


RAW = {
    "ended or not": "UPDATE oversight_legislation SET ended_at = made_at",
    "comments stand somewhere": "UPDATE oversight_legislation SET consultation_id = NULL",
    "a step ends later": """
        UPDATE oversight_legislationstep SET ended_at = '2000-01-01 00:00:00+00:00'
    """,
    "events stay": "DELETE FROM oversight_legislationevent",
    "evidence is one thing": "UPDATE oversight_evidence SET case_id = NULL",
    "a limit limits": """
        UPDATE oversight_legislationlimit SET least_days = NULL, most_days = NULL
    """,
}


@pytest.mark.parametrize("why", RAW)
def test_the_database_itself_refuses(town, why):
    row, _found = make.consulted()
    legislating.attach(row, stages.handling(town), note="x", by=row.made_by, at=NOW)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RAW[why])


def test_one_step_is_open():
    row = make.begun()
    with pytest.raises(IntegrityError), transaction.atomic():
        LegislationStep.objects.create(file=row, stage="planned", begun_at=NOW)
