"""Pages: what each person sees and can send, in both languages, at a constant cost."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from committee import tasks
from committee.models import Decision, Directive, Instructor, Meeting, Member, NewOrganisation
from committee.services import agenda, publishing, voting
from lib.registry import (
    Matter,
    MatterSource,
    agenda_sources,
    references,
    verb_sources,
    wordings,
)
from organizations.models import Message
from organizations.services.wishes import make_feed_address
from tests.factories import committee as make
from tests.factories.organizations import UserFactory


@pytest.fixture
def now():
    """Noon in Dongguan today, so that a meeting begins and ends on one day."""
    local = timezone.localtime()
    return local.replace(hour=12, minute=0, second=0, microsecond=0)


def go(client, person, name, *arguments, data=None, language="zh-hans", **more):
    client.force_login(person)
    client.cookies["django_language"] = language
    url = reverse(f"committee:{name}", args=arguments)
    if data is None:
        return client.get(url, more)
    return client.post(url, data)


def ok(client, person, name, *arguments, **more):
    answer = go(client, person, name, *arguments, **more)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def sent(client, person, name, *arguments, data):
    answer = go(client, person, name, *arguments, data=data)
    assert answer.status_code == 302, (name, answer.status_code, answer.content.decode()[-3000:])
    return answer


def pages(row):
    meeting = row["meeting"]
    return [
        ("overview",), ("bodies",), ("body", meeting.body_id), ("meetings",),
        ("meeting", meeting.pk), ("directives",), ("directive", row["task"].pk), ("coverage",),
        ("organisations",), ("organisation", row["organisation"].pk), ("verb", "advance"),
        ("published",), ("member_new", meeting.body_id), ("term_new", meeting.body_id),
        ("meeting_new", meeting.body_id), ("organisation_new",),
        ("publish", row["task"].decision_id), ("directive_new", row["task"].decision_id),
        *(("organisation_write", row["organisation"].pk, name)
          for name in ("edit", "close", "setup", "instructor", "activity")),
    ]  # fmt: skip


@pytest.fixture
def row(chain, now):
    at = now - 3 * make.DAY
    decision = make.decided(chain, make.sitting(chain, at=at), at=at)
    task = make.reported(chain, make.issued(chain, decision, at=at), at=at)
    meeting = make.confirmed(task.decision.item.meeting, chain, at=at)
    return {"task": task, "meeting": meeting, "organisation": make.organisation(chain)}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_shows_itself_to_the_secretary(chain, client, row, language):
    for name, *arguments in pages(row):
        text = ok(client, chain.secretary, name, *arguments, language=language)
        assert "<h1" in text


def test_strangers_are_told_nothing(chain, client, row):
    stranger = UserFactory()
    hidden = {"meeting", "body", "directive", "organisation"}
    for name, *arguments in pages(row):
        answer = go(client, stranger, name, *arguments)
        if name in hidden:
            assert answer.status_code == 404
        assert row["meeting"].title not in answer.content.decode()
        assert row["task"].title not in answer.content.decode()
    client.logout()
    assert client.get(reverse("committee:overview")).status_code == 302


def test_the_owner_reads_the_task_but_not_the_meeting(chain, client, row):
    ok(client, chain.head, "directive", row["task"].pk)
    assert go(client, chain.head, "meeting", row["meeting"].pk).status_code == 404


def test_a_meeting_is_planned_called_and_cancelled_by_forms(chain, client, now):
    start = timezone.localtime(now + 2 * make.DAY)
    plan = {
        "kind": chain.kind.pk, "title": "例会", "starts_at": f"{start:%Y-%m-%dT%H:%M}",
        "ends_at": f"{start + make.HOUR:%Y-%m-%dT%H:%M}", "place": "会议室",
        "chair": f"{chain.people[0].username} x", "recorder": chain.clerk.full_name,
    }  # fmt: skip
    sent(client, chain.secretary, "meeting_new", chain.branch.pk, data=plan)
    meeting = Meeting.objects.get()
    sent(client, chain.secretary, "meeting_edit", meeting.pk, data={**plan, "place": "二楼"})
    sent(client, chain.secretary, "agenda", meeting.pk, data={"title": "整治", "text": ""})
    sent(client, chain.secretary, "invite", meeting.pk, data={"person": chain.head.username})
    sent(client, chain.people[0], "meeting_move", meeting.pk, "call", data={})
    seat = make.seat(meeting, chain.people[1])
    sent(client, chain.people[1], "excuse", seat.pk, data={"reason": "出差"})
    sent(client, chain.secretary, "meeting_move", meeting.pk, "cancel", data={"reason": "台风"})
    meeting.refresh_from_db()
    assert (meeting.place, meeting.state) == ("二楼", "cancelled")


def test_a_refusal_stands_in_the_form(chain, client):
    answer = go(client, chain.secretary, "meeting_new", chain.branch.pk, data={"title": "x"})
    assert answer.status_code == 422
    data = {"person": chain.people[1].username, "standing": "full", "office": "none",
            "since": "2026-01-01"}  # fmt: skip
    answer = go(client, chain.secretary, "member_new", chain.branch.pk, data=data)
    assert (answer.status_code, Member.objects.count()) == (422, 5)
    assert "已是成员" in answer.content.decode()


def test_the_whole_sitting_by_forms(chain, client, now):
    at = now
    meeting = make.called(chain, at=at - 2 * make.DAY, starts=at)
    for person in chain.people[:3]:
        sent(client, person, "here", make.seat(meeting, person).pk, data={})
    sent(client, chain.people[0], "meeting_move", meeting.pk, "open", data={})
    item = meeting.items.get()
    sent(client, chain.clerk, "ballot_new", item.pk, data={"motion": "同意"})
    ballot = item.ballots.get()
    sent(client, chain.people[0], "voice", ballot.pk, make.seat(meeting, chain.people[0]).pk,
         data={"choice": "for"})  # fmt: skip
    for person in chain.people[1:3]:
        sent(client, chain.clerk, "voice", ballot.pk, make.seat(meeting, person).pk,
             data={"choice": "for"})  # fmt: skip
    text = ok(client, chain.clerk, "meeting", meeting.pk)
    assert "3票" in text
    sent(client, chain.clerk, "count", ballot.pk, data={})
    sent(client, chain.clerk, "decide", ballot.pk, data={"text": "开展整治", "basis": "条例"})
    decision = Decision.objects.get()
    day = (timezone.localdate() + datetime.timedelta(days=9)).isoformat()
    task = {"verb": "coordinate", "title": "整治", "measure": "零占道", "due_on": day,
            "body": chain.office.code}  # fmt: skip
    sent(client, chain.clerk, "directive_new", decision.pk, data=task)
    other = {**task, "body": "", "person": chain.head.username}
    sent(client, chain.clerk, "directive_new", decision.pk, data=other)
    assert Directive.objects.get(owner_post__isnull=False).owner_post.person == chain.head
    sent(client, chain.clerk, "minutes", meeting.pk, data={"text": "纪要"})
    sent(client, chain.people[0], "meeting_move", meeting.pk, "close", data={})
    sent(client, chain.people[0], "meeting_move", meeting.pk, "confirm", data={})
    words = {"title": "整治占道", "text": "会议通过整治方案。"}
    sent(client, chain.secretary, "publish", decision.pk, data=words)
    client.logout()
    shown = client.get(reverse("committee:published"), {"body": chain.branch.pk})
    assert "会议通过整治方案" in shown.content.decode()
    assert "整治占道" in client.get("/").content.decode()


def test_standing_aside_settling_and_taking_off_by_forms(chain, client, now):
    meeting = make.sitting(chain, at=now)
    item = meeting.items.get()
    seat = make.seat(meeting, chain.people[1])
    sent(client, chain.people[1], "aside", item.pk, seat.pk, data={"reason": "亲属"})
    assert item.recusals.get().reason == "亲属"
    sent(client, chain.clerk, "agenda", meeting.pk, data={"title": "其他"})
    other = meeting.items.exclude(pk=item.pk).get()
    sent(client, chain.clerk, "item_remove", other.pk, data={})
    sent(client, chain.clerk, "settle", item.pk, "deferred", data={})
    item.refresh_from_db()
    assert (item.outcome, meeting.items.count()) == ("deferred", 1)


def test_what_waits_is_put_on_the_agenda_once_and_only_if_it_is_seen(chain, client, now):
    matter = Matter("case", "7", "案卷七", None, now)
    agenda_sources.register(MatterSource("test:waiting", "测试", 1, lambda _user: [matter]))
    try:
        meeting = make.planned(chain, at=now, starts=now + make.DAY)
        assert "案卷七" in ok(client, chain.secretary, "overview")
        assert "案卷七" in ok(client, chain.secretary, "agenda", meeting.pk)
        sent(client, chain.secretary, "agenda", meeting.pk, data={"matter": "case|7"})
        sent(client, chain.secretary, "agenda", meeting.pk, data={"matter": "case|7"})
        assert meeting.items.get().source == ("case", "7")
        other = go(client, chain.secretary, "agenda", meeting.pk, data={"matter": "case|8"})
        assert other.status_code == 404
    finally:
        agenda_sources._entries.pop("test:waiting")


def test_the_page_of_a_verb_shows_what_others_do_towards_it(chain, client, row, now):
    matter = Matter("whistle", "1", "吹哨一", None, now)
    source = MatterSource("test:verb", "测试", 1, lambda _user: [matter], "mobilise")
    verb_sources.register(source)
    try:
        assert "吹哨一" in ok(client, chain.secretary, "verb", "mobilise")
        assert "吹哨一" not in ok(client, chain.secretary, "verb", "advance")
    finally:
        verb_sources._entries.pop("test:verb")
    assert row["task"].title in ok(client, chain.secretary, "verb", "advance")
    assert go(client, chain.secretary, "verb", "nothing").status_code == 404


def test_every_source_of_other_apps_answers(chain):
    assert len(list(agenda_sources)) >= 8
    for source in [*agenda_sources, *verb_sources]:
        rows = list(source.rows(chain.secretary))
        references.resolve([(one.kind, one.key) for one in rows], chain.secretary)
        assert all(isinstance(one, Matter) for one in rows)


def test_a_task_is_worked_on_by_forms(chain, client, now):
    at = now - make.DAY
    task = make.issued(chain, make.decided(chain, make.sitting(chain, at=at), at=at), at=at)
    sent(client, chain.head, "directive_move", task.pk, "accept", data={})
    paper = SimpleUploadedFile("proof.pdf", make.PDF, "application/pdf")
    sent(client, chain.head, "progress", task.pk,
         data={"percent": 100, "text": "完成", "proofs": [paper]})  # fmt: skip
    proof = task.progress.get().proofs.get()
    file = go(client, chain.head, "proof", proof.pk)
    assert b"".join(file.streaming_content) == make.PDF
    assert go(client, chain.worker, "proof", proof.pk).status_code == 404
    sent(client, chain.head, "directive_move", task.pk, "report", data={})
    assert go(client, chain.head, "directive_move", task.pk, "confirm", data={}).status_code == 403
    back = {"reason": "还有"}
    sent(client, chain.secretary, "directive_move", task.pk, "send_back", data=back)
    late = {"due_on": (now + 30 * make.DAY).date().isoformat(), "reason": "雨季"}
    sent(client, chain.secretary, "extend", task.pk, data=late)
    sent(client, chain.head, "directive_move", task.pk, "report", data={})
    sent(client, chain.secretary, "directive_move", task.pk, "confirm", data={})
    task.refresh_from_db()
    assert task.state == "done"
    for show in ("", "mine", "late", "reported", "ended"):
        ok(client, chain.head, "directives", show=show)


def test_the_register_by_forms(chain, client):
    data = {
        "kind": "economic", "name": "东莞市某电子有限公司", "uscc": make.credit_code(9),
        "community": chain.community.pk, "staff": 30, "party_members": 4,
    }  # fmt: skip
    sent(client, chain.worker, "organisation_new", data=data)
    row, today = NewOrganisation.objects.get(), timezone.localdate()
    assert "单独组建" in ok(client, chain.secretary, "coverage")
    write = lambda name, given, by=chain.secretary: sent(  # noqa: E731
        client, by, "organisation_write", row.pk, name, data=given
    )
    write("setup", {"form": "own", "branch": "某公司党支部", "since": today})
    until = today + datetime.timedelta(days=365)
    given = {"person": chain.clerk.username, "since": today, "until": until}
    write("instructor", given)
    write("activity", {"held_on": today, "title": "党课", "attended": 9}, by=chain.worker)
    assert "有形覆盖和有效覆盖" in ok(client, chain.worker, "organisation", row.pk)
    instructor = Instructor.objects.get()
    tomorrow = today + datetime.timedelta(days=1)
    sent(client, chain.secretary, "instructor_end", instructor.pk, data={"on": tomorrow})
    write("edit", {**data, "staff": 31}, by=chain.worker)
    assert go(client, chain.worker, "organisation_write", row.pk, "setup").status_code == 403
    filters = {"kind": "economic", "community": chain.community.pk}
    assert row.name in ok(client, chain.worker, "organisations", **filters)
    assert row.name not in ok(client, chain.worker, "organisations", gap="idle")
    write("close", {"on": today}, by=chain.worker)
    assert row.name not in ok(client, chain.worker, "organisations")


def test_members_and_terms_by_forms(chain, client):
    person = UserFactory()
    data = {"person": person.username, "standing": "full", "office": "none",
            "since": "2026-01-01"}  # fmt: skip
    sent(client, chain.secretary, "member_new", chain.branch.pk, data=data)
    member = Member.objects.get(person=person)
    sent(client, chain.secretary, "term_new", chain.branch.pk, data={"since": "2026-01-02"})
    sent(client, chain.secretary, "member_end", member.pk, data={"on": "2026-02-01"})
    assert person.full_name not in ok(client, chain.secretary, "body", chain.branch.pk)
    assert go(client, chain.people[1], "member_new", chain.branch.pk).status_code == 403


def test_people_are_suggested_to_those_who_lead(chain, client):
    words = {"q": chain.head.full_name}
    client.force_login(chain.secretary)
    found = client.get(reverse("committee:people"), words).json()["options"]
    assert found == [f"{chain.head.username} {chain.head}"]
    named = client.get(reverse("committee:named_bodies"), {"q": chain.office.name}).json()
    assert named["options"] == [f"{chain.office.code} {chain.office}"]
    client.force_login(UserFactory())
    assert client.get(reverse("committee:named_bodies"), {"q": "办"}).json() == {"options": []}
    client.force_login(chain.worker)
    assert client.get(reverse("committee:people"), words).json() == {"options": []}


def test_the_month_and_the_feed(chain, client, now):
    meeting = make.called(chain, at=now, starts=now + 2 * make.DAY)
    month = f"{timezone.localtime(meeting.starts_at):%Y-%m}"
    text = ok(client, chain.people[3], "meetings", look="calendar", month=month)
    assert meeting.title in text
    secret = make_feed_address(chain.people[3], at=now)
    client.logout()
    body = client.get(reverse("committee:feed", args=[secret])).content.decode()
    assert f"UID:meeting-{meeting.pk}@" in body
    assert "STATUS:CONFIRMED" in body
    assert client.get(reverse("committee:feed", args=["wrong"])).status_code == 404


def cost(client, person, name, *arguments):
    go(client, person, name, *arguments)
    with CaptureQueriesContext(connection) as queries:
        ok(client, person, name, *arguments)
    return len(queries)


LISTS = (("overview",), ("meetings",), ("directives",), ("coverage",), ("organisations",),
         ("verb", "advance"), ("published",), ("bodies",))  # fmt: skip


def grow(chain, at, number):
    """One meeting with a published decision and a task, one organisation, one coming meeting."""
    meeting = make.sitting(chain, at=at)
    decision = make.decided(chain, meeting, at=at)
    make.issued(chain, decision, at=at)
    make.confirmed(meeting, chain, at=at)
    publishing.publish_decision(decision, title="整治", text="通过。", by=chain.secretary, at=at)
    make.organisation(chain, number)
    make.planned(chain, at=at, starts=timezone.now() + number * make.DAY)


def test_lists_cost_the_same_at_one_and_three_rows(chain, client, now):
    grow(chain, now - 9 * make.DAY, 1)
    first = {page: cost(client, chain.secretary, *page) for page in LISTS}
    for number in (2, 3):
        grow(chain, now - (9 - number) * make.DAY, number)
    assert {page: cost(client, chain.secretary, *page) for page in LISTS} == first


def test_a_meeting_costs_the_same_at_one_and_three_points(chain, client, now):
    meeting = make.sitting(chain, at=now)
    make.issued(chain, make.decided(chain, meeting, at=now), at=now)
    first = cost(client, chain.secretary, "meeting", meeting.pk)
    for _number in range(2):
        agenda.add_item(meeting, title="再议", by=chain.clerk, at=now)
        item = meeting.items.order_by("-position").first()
        ballot = voting.open_ballot(item, motion="x", by=chain.clerk, at=now)
        for person in chain.people[:4]:
            voting.vote(ballot, make.seat(meeting, person), "for", by=person, at=now)
        voting.close_ballot(ballot, by=chain.clerk, at=now)
        decision = voting.decide(ballot, text="x", basis="x", by=chain.clerk, at=now)
        make.issued(chain, decision, at=now)
    assert cost(client, chain.secretary, "meeting", meeting.pk) == first


def test_the_clock_tells_what_is_overdue_and_repeats_nothing(chain):
    make.issued(chain, make.decided(chain))  # long ago
    tasks.tend_committee()
    told = Message.objects.filter(kind="directive-overdue").count()
    tasks.tend_committee()
    assert told == Message.objects.filter(kind="directive-overdue").count() == 2


def test_messages_lead_to_their_pages(chain, row):
    message = Message.objects.filter(kind="directive-issued").first()
    pair = (message.subject_kind, message.subject_key)
    assert references.resolve([pair], chain.head)[pair].url.endswith(f"/{row['task'].pk}/")
    assert references.resolve([pair], UserFactory()) == {}
    assert row["task"].title in wordings.sentence(message.kind, message.params)
