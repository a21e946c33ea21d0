"""Sessions and votes in the browser: the desk, the voting page, what everybody sees."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consultation.models import Attendance, Session, Vote
from consultation.services import attending, counting, minutes, printing, sessions, voting
from consultation.templatetags.sessions import public_sessions, public_votes
from grids.services import rolls
from lib.errors import RuleViolation
from organizations.models import Message
from tests.consultation.rooms import LINES, address, open_vote
from tests.factories import voting as makers
from tests.factories.consultation import later
from tests.factories.organizations import UserFactory
from tests.factories.residents import ResidentFactory
from tests.factories.voting import BEGIN, cast, right_of
from tests.races import at_once

pytestmark = pytest.mark.django_db


def test_a_host_plans_a_session_with_agenda_and_guests(desk, started):
    number = started[1].number
    said = {"title": "议事会", "starts_at": "2026-12-20T09:00", "ends_at": "2026-12-20T10:00"}
    nowhere = desk.post(address("session_new", number), said)
    assert (nowhere.status_code, Session.objects.count()) == (422, 0)
    assert "议事会" in nowhere.content.decode()
    desk.post(address("session_new", number), {**said, "room": "会议室"})
    session = Session.objects.get()
    guest = UserFactory(phone="13812345678", full_name="张代表")
    desk.post(address("session_change", session.pk, "point"), {"title": "方案", "minutes": 30})
    too_long = desk.post(
        address("session_change", session.pk, "point"), {"title": "费用", "minutes": 31}
    )
    assert too_long.status_code == 422
    desk.post(
        address("session_change", session.pk, "invite"),
        {"guests": "13812345678\n李专家", "capacity": "representatives", "is_member": "on"},
    )
    said = session.invitations.order_by("pk").values_list("name", "person")
    assert list(said) == [("张代表", guest.pk), ("李专家", None)]
    page = desk.get(address("session", session.pk)).content.decode()
    assert "方案" in page
    assert "李专家" in page


def test_a_vote_is_prepared_opened_and_helped_with(desk, started):
    place, consultation = started
    roll = makers.make_roll(place, LINES).roll
    said = {"question": "是否同意？", "roll": roll.pk, "unit": "owner", "most_proxies": 2,
            "answers": "赞成 | For\n反对 | Against", "closes_at": "2026-12-20T09:00"}  # fmt: skip
    desk.post(address("vote_new", consultation.number), said)
    vote = Vote.objects.get()
    page = desk.get(address("vote_change", vote.pk)).content.decode()
    assert said["question"] in page
    desk.post(address("vote_change", vote.pk), {**said, "question": "换一种问法？"})
    vote.refresh_from_db()
    assert vote.question == "换一种问法？"
    desk.post(address("vote_act", vote.pk, "open"))
    right = vote.entitlements.first()
    answer = desk.post(
        address("assist", right.pk), {"option": vote.options.first().pk, "right": right.pk}
    )
    assert "receipt-code" in answer.content.decode()
    assert desk.post(address("papers", vote.pk)).content[:5] == b"%PDF-"
    page = desk.get(address("vote", vote.pk)).content.decode()
    assert "1-102" in page


def test_the_host_words_the_answers_and_keeps_them_when_changing_something_else(desk, started):
    place, consultation = started
    roll = makers.make_roll(place, LINES).roll
    said = {"question": "对物业满意吗？", "roll": roll.pk, "unit": "owner", "most_proxies": 2,
            "closes_at": "2026-12-20T09:00"}  # fmt: skip
    for wrong in ("满意", "满意\n满意", "满" * 81 + "\n不满意"):
        refused = desk.post(address("vote_new", consultation.number), {**said, "answers": wrong})
        assert refused.status_code in {409, 422}
    answers = "满意 | Content\n\n基本满意\n不满意 | Not content"
    desk.post(address("vote_new", consultation.number), {**said, "answers": answers})
    vote = Vote.objects.get()
    given = [("满意", "Content", True), ("基本满意", "", False), ("不满意", "Not content", False)]
    assert list(vote.options.values_list("text", "text_en", "is_favour")) == given
    form = desk.get(address("vote_change", vote.pk)).context["form"]
    desk.post(address("vote_change", vote.pk), {**said, "answers": form["answers"].value()})
    assert list(vote.options.values_list("text", "text_en", "is_favour")) == given


def test_a_resident_votes_on_the_phone_once_and_gets_a_receipt(client, started):
    vote, people = open_vote(started)
    client.force_login(people["王五"])
    assert vote.question in client.get(address("mine")).content.decode()
    page = client.get(address("ballot", vote.pk)).content.decode()
    assert "1-102" in page
    said = {"option": vote.options.first().pk, "right": right_of(vote, people["王五"]).pk}
    first = client.post(address("ballot", vote.pk), said)
    code = first.context["code"]
    again = client.post(address("ballot", vote.pk), said)
    assert (again.status_code, vote.ballots.count()) == (422, 1)
    found = client.post(address("published_vote", vote.pk), {"code": code})
    assert found.context["is_in_box"] is True
    assert client.post(address("published_vote", vote.pk), {"code": "x"}).context[
        "is_in_box"
    ] is False  # fmt: skip


def test_nobody_votes_with_somebody_elses_right(client, started):
    vote, people = open_vote(started)
    client.force_login(people["王五"])
    said = {"option": vote.options.first().pk, "right": right_of(vote, people["张三丰"]).pk}
    assert client.post(address("ballot", vote.pk), said).status_code == 422
    client.force_login(UserFactory())
    assert reverse("grids:claim") in client.get(address("ballot", vote.pk)).content.decode()
    assert vote.ballots.count() == 0


def test_the_public_page_shows_the_result_and_why_but_no_voter(client, started):
    vote, people = open_vote(started, closes_at=later(days=7))
    cast(vote, people["张三丰"], 1)
    vote = voting.close_vote(vote, by=started[0].host, at=later(days=7))
    vote = counting.judge(vote, by=started[0].host, at=later(days=8))
    page = client.get(address("published_vote", vote.pk)).content.decode()
    assert vote.commitment in page
    assert [name for name in ("张三丰", "张*丰", "1-101", "王五") if name in page] == []


def test_a_draft_is_nobodys_business(client, started):
    place, consultation = started
    asked = voting.Question("？", "owner", later(days=7), roll=makers.make_roll(place, LINES).roll)
    vote = voting.draft_vote(consultation, asked, by=place.host, at=later())
    assert client.get(address("published_vote", vote.pk)).status_code == 404
    client.force_login(place.resident)
    assert client.get(address("ballot", vote.pk)).status_code == 404


def test_the_code_of_the_screen_checks_in(client, started):
    place, consultation = started
    session, people = makers.opened(place, consultation, 2, 0)
    client.force_login(people[0])
    client.post(address("check_in", session.pk, "AAAAAAAA"))
    assert Attendance.objects.count() == 0
    client.post(address("check_in", session.pk, attending.code_at(session, timezone.now())))
    assert Attendance.objects.get().invitation.person == people[0]


def test_an_invitation_is_read_and_answered(client, started):
    place, consultation = started
    session, people = makers.planned(place, consultation, 2)
    mine = session.invitations.get(person=people[0])
    client.force_login(people[1])
    assert client.get(address("invitation", mine.pk, "read")).status_code == 404
    client.force_login(people[0])
    client.get(address("invitation", mine.pk, "read"))
    mine.refresh_from_db()
    assert mine.state == "read"
    client.post(address("invitation", mine.pk, "accept"))
    mine.refresh_from_db()
    assert mine.state == "accepted"


def test_public_parts_mask_names(started):
    place, consultation = started
    session, people = makers.opened(place, consultation, 3)
    mine = session.invitations.get(person=people[0])
    attending.take_down(
        mine, {"stance": "for", "text": "同意", "item": None}, by=place.worker, at=BEGIN
    )
    attending.recuse(
        session.invitations.get(person=people[1]), reason="股东", by=place.host, at=BEGIN
    )
    shown = public_sessions(consultation)[0]
    assert (shown["room"].came, shown["room"].by_clerk) == (3, 3)
    assert [name for name, _capacity, _said in shown["positions"]] == ["张***"]
    assert [name for name, _capacity in shown["recused"]] == ["张***"]
    makers.session_vote(place, consultation, session)
    assert [row["voted"] for row in public_votes(consultation)] == [0]


def test_the_calendar_lists_what_comes(client, started):
    place, consultation = started
    makers.planned(place, consultation, 1, starts_at=later(days=40), ends_at=later(days=41))
    assert "议事会" in client.get(address("calendar")).content.decode()
    assert "议事会" not in client.get(address("calendar"), {"community": "x"}).content.decode()


def test_lists_cost_the_same_with_one_and_three_rows(desk, started):
    place, consultation = started

    def cost(session):
        with CaptureQueriesContext(connection) as asked:
            desk.get(address("sessions", consultation.number))
            desk.get(address("session", session.pk))
        return len(asked)

    session, _people = makers.opened(place, consultation, 1)
    one = cost(session)
    makers.opened(place, consultation, 3)
    session, _people = makers.opened(place, consultation, 3)
    assert cost(session) == one


def test_the_public_parts_cost_the_same_with_one_and_three(started):
    place, consultation = started

    def add():
        session, people = makers.opened(place, consultation, 2)
        attending.take_down(
            session.invitations.get(person=people[0]),
            {"stance": "for", "text": "同意", "item": None}, by=place.worker, at=BEGIN,
        )  # fmt: skip
        makers.session_vote(place, consultation, session)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            public_sessions(consultation)
            public_votes(consultation)
        return len(asked)

    add()
    one = cost()
    add()
    add()
    assert cost() == one


@pytest.mark.django_db(transaction=True)
def test_of_processes_that_vote_for_one_right_one_gets_in(started):
    vote, people = open_vote(started, unit="household")
    right = right_of(vote, people["王五"])

    def worker(number):
        try:
            cast(vote, people["王五"], 1 + number % 2, right=right)
        except RuleViolation as refusal:
            return refusal.code
        return "done"

    assert sorted(at_once(4, worker)) == ["done", "voted", "voted", "voted"]
    assert vote.ballots.count() == 1


def test_the_page_of_a_residents_account_shows_what_waits(client, started):
    place, consultation = started
    made = makers.make_roll(place, LINES[:1])
    person = ResidentFactory()
    rolls.end_claim(
        made.people["张三丰"].roll_claims.get(), reason="换人", by=place.worker, at=later()
    )
    spot = made.roll.dwellings.get().entitled.get()
    rolls.confirm_claim(spot, person, by=place.worker, at=later())
    vote = makers.roll_vote(place, consultation, made.roll, unit="owner", closes_at=later(days=60))
    client.force_login(person)
    page = client.get(reverse("organizations:me")).content.decode()
    assert vote.question in page
    assert address("mine") in page


# -- Residents by telephone, and those who are not meant ------------------------------------------


def test_a_resident_answers_checks_in_amends_and_votes(client, started):
    """Accounts that signed in by telephone go every step; the workbench stays closed to them."""
    place, consultation = started
    person = ResidentFactory(full_name="梁秀")
    session, _people = makers.planned(place, consultation, 1)
    guest = sessions.Guest("梁秀", "representatives", person)
    mine = sessions.invite(session, [guest], by=place.host, at=later())[0]
    client.force_login(person)
    client.post(address("invitation", mine.pk, "accept"))
    session = sessions.open_session(session, by=place.host, at=BEGIN)
    client.post(address("check_in", session.pk, attending.code_at(session, timezone.now())))
    vote = makers.session_vote(place, consultation, session, closes_at=later(days=60))
    said = {"option": vote.options.first().pk, "right": right_of(vote, person).pk}
    assert client.post(address("ballot", vote.pk), said).context["code"]
    minutes.write(session.minutes, "会议同意。", by=place.worker, at=BEGIN)
    session = sessions.close_session(session, by=place.host, at=BEGIN)
    minutes.lay_out(session.minutes, until=later(days=60), by=place.host, at=BEGIN)
    wrong = client.post(address("amend", session.pk), {"passage": "没有", "wording": "x"})
    assert (wrong.status_code, wrong.templates[0].name) == (422, "consultation/amend.html")
    client.post(address("amend", session.pk), {"passage": "同意", "wording": "一致同意"})
    mine.refresh_from_db()
    assert (mine.state, mine.attendances.count(), mine.amendments.count()) == ("accepted", 1, 1)
    assert client.get(address("mine")).status_code == 200
    assert client.get(reverse("grids:claim")).status_code == 200
    assert client.get(address("session", session.pk)).status_code == 403


@pytest.mark.parametrize("name", ["mine", "ballot", "check_in", "invitation", "amend"])
def test_strangers_are_led_to_the_residents_door(client, started, name):
    place, consultation = started
    session, _people = makers.opened(place, consultation, 1)
    vote = makers.session_vote(place, consultation, session)
    values = {"ballot": [vote.pk], "check_in": [session.pk, "AAAAAAAA"], "amend": [session.pk],
              "invitation": [session.invitations.get().pk, "read"]}  # fmt: skip
    answer = client.get(address(name, *values.get(name, [])))
    assert answer.headers["Location"].startswith(reverse("organizations:enter"))


def test_who_is_not_invited_by_name_is_sent_to_the_clerk(client, started):
    session, _people = makers.opened(*started, 1, 0)
    client.force_login(UserFactory())
    page = client.post(address("check_in", session.pk, attending.code_at(session, timezone.now())))
    assert page.status_code == 200
    assert page.context["is_invited"] is False
    assert Attendance.objects.count() == 0


def test_a_wrong_invitation_and_a_wrong_point_are_taken_back(desk, started):
    session, people = makers.planned(*started, 2)
    item = sessions.add_item(session, sessions.Point("x", 5), by=started[0].host, at=later())
    wrong = session.invitations.get(person=people[0])
    desk.post(address("person_withdraw", wrong.pk))
    desk.post(address("point_remove", item.pk))
    assert [row.person for row in session.invitations.all()] == [people[1]]
    assert session.agenda.count() == 0
    assert Message.objects.filter(kind="session-not-invited", to=people[0]).count() == 1
    opened = sessions.open_session(session, by=started[0].host, at=BEGIN)
    desk.post(address("person_withdraw", opened.invitations.get().pk))
    assert opened.invitations.count() == 1


def test_a_proxy_is_shown_and_taken_back(desk, started):
    place, consultation = started
    made = makers.make_roll(place, [LINES[0], ("1-101", "100.00", "李四", "0022")])
    vote = makers.roll_vote(place, consultation, made.roll, unit="person", closes_at=later(days=60))
    giver, holder = (right_of(vote, made.people[name]) for name in ("李四", "张三丰"))
    desk.post(address("proxy", giver.pk), {"holder": holder.pk, "paper": "11月2日，存档3号"})
    assert "存档3号" in desk.get(address("vote", vote.pk)).content.decode()
    desk.post(address("proxy_back", vote.proxies.get().pk))
    assert vote.proxies.filter(revoked_at=None).count() == 0


def test_only_who_hosts_is_offered_to_plan_sessions_and_votes(client, started):
    place, consultation = started
    here, plan = address("sessions", consultation.number), "/sessions/new/"
    for who, offered in ((place.host, True), (place.supervisor, False)):
        client.force_login(who)
        assert (plan in client.get(here).content.decode()) is offered


def test_a_vote_says_who_counts_next_and_offers_the_count_to_those_only(client, started):
    place, _consultation = started
    vote, people = open_vote(started, closes_at=later(days=7))
    printed = printing.print_papers(vote, by=place.worker, at=later())
    printing.hand_paper(right_of(vote, people["王五"]), by=place.worker, at=later())
    vote = voting.close_vote(vote, by=place.host, at=later(days=7))
    code = next(one.code for one in printed if one.label == "1-102")

    def offered(who):
        client.force_login(who)
        page = client.get(address("vote", vote.pk)).content.decode()
        return address("count_begin", vote.pk) in page, address(
            "vote_act", vote.pk, "judge"
        ) in page

    assert (offered(place.worker), offered(place.host)) == ((True, False), (True, False))
    for who in (place.worker, place.supervisor):
        count = counting.begin_count(vote, by=who, at=later(days=7))
        counting.read_paper(count, code, vote.options.first(), by=who)
        counting.close_count(count, by=who, at=later(days=7))
        assert offered(who) == (False, False)
    assert offered(place.host) == (False, True)


def test_who_is_invited_reads_how_to_check_in_once_the_session_has_begun(client, started):
    session, people = makers.opened(*started, 1, 0)
    client.force_login(people[0])
    mine = session.invitations.get(person=people[0])
    page = client.get(reverse("consultation:invitation", args=[mine.pk, "read"]))
    assert "扫屏幕上的签到码" in page.content.decode()


def test_where_everybody_has_a_paper_there_is_nothing_to_print(client, started):
    place, _consultation = started
    vote, _people = open_vote(started)
    client.force_login(place.worker)
    here = address("papers", vote.pk)
    assert not client.get(here).context["is_idle"]
    client.post(here)
    assert client.get(here).context["is_idle"]
