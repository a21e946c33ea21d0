"""Names, telephones and identity numbers that were planted stand in no page, feed, file or answer
that everybody gets."""

import io
import zipfile

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from consultation.models import Commitment
from consultation.services import (
    answering,
    carrying,
    committing,
    moderating,
    opinions,
    rating,
    reopening,
)
from consultation.services import projects as calls
from consultation.services import stages as way
from tests.factories import commitments as made
from tests.factories import consultation as makers
from tests.factories import projects
from tests.factories.consultation import fresh
from tests.factories.opinions import NONE, NOW, make_open, say, say_unsigned
from tests.factories.residents import ResidentFactory

pytestmark = pytest.mark.django_db
NAME, PHONE, IDENTITY = "梁秀英", "13812345678", "441900199001010017"
PLANTED = (NAME, PHONE, IDENTITY)
# What a clerk or host writes names nobody by itself; numbers slip in.
TEXT = f"请联系 {PHONE}，身份证 {IDENTITY}，路太暗"
OWN = f"我是{NAME}，{TEXT}"
API = "/api/v1/consultation"


@pytest.fixture
def town(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return projects.make_town()


@pytest.fixture
def person():
    return ResidentFactory(full_name=NAME, phone=PHONE)


def body_of(address):
    cache.clear()  # a machine that asks so much waits for a minute
    answer = Client().get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if address.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    return content.decode("utf-8", errors="replace")


def demand_clean(addresses):
    found = {address: [one for one in PLANTED if one in body_of(address)] for address in addresses}
    assert {address: words for address, words in found.items() if words} == {}


def of_consultation(found):
    number, code = found.number, found.community.code
    root = f"/consultations/{number}"
    year = f"?year={NOW.year}"
    return [
        "/consultations/", f"{root}/", f"{root}/embed/", f"{root}/report.pdf",
        f"{root}/report.xlsx", f"{root}/opinions/", f"{root}/opinions/?order=liked",
        f"{root}/opinions/moderation/", f"{root}/opinions/moderation.csv",
        f"{root}/opinions/new/", f"/consultations/board/{code}/",
        f"/consultations/board/{code}/feed.xml", "/consultations/calendar/", "/commitments/",
        "/projects/", "/", f"{API}/consultations/", f"{API}/consultations/{number}/",
        f"{API}/consultations/{number}/opinions/", f"{API}/consultations/{number}/answers/",
        f"{API}/commitments/", f"{API}/calls/",
        *(
            f"/money/data/{key}.{kind}{year}"
            for key in ("consultations", "opinions", "commitments", "project-calls", "ideas")
            for kind in ("csv", "json")
        ),
    ]  # fmt: skip


def test_of_what_people_say(person):
    found = make_open(level=NONE)
    place = found.place_of_test
    said = say(found, OWN, by=person)
    say(found, OWN, parent=said, by=person)
    say(found, OWN, by=person, is_confidential=True)
    say(found, OWN, speaker=opinions.Speaker(person, clerk=place.worker))
    moderating.release(say_unsigned(found, TEXT), by=place.host, at=NOW)
    hidden = say(found, OWN, by=person)
    moderating.hide(hidden, reason="personal", note=TEXT, by=place.host, at=NOW)
    answering.answer(found, [said.pk], outcome="not", reason=TEXT, by=place.host, at=NOW)
    shown = f"{API}/consultations/{found.number}/opinions/?thread={said.pk}"
    page = reverse("consultation:public_opinion", args=[found.number, said.pk])
    demand_clean([*of_consultation(found), page, shown])


def test_of_results_promises_and_new_facts(town, person):
    found = made.with_result(town, text=TEXT)
    committing.adopt(
        found, verdict="adopted", reasons=TEXT, to_dissent=TEXT, by=town.host, at=projects.AT
    )
    who = {"by": town.head, "at": projects.AT}
    one = made.promised(
        town, consultation=found, title=f"换灯 {PHONE}", text=TEXT,
        steps=[committing.Step(f"报批 {PHONE}")],
    )  # fmt: skip
    one = carrying.begin_work(one, note=TEXT, **who)
    carrying.reach(one.milestones.get(), note=TEXT, **who)
    made.with_photo(town, one)
    carrying.report(one, proof=TEXT, **who)
    carrying.confirm(one, note=TEXT, by=town.host, at=projects.AT)
    one = Commitment.objects.get()
    pages = [f"/commitments/{one.pk}/", f"{API}/commitments/{one.pk}/"]
    demand_clean([*of_consultation(found), *pages])


def test_of_concluded_matters_that_somebody_wants_to_reopen(town, person):
    found = made.adopted(town)
    found.stages.standing().update(state="done", opened_at=projects.AT, done_at=projects.AT)
    rows = type(found).objects.filter(pk=found.pk)
    rows.update(state="done", stage=None, ended_at=projects.AT)
    facts = f"{OWN}，电梯井下方发现一条旧燃气管道，图纸上没有标注。"
    wish = reopening.ask_to_reopen(fresh(found), facts=facts, by=person, at=projects.AT)
    reopening.decide_reopening(
        wish, granted=False, reason=f"图纸已含 {PHONE}", by=town.host, at=projects.AT
    )
    demand_clean(of_consultation(fresh(found)))


def test_of_ideas_votes_and_ratings(town, person):
    call = projects.collecting(town, text=f"欢迎来电 {PHONE}")
    own = projects.idea(town, call, by=person, title=f"座椅 {PHONE}", text=OWN, place=TEXT)
    other = projects.idea(
        town, call, by=town.clerk, text=OWN, contact_name=NAME, contact_phone=PHONE
    )
    for idea in (own, other):
        calls.admit_idea(idea, reason=TEXT, by=town.host, at=projects.AT)
        asked = calls.ask_department(
            projects.fresh(idea), town.office, by=town.host, at=projects.AT
        )
        calls.estimate_idea(asked, estimate=1_000_00, reason=TEXT, by=town.head, at=projects.AT)
    call = calls.close_ideas(call, by=town.system, at=call.ideas_until)
    call = calls.open_vote(
        call, votes_until=projects.VOTES_UNTIL, by=town.host, at=call.ideas_until
    )
    calls.choose(call, [own], by=person, at=call.ideas_until)
    call = calls.close_vote(call, by=town.system, at=call.votes_until)
    [one] = calls.commit_chosen(
        call, due_on=projects.VOTES_UNTIL.date(), by=town.host, at=call.votes_until
    )
    Commitment.objects.filter(pk=one.pk).update(
        state="done", share=100, begun_at=NOW, ended_at=NOW, reported_by=town.head, proof="好"
    )
    rating.rate(one, stars=5, words=OWN, by=person, at=call.votes_until)
    code = town.community.code
    year = call.published_at.year
    demand_clean([
        "/projects/", f"/projects/{call.pk}/", f"/commitments/{one.pk}/", "/commitments/",
        f"/consultations/board/{code}/", f"{API}/calls/", f"{API}/calls/{call.pk}/",
        f"{API}/calls/{call.pk}/ideas/", f"{API}/commitments/{one.pk}/", "/",
        f"/money/data/ideas.csv?year={year}", f"/money/data/project-calls.json?year={year}",
        f"/money/data/commitments.csv?year={year}",
    ])  # fmt: skip


def test_what_may_be_said_is_still_there(person):
    """The clean pages above are no empty ones."""
    found = make_open()
    said = say(found, OWN, by=person)
    for address in (
        f"/consultations/{found.number}/opinions/",
        f"{API}/consultations/{found.number}/opinions/",
        f"/money/data/opinions.csv?year={NOW.year}",
    ):
        assert "路太暗" in body_of(address), address
    way.advance(found, by=found.place_of_test.host, at=NOW)
    assert said.text == OWN
    assert makers.fresh(found).stage.key == "result"
