"""Results carried out: the API, open data, and no personal data in either."""

import io
import json

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from consultation.models import Idea
from consultation.services import carrying, committing, projects
from tests.consultation.reading import text_of
from tests.factories import commitments as made
from tests.factories import projects as calls
from tests.factories.projects import make_town
from tests.factories.residents import ResidentFactory

pytestmark = pytest.mark.django_db
PLANTED = ("李婆婆", "13812345678", "441900197001011234", "王大明")


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def town():
    return make_town()


def test_everybody_reads_the_api_and_filters_it(client, town):
    one = made.promised(town, money=made.money(town))
    call, _ideas = calls.decided(town)
    root = "/api/v1/consultation"
    found = client.get(f"{root}/consultations/?form=council").json()["results"]
    assert [row["number"] for row in found] == [one.consultation.number]
    detail = client.get(f"{root}/consultations/{one.consultation.number}/").json()
    assert (detail["commitments"], detail["adoptions"][0]["verdict"]) == ([one.number], "adopted")
    rows = client.get(f"{root}/commitments/?is_overdue=false").json()["results"]
    assert [(row["number"], row["kept"]) for row in rows] == [(one.number, made.COST)]
    ideas = client.get(f"{root}/calls/{call.pk}/ideas/").json()["results"]
    assert [row["votes"] for row in ideas] == [2, 2, 1]


def test_the_api_moves_what_ones_own_body_promised(client, town):
    one = made.promised(town)
    url = f"/api/v1/consultation/commitments/{one.pk}"
    assert client.post(f"{url}/begin/").status_code in {401, 403}
    client.force_login(town.head)
    assert client.post(f"{url}/begin/").json()["state"] == "running"
    refused = client.post(f"{url}/report/", {"proof": "好"}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "photo_missing")
    client.force_login(town.stranger)
    assert client.post(f"{url}/begin/").status_code == 404


@pytest.mark.parametrize("key", ["consultations", "commitments", "project-calls", "ideas"])
def test_open_data_has_every_column_it_explains(client, town, key):
    from portal.open_data import BY_KEY

    made.promised(town, money=made.money(town))
    calls.decided(town)
    rows = json.loads(text_of(client.get(f"/money/data/{key}.json?year=2026")))
    assert rows
    assert list(rows[0]) == [column.name for column in BY_KEY[key].columns]
    assert text_of(client.get(f"/money/data/{key}.csv?year=2026")).startswith("\ufeff")


# -- No personal data ------------------------------------------------------------


def planted(town):
    """A consultation and a call into which names, telephones and identity numbers were written."""
    name, phone, identity, author = PLANTED
    words = f"请致电 {phone}，身份证 {identity}。"
    found = made.with_result(town)
    committing.adopt(
        found, verdict="adopted", reasons=words, to_dissent=words, by=town.host, at=made.AT
    )
    one = made.running(town, consultation=found, text=words, steps=[committing.Step(words[:60])])
    carrying.reach(one.milestones.get(), by=town.head, at=made.AT, note=words)
    call = calls.collecting(town)
    idea = calls.idea(
        town, call, by=town.clerk, contact_name=name, contact_phone=phone, text=f"{name}说{words}"
    )
    projects.admit_idea(idea, reason=words, by=town.host, at=made.AT)
    resident = ResidentFactory(full_name=author)
    second = calls.idea(town, call, by=resident, text=f"我是{author}，{words}")
    projects.refuse_idea(second, reason=words, by=town.host, at=made.AT)
    return found, one, call


def test_no_public_page_export_or_api_answer_shows_planted_personal_data(client, town):
    found, one, call = planted(town)
    api = "/api/v1/consultation"
    pages = [
        *(reverse(f"consultation:{name}") for name in (
            "published", "published_commitments", "published_calls")),
        *(reverse(f"consultation:{name}", args=[found.number]) for name in (
            "published_consultation", "embed", "qr")),
        reverse("consultation:published_commitment", args=[one.pk]),
        reverse("consultation:published_call", args=[call.pk]),
        f"{api}/consultations/", f"{api}/consultations/{found.number}/", f"{api}/commitments/",
        f"{api}/commitments/{one.pk}/", f"{api}/calls/", f"{api}/calls/{call.pk}/ideas/",
        *(f"/money/data/{key}.{kind}?year=2026" for kind in ("csv", "json")
          for key in ("consultations", "commitments", "project-calls", "ideas")),
        "/",
    ]  # fmt: skip
    shown = {}
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        shown[page] = text_of(answer)
    book = client.get(reverse("consultation:report", args=[found.number, "xlsx"]))
    sheets = load_workbook(io.BytesIO(book.content))
    shown["xlsx"] = str([list(sheet.values) for sheet in sheets])
    lost = [(page, word) for page, text in shown.items() for word in PLANTED if word in text]
    assert lost == []
    assert Idea.objects.public().count() == 2


def test_what_is_held_of_a_resident_is_copied_and_erased(town):
    from consultation import holdings

    _found, _one, call = planted(town)
    author = Idea.objects.get(author__isnull=False, call=call).author
    copied = holdings.export(author)
    assert [row["title"] for row in copied["ideas"]] == ["凉亭加座椅"]
    holdings.erase(author, made.AT)
    kept = Idea.objects.get(author=author)
    assert (kept.text, kept.public_title) == (holdings.GONE, "凉亭加座椅")
