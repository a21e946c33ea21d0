"""The report of one consultation: what everybody may read, as PDF and as a workbook."""

import io

import pytest
from django.urls import reverse
from fpdf import FPDF
from openpyxl import load_workbook

from consultation import reports
from consultation.services import answering, counting, voting
from tests.factories import commitments as made
from tests.factories import opinions as said
from tests.factories import voting as makers
from tests.factories.projects import make_town

pytestmark = pytest.mark.django_db
LINES = [(str(n), "100", f"业主{n}", f"00{n:02d}") for n in range(1, 4)]


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def town():
    return make_town()


def workbook(client, number):
    answer = client.get(reverse("consultation:report", args=[number, "xlsx"]))
    return load_workbook(io.BytesIO(answer.content))


@pytest.fixture
def written(monkeypatch):
    """What is drawn on paper, in order."""
    said, draw = [], FPDF.multi_cell

    def note(self, *places, **named):
        said.append(named.get("text") or next(iter(places[2:]), ""))
        return draw(self, *places, **named)

    monkeypatch.setattr(FPDF, "multi_cell", note)
    return said


def drawn(client, number, written):
    written.clear()
    client.get(reverse("consultation:report", args=[number, "pdf"]))
    return "\n".join(written)


def test_the_report_says_the_same_as_pdf_and_as_workbook(client, town):
    one = made.promised(town, money=made.money(town))
    number = one.consultation.number
    pdf = client.get(reverse("consultation:report", args=[number, "pdf"]))
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    book = workbook(client, number)
    assert book.sheetnames == [
        "Consultation", "Stages", "Publications", "Commitments", "Votes", "Opinions",
        "Answers to opinions",
    ]  # fmt: skip
    rows = list(book["Commitments"].values)
    assert rows[1][:3] == (one.number, "3 栋加装电梯", str(town.office))


def test_what_stands_beside_a_long_label_in_the_report_does_not_run_into_the_next_line():
    pages = reports.Pages("XS2026000001")
    pages.add_page()
    top = pages.get_y()
    pages.fact("给持不同意见的人的答复，写在这里的一行放不下", "短")
    assert round(pages.get_y() - top) == 12
    pages.output()


def test_a_vote_is_told_with_its_answers_turnout_and_why(client, written):
    place, consultation = makers.in_session(kind="vote", form="owners")
    roll = makers.make_roll(place, LINES)
    vote = makers.roll_vote(place, consultation, roll.roll, unit="owner")
    for number, answer in ((1, 1), (2, 1), (3, 2)):
        makers.cast(vote, roll.people[f"业主{number}"], answer)
    open_still = workbook(client, consultation.number)["Votes"]
    assert [row[3] for row in open_still.values][1:] == ["Voting is open"]
    vote = voting.close_vote(vote, by=place.host, at=vote.closes_at)
    counting.judge(vote, by=place.host, at=vote.closes_at)
    (row,) = list(workbook(client, consultation.number)["Votes"].values)[1:]
    assert (row[0], row[3]) == (vote.question, "Carried.")
    assert "2 · 200 m² (66 %)" in row[4] or "2 · 200 m² (67 %)" in row[4]
    assert "Turnout: 3 of 3 owners (100 %)" in row[5]
    paper = drawn(client, consultation.number, written)
    assert vote.question in paper
    assert "Carried." in paper
    assert "Turnout: 3 of 3 owners" in paper


def test_opinions_are_counted_and_answers_told_but_for_what_was_said_in_confidence(client, written):
    found = said.make_open()
    shown = [said.say(found), said.say(found, "太贵了，不同意", stand="against")]
    secret = said.say(found, "只想让社区知道的一句话", is_confidential=True)
    host, at = found.place_of_test.host, said.NOW
    told = {"outcome": "adopted", "by": host, "at": at}
    answering.answer(found, [one.pk for one in shown], reason="下月装灯", **told)
    answering.answer(found, [secret.pk], reason="已单独答复", **told)
    book = workbook(client, found.number)
    assert list(book["Opinions"].values)[1:] == [("for", 2), ("against", 1), ("something else", 0)]
    (row,) = list(book["Answers to opinions"].values)[1:]
    assert row[1:3] == ("下月装灯", 2)
    paper = drawn(client, found.number, written)
    assert "下月装灯" in paper
    assert "2 opinions" in paper
    assert "已单独答复" not in paper
