"""What everybody sees of results and projects, what hosts and departments work with."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consultation.models import Commitment, Idea, ProjectCall, VoterSheet
from consultation.services import carrying, projects
from tests.consultation.reading import get, text_of
from tests.factories import commitments as made
from tests.factories import consultation as makers
from tests.factories import projects as calls
from tests.factories.projects import fresh, make_town
from tests.factories.residents import ResidentFactory

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 24, 2, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def town():
    return make_town()


# -- Everybody ------------------------------------------------------------


def test_the_public_page_says_where_we_are_what_was_decided_and_what_was_done(client, town):
    one = made.promised(town, money=made.money(town))
    answer = get(client, "published_consultation", one.consultation.number)
    words = text_of(answer)
    assert answer.status_code == 200
    for said in ("Before", "During", "After", "多数居民同意", "噪声问题由物业每晚巡查",
                 "3 栋加装电梯", "5,000.00"):  # fmt: skip
        assert said in words
    assert 'aria-current="step"' in words


def test_drafts_are_hidden_from_everybody(client, town):
    draft = makers.make_draft(made.place_of(town))
    for name in ("published_consultation", "embed", "qr"):
        assert get(client, name, draft.number).status_code == 404
    assert client.get(f"/api/v1/consultation/consultations/{draft.number}/").status_code == 404
    assert draft.title not in text_of(get(client, "published"))


def test_the_list_is_filtered_by_community_form_and_state(client, town):
    shown = makers.make_running(made.place_of(town), at=made.AT, title="装充电桩")
    for query, there in (
        ({"community": town.community.code}, True),
        ({"form": "council", "state": "running"}, True),
        ({"form": "owners"}, False),
        ({"state": "done"}, False),
    ):
        assert (shown.title in text_of(get(client, "published", **query))) is there


def test_lists_cost_the_same_queries_with_one_row_and_with_three(client, town):
    found = made.adopted(town)

    def queries(name):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert get(client, name).status_code == 200
        return len(seen)

    names = ("published", "published_commitments", "published_calls")
    made.promised(town, consultation=found, money=made.money(town))
    calls.collecting(town)
    before = [queries(name) for name in names]
    for _ in range(2):
        made.promised(town, money=made.money(town))
        calls.collecting(town)
    assert [queries(name) for name in names] == before


def test_what_is_overdue_is_red_for_everybody(client, town):
    one = made.running(town)
    Commitment.objects.filter(pk=one.pk).update(promised_on="2026-11-01", due_on="2026-11-20")
    for name, arguments in (
        ("published_commitments", ()),
        ("published_commitment", (one.pk,)),
        ("published_consultation", (one.consultation.number,)),
    ):
        assert "Overdue by 4 days" in text_of(get(client, name, *arguments))


def test_the_embedded_page_may_be_framed_and_runs_no_script(client, town, settings):
    one = made.promised(town)
    answer = get(client, "embed", one.consultation.number)
    policy = answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert "frame-ancestors *" in policy
    assert "script-src 'none'" in policy
    assert "<script" not in text_of(answer)
    ordinary = get(client, "published_consultation", one.consultation.number)
    assert ordinary.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in ordinary.headers["Content-Security-Policy"]


def test_the_code_of_the_page_is_a_picture(client, town):
    found = made.with_result(town)
    answer = get(client, "qr", found.number)
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert text_of(answer).startswith("<svg")


# -- Residents ------------------------------------------------------------


def test_a_resident_brings_an_idea_on_the_telephone(client, town):
    call = open_call(town)
    person = ResidentFactory()
    url = reverse("consultation:bring_idea", args=[call.pk])
    assert "enter" in client.get(url).headers["Location"]
    client.force_login(person)
    wrong = client.post(url, {"title": "加座椅", "text": "", "key": "k"})
    assert wrong.status_code == 422
    assert "加座椅" in text_of(wrong)
    sent = {"title": "加座椅", "text": "老人没地方坐", "lon": "114.05", "lat": "22.85", "key": "k",
            "guess": "2000"}  # fmt: skip
    assert client.post(url, sent).status_code == 302
    assert client.post(url, sent).status_code == 302
    idea = Idea.objects.get()
    assert (idea.author, idea.guess, idea.state) == (person, 2_000_00, "submitted")
    assert "加座椅" not in text_of(get(client, "published_call", call.pk))


def open_call(town):
    call = calls.collecting(town)
    ProjectCall.objects.filter(pk=call.pk).update(ideas_until=NOW + datetime.timedelta(days=9))
    return fresh(call)


def open_vote(town, **given):
    """A vote that runs today."""
    at = NOW - datetime.timedelta(days=2)
    until = NOW - datetime.timedelta(hours=5)
    call, ideas = calls.screening(town, at=at, ideas_until=until, **given)
    opened = projects.open_vote(
        call, votes_until=NOW + datetime.timedelta(days=5), by=town.host, at=until
    )
    return opened, ideas


def test_a_resident_votes_and_changes_the_vote(client, town):
    call, ideas = open_vote(town)
    url = reverse("consultation:choose", args=[call.pk])
    client.force_login(town.resident)
    assert "choices a person" in text_of(get(client, "published_call", call.pk))
    assert client.post(url, {"ideas": [ideas[0].pk]}).status_code == 302
    assert client.post(url, {"ideas": [ideas[1].pk, ideas[2].pk]}).status_code == 302
    sheet = VoterSheet.objects.get()
    assert {choice.idea_id for choice in sheet.choices.all()} == {ideas[1].pk, ideas[2].pk}
    much = client.post(url, {"ideas": [idea.pk for idea in ideas]})
    assert much.status_code == 422
    assert "Choose at most 2." in text_of(much)


def test_who_must_be_known_better_is_told_so(client, town):
    call, ideas = open_vote(town, least_level=3)
    client.force_login(town.resident)
    assert "confirmed resident" in text_of(get(client, "published_call", call.pk))
    url = reverse("consultation:choose", args=[call.pk])
    assert client.post(url, {"ideas": [ideas[0].pk]}).status_code == 403
    assert not VoterSheet.objects.exists()


def test_a_result_says_of_each_idea_why(client, town):
    call, _ideas = calls.decided(town)
    words = text_of(get(client, "published_call", call.pk))
    assert "Costs 6,000.00 yuan; 10,000.00 yuan were left: it fits." in words
    assert "Costs 5,000.00 yuan; only 4,000.00 yuan were left." in words


def test_who_took_part_rates_on_the_page(client, town):
    call, _ideas = calls.decided(town)
    one = projects.commit_chosen(
        call, due_on=datetime.date(2027, 1, 31), by=town.host, at=call.decided_at
    )[0]
    at = call.decided_at
    carrying.begin_work(one, by=town.head, at=at)
    made.with_photo(town, one, at=at)
    carrying.report(one, proof="好了", actual=6_000_00, by=town.head, at=at)
    carrying.confirm(one, by=town.host, at=at)
    url = reverse("consultation:rate", args=[one.pk])
    client.force_login(town.resident)
    assert client.post(url, {"stars": 5, "words": "很好"}).status_code == 302
    words = text_of(get(client, "published_commitment", one.pk))
    assert "5.0 of 5, by 1 person" in words
    assert "很好" not in words
    client.force_login(ResidentFactory())
    assert client.post(url, {"stars": 1}).status_code == 403


# -- The workbench ------------------------------------------------------------


def test_a_host_adopts_and_promises_with_milestones_and_money(client, town):
    found = made.with_result(town)
    client.force_login(town.host)
    page = reverse("consultation:carrying_out", args=[found.number])
    assert client.get(page).status_code == 200
    half = client.post(
        reverse("consultation:adopt", args=[found.number]), {"verdict": "adopted", "reasons": "好"}
    )
    assert half.status_code == 422
    assert "好" in text_of(half)
    sent = {"verdict": "adopted", "reasons": "好", "to_dissent": "已答复"}
    client.post(reverse("consultation:adopt", args=[found.number]), sent)
    assert found.adoptions.get().verdict == "adopted"
    answer = client.post(
        reverse("consultation:promise", args=[found.number]),
        {
            "title": "装电梯", "owner": town.home.pk, "due_on": "2026-12-31",
            "steps": "报批 | 1 | 2026-12-01\n安装|3",
        },
    )  # fmt: skip
    one = Commitment.objects.get()
    assert answer.headers["Location"] == reverse("consultation:commitment", args=[one.pk])
    assert [step.weight for step in one.milestones.all()] == [1, 3]
    bad = client.post(
        reverse("consultation:promise", args=[found.number]),
        {"title": "x", "owner": town.home.pk, "due_on": "2026-12-31", "steps": "报批|很多"},
    )
    assert bad.status_code == 422


def test_a_department_carries_out_by_its_buttons(client, town):
    one = made.promised(town)
    client.force_login(town.head)
    page = text_of(get(client, "commitment", one.pk))
    assert "Begin" in page
    assert "Give up" not in page
    move = lambda name: reverse("consultation:commitment_move", args=[one.pk, name])  # noqa: E731
    assert client.post(move("begin"), {}).status_code == 302
    assert client.get(move("confirm")).status_code == 404
    assert client.post(move("confirm"), {}).status_code == 422
    assert client.post(move("drop"), {"note": "x"}).status_code == 403
    assert client.post(move("progress"), {"share": 30, "note": "挖坑"}).status_code == 302
    assert fresh(one).share == 30


def test_the_case_page_names_the_promise_that_opened_it(client, town):
    one = carrying.open_case(made.promised(town), category=town.small, by=town.head, at=made.AT)
    client.force_login(town.supervisor)
    words = text_of(client.get(reverse("cases:detail", args=[one.case.number])))
    assert "Consultations about this case" in words
    assert one.number in words


def test_the_board_has_the_late_first(client, town):
    late = made.promised(town, title="很晚了")
    Commitment.objects.filter(pk=late.pk).update(promised_on="2026-11-01", due_on="2026-11-20")
    made.promised(town, title="还早")
    client.force_login(town.host)
    words = text_of(get(client, "board"))
    assert "Overdue" in words
    assert words.index("很晚了") < words.index("还早")


def test_a_host_makes_a_call_in_the_browser(client, town):
    from tests.factories.funding import LineFactory

    line = LineFactory(body=town.home, purposes=[town.purpose], free=50_000_00)
    client.force_login(town.host)
    sent = {
        "title": "微实事", "text": "您想添什么？", "place": town.community.pk,
        "body": town.home.pk, "line": line.pk, "purpose": town.purpose.pk, "budget": "50000",
        "most_of_one": "", "way": "vote", "most_choices": 3, "least_level": 1,
        "ideas_until": "2026-12-20T18:00",
    }  # fmt: skip
    assert client.post(reverse("consultation:project_new"), sent).status_code == 302
    call = ProjectCall.objects.get()
    assert (call.budget, call.community, call.most_of_one) == (5_000_000, town.community, None)
    move = reverse("consultation:call_move", args=[call.pk, "publish"])
    assert client.post(move, {}).status_code == 302
    assert fresh(call).state == "collecting"
    page = text_of(client.get(reverse("consultation:project_call", args=[call.pk])))
    assert "50,000.00 yuan" in page
    cancel = reverse("consultation:call_move", args=[call.pk, "cancel"])
    assert f'<a class="btn" href="{cancel}">' in page
    client.force_login(town.clerk)
    down = reverse("consultation:write_down", args=[call.pk])
    sent = {"title": "加灯", "text": "太黑", "contact_name": "李婆婆", "key": "w"}
    assert client.post(down, sent).status_code == 302
    idea = Idea.objects.get()
    client.force_login(town.host)
    admit = reverse("consultation:idea_move", args=[idea.pk, "admit"])
    proposed = text_of(client.get(admit))
    assert "加灯" in proposed
    sent = {"public_title": "加灯", "public_text": "太黑", "reason": "属于范围"}
    assert client.post(admit, sent).status_code == 302
    assert fresh(idea).state == "admitted"
