"""Pages of legislation: everybody follows, the committee of the body moves."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from oversight.models import Legislation
from oversight.services import legislating
from tests.factories import cases as stages
from tests.factories import legislation as make
from tests.factories.opinions import say
from tests.factories.organizations import UserFactory

pytestmark = pytest.mark.django_db


def url(name, *arguments):
    return reverse(f"oversight:legislation{name}", args=arguments)


def text(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_everybody_follows_a_file(client, town, language):
    client.cookies["django_language"] = language
    assert "empty-state" in text(client.get(url("")))
    row, found = make.consulted()
    say(found, article=found.drafts.get().articles.first())
    case = stages.handling(town)
    given = {"by": row.made_by, "at": timezone.now()}
    legislating.attach(row, case, note="收支不公开", **given)
    assert row.title in text(client.get(url("")))
    assert row.title in text(client.get(url("") + "?subject=property"))
    assert row.title not in text(client.get(url("") + "?subject=building"))
    page = text(client.get(url("_file", row.pk)))
    assert "收支不公开" in page
    assert case.number not in page
    assert reverse("consultation:public_draft", args=[found.number]) in page
    text(client.get(url("_file", 10**6)), 404)


def test_a_committee_begins_and_moves_a_file(client, town):
    officer = make.officer(town.office)
    client.force_login(officer)
    given = {
        "title": "民房报建管理办法", "subject": "building", "summary": "流程不清",
        "body": town.office.pk,
    }  # fmt: skip
    assert client.post(url("_new"), given).status_code == 302
    row = Legislation.objects.get()
    client.post(url("_edit", row.pk), {**given, "title": "民房报建条例"})
    client.post(url("_move", row.pk, "justify"), {"due_on": "", "reason": ""})
    row.refresh_from_db()
    assert (row.title, row.state) == ("民房报建条例", "justified")
    assert client.post(url("_move", row.pk, "stop"), {}).status_code == 422
    number = stages.handling(town).number
    unseen = client.post(url("_evidence", row.pk), {"number": "x", "note": "x"})
    assert unseen.status_code == 422
    both = client.post(url("_evidence", row.pk), {"number": number, "note": "无证动工"})
    assert both.status_code == 302
    assert number in text(client.get(url("_file", row.pk)))
    assert client.post(url("_consultation", row.pk), {"number": "x"}).status_code == 422
    found = make.consulted()[1]
    Legislation.objects.exclude(pk=row.pk).update(consultation=None, state="drafting")
    assert client.post(url("_consultation", row.pk), {"number": found.number}).status_code == 302
    assert row.title in text(client.get(url("_desk")))


def test_the_desk_is_closed_to_others(client):
    row = make.begun()
    client.force_login(UserFactory())
    text(client.get(url("_desk")), 403)
    text(client.post(url("_move", row.pk, "justify")), 403)
    client.force_login(make.officer())
    for name in ("_edit", "_consultation", "_evidence"):
        text(client.get(url(name, row.pk)), 404)
    text(client.post(url("_move", row.pk, "justify")), 404)


def test_lists_cost_the_same_at_one_row_and_at_three(client):
    officer = make.officer()
    client.force_login(officer)

    def costs():
        found = {}
        for name in ("", "_desk"):
            with CaptureQueriesContext(connection) as caught:
                text(client.get(url(name)))
            found[name] = len(caught)
        return found

    make.begun(by=officer)
    costs()
    first = costs()
    make.begun(by=officer)
    make.begun(by=officer)
    assert costs() == first
