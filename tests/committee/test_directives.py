"""Directives: given out, worked on with proof, reported back, confirmed by others."""

import datetime
import io

import pytest
from django.db import IntegrityError, transaction

from committee.models import Directive, Progress, Proof
from committee.services import attending, directives, meetings
from lib.chain import first_break
from lib.errors import NotYours, RuleViolation, WrongState
from lib.roles import Role
from organizations.models import Message, User
from tests.factories import committee as make
from tests.factories.cases import photo
from tests.factories.organizations import PostFactory, UserFactory

AT, HELD = make.AT, make.HELD
LATER = HELD + 20 * make.DAY


def refused(act, code):
    with pytest.raises(RuleViolation) as refusal:
        act()
    assert refusal.value.code == code


def test_a_decision_becomes_a_task_and_its_owner_is_told(chain):
    row = make.issued(chain)
    assert (row.state, row.body, row.owner) == ("issued", chain.branch, str(chain.office))
    assert Message.objects.get(kind="directive-issued").to == chain.head
    assert row.decision.item.meeting.events.last().facts == {"directive": row.pk}


@pytest.mark.parametrize(("values", "code"), [
    ({"body": None}, "one_owner"), ({"measure": " "}, "no_measure"), ({"title": ""}, "no_measure"),
    ({"due_on": HELD.date()}, "in_the_past"), ({"verb": "ask"}, "no_verb"),
])  # fmt: skip
def test_a_task_needs_owner_day_and_measure(chain, values, code):
    decision = make.decided(chain)
    refused(lambda: make.issued(chain, decision, **values), code)
    assert not Directive.objects.exists()


def test_a_task_has_one_owner_only(chain):
    decision = make.decided(chain)
    post = PostFactory(role=Role.HANDLER, body=chain.office)
    refused(lambda: make.issued(chain, decision, post=post), "one_owner")
    row = make.issued(chain, decision, body=None, post=post)
    assert directives.accept(row, by=post.person, at=HELD).state == "working"


def test_only_who_keeps_the_meeting_gives_tasks(chain):
    decision = make.decided(chain)
    with pytest.raises(NotYours):
        directives.issue(decision, make.wanted(chain), by=chain.people[2], at=HELD)


def test_an_organisation_works_through_its_instructor(chain):
    from committee.services import two_new

    row = make.organisation(chain)
    person = UserFactory()
    two_new.send_instructor(
        row, person, since=AT.date(), until=AT.date() + datetime.timedelta(days=365),
        by=chain.secretary, at=AT,
    )  # fmt: skip
    task = make.issued(chain, body=None, organisation=row)
    assert Message.objects.get(kind="directive-issued").to == person
    assert directives.accept(task, by=person, at=HELD).state == "working"
    with pytest.raises(NotYours):
        directives.add_progress(task, percent=1, text="x", by=chain.head, at=HELD)


def test_progress_is_kept_with_its_proof(chain):
    row = make.working(chain)
    entry = directives.add_progress(
        row, percent=60, text="已清理", by=chain.head, at=HELD,
        files=[make.paper(), (photo("teal", (64, 48)), "after.jpg")],
    )  # fmt: skip
    row.refresh_from_db()
    assert row.percent == 60
    assert [one.mime for one in entry.proofs.order_by("pk")] == ["application/pdf", "image/jpeg"]
    facts = row.events.last().facts
    assert facts["proofs"] == [one.sha256 for one in entry.proofs.order_by("pk")]


def test_what_is_no_paper_is_refused_and_nothing_changes(chain):
    row = make.working(chain)
    act = lambda **values: directives.add_progress(  # noqa: E731
        row, **{"percent": 5, "text": "x", **values}, by=chain.head, at=HELD
    )
    refused(lambda: act(files=[(io.BytesIO(b"MZ..."), "x.exe")]), "bad_upload")
    refused(lambda: act(percent=101), "percent")
    refused(lambda: act(text=" "), "no_text")
    refused(lambda: act(files=[make.paper()] * 7), "too_many")
    assert not Progress.objects.exists()
    assert not Proof.objects.exists()


def test_nothing_is_reported_without_proof(chain):
    row = make.working(chain)
    directives.add_progress(row, percent=90, text="x", by=chain.head, at=HELD)
    refused(lambda: directives.report_back(row, by=chain.head, at=HELD), "no_proof")


def test_the_report_is_told_to_who_leads_and_confirmed_by_him(chain):
    row = make.reported(chain)
    assert Message.objects.get(kind="directive-reported").to == chain.people[0]
    done = directives.confirm(row, by=chain.secretary, at=HELD)
    assert (done.state, done.confirmed_by, done.confirmed_in) == ("done", chain.secretary, None)
    assert Message.objects.get(kind="directive-done").to == chain.head


def test_the_owner_never_confirms_even_where_he_leads(chain):
    PostFactory(role=Role.PARTY_SECRETARY, body=chain.committee, person=chain.head)
    chain.head = User.objects.get(pk=chain.head.pk)
    row = make.reported(chain)
    with pytest.raises(NotYours):
        directives.confirm(row, by=chain.head, at=HELD)
    assert Directive.objects.get().state == "reported"


def test_open_tasks_stand_on_the_next_agenda_and_the_meeting_confirms_them(chain):
    row = make.reported(chain)
    at = HELD + 5 * make.DAY
    following = make.planned(chain, at=HELD, starts=at)
    item = following.items.get()
    assert item.source == ("committee.directive", str(row.pk))
    meetings.call_meeting(following, by=chain.people[0], at=HELD)
    for person in chain.people[:4]:
        attending.check_in(make.seat(following, person), by=person, at=at)
    meetings.open_meeting(following, by=chain.people[0], at=at)
    done = directives.confirm(row, by=chain.people[0], at=at)
    item.refresh_from_db()
    assert (done.confirmed_in, item.outcome) == (following, "noted")


def test_ended_tasks_stand_on_no_agenda(chain):
    directives.confirm(make.reported(chain), by=chain.secretary, at=HELD)
    assert not make.planned(chain, at=HELD, starts=HELD + make.DAY).items.exists()


def test_a_report_is_sent_back_with_a_reason(chain):
    row = make.reported(chain)
    refused(
        lambda: directives.send_back(row, reason="", by=chain.secretary, at=HELD),
        "reason_missing",
    )
    back = directives.send_back(row, reason="还有三处", by=chain.secretary, at=HELD)
    assert (back.state, back.reported_by) == ("working", None)
    assert Message.objects.get(kind="directive-returned").params["reason"] == "还有三处"


def test_more_time_is_given_with_a_reason_and_a_later_day(chain):
    row = make.working(chain)
    act = lambda due: directives.extend(  # noqa: E731
        row, due_on=due, reason="雨季", by=chain.secretary, at=HELD
    )
    refused(lambda: act(row.due_on), "due")
    later = row.due_on + datetime.timedelta(days=5)
    assert act(later).due_on == later
    with pytest.raises(NotYours):
        directives.extend(row, due_on=LATER.date(), reason="x", by=chain.head, at=HELD)


def test_a_task_is_dropped_with_a_reason(chain):
    done = directives.drop(make.issued(chain), reason="并入另案", by=chain.secretary, at=HELD)
    assert (done.state, done.events.last().note) == ("dropped", "并入另案")
    with pytest.raises(WrongState):
        directives.accept(done, by=chain.head, at=HELD)


def test_overdue_is_told_once_for_each_date(chain):
    row = make.issued(chain)
    system = User.objects.system()
    assert directives.warn_overdue(by=system, at=HELD) == 0
    assert directives.warn_overdue(by=system, at=LATER) == 1
    assert directives.warn_overdue(by=system, at=LATER) == 0
    told = set(Message.objects.filter(kind="directive-overdue").values_list("to", flat=True))
    assert told == {chain.head.pk, chain.people[0].pk}
    assert list(Directive.objects.overdue(LATER.date())) == [row]
    due = (LATER + make.DAY).date()
    directives.extend(row, due_on=due, reason="x", by=chain.secretary, at=LATER)
    assert directives.warn_overdue(by=system, at=LATER + 5 * make.DAY) == 1


def test_visibility(chain):
    make.issued(chain)
    seen = lambda who: Directive.objects.visible_to(who, on=HELD.date()).exists()  # noqa: E731
    people = (
        chain.secretary,
        chain.people[4],
        chain.clerk,
        chain.head,
        chain.worker,
        UserFactory(),
    )
    assert [seen(who) for who in people] == [True, True, True, True, False, False]


def test_the_history_is_whole(chain):
    row = directives.confirm(make.reported(chain), by=chain.secretary, at=HELD)
    events = list(row.events.order_by("number"))
    assert [one.move for one in events] == ["issue", "accept", "progress", "report", "confirm"]
    assert first_break(events) is None


RAW = {
    "directive_has_one_owner": {"owner_body": None},
    "directive_done_by_another_word": {"state": "done", "ended_at": HELD},
    "directive_ended_or_not": {"ended_at": HELD},
    "directive_is_measured": {"measure": ""},
    "directive_percent": {"percent": 101},
}


@pytest.mark.parametrize("name", RAW)
def test_the_database_refuses_what_no_service_writes(chain, name):
    row = make.reported(chain)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Directive.objects.filter(pk=row.pk).update(**RAW[name])


def test_the_database_refuses_a_report_of_nobody_and_confirming_ones_own(chain):
    row = make.reported(chain)
    own = {"state": "done", "ended_at": HELD, "confirmed_by": chain.head}
    for change in (own, {"reported_by": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Directive.objects.filter(pk=row.pk).update(**change)


@pytest.mark.parametrize("model", [Progress, Proof])
def test_progress_is_never_rewritten(chain, model):
    make.reported(chain)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.all().delete()
