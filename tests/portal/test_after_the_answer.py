"""What the resident reads and may do once there is an answer: refused, or closed but not solved."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from cases import services
from cases.models import Case, Reason
from cases.services.reference import load_reference
from tests.factories import cases as making

pytestmark = pytest.mark.django_db


def follow(client, case):
    """With number and code in this browser, as from the receipt."""
    code = {"number": case.number, "code": case.query_code}
    assert client.post(reverse("portal:follow"), code).status_code == 302
    return client.get(reverse("portal:progress", args=[case.number])).content.decode()


def test_who_is_refused_reads_the_right_channel_on_progress_page_and_receipt(client, town):
    at = timezone.now()
    load_reference(by=town.system, at=at)
    reason = Reason.objects.get(move="reject", code="legal-channel")
    case = making.submitted(town)
    services.reject(case, reason=reason, note="法院已经立案。", by=town.acceptor, at=at)
    receipt = reverse("portal:receipt", args=[case.number])
    for page in (follow(client, case), client.get(receipt).content.decode()):
        assert escape(reason.told_en) in page
        assert "法院已经立案。" in page
    assert escape(reason.told_en) not in client.get(reverse("portal:published")).content.decode()
    assert Client().get(receipt).status_code == 404


def closed(town, *, days_ago):
    at = timezone.now() - datetime.timedelta(days=days_ago)
    case = making.closed(town)
    Case.objects.filter(pk=case.pk).update(ended_at=at)
    return making.fresh(case)


def test_what_is_not_solved_is_taken_up_again_without_an_account(client, town):
    case = closed(town, days_ago=14)
    assert reverse("portal:reopen", args=[case.number]) in follow(client, case)
    address = reverse("portal:reopen", args=[case.number])
    assert client.post(address, {"note": " "}).status_code == 422
    assert making.fresh(case).state == "closed"
    answer = client.post(address, {"note": "井盖又松了"}, follow=True)
    assert "It is taken up again." in answer.content.decode()
    case = making.fresh(case)
    assert (case.state, case.reopens) == ("filed", 1)
    assert case.events.latest("number").note_row.text == "井盖又松了"


def test_after_its_time_it_is_reported_anew(client, town):
    case = closed(town, days_ago=16)
    assert reverse("portal:reopen", args=[case.number]) not in follow(client, case)
    client.post(reverse("portal:reopen", args=[case.number]), {"note": "又松了"})
    assert making.fresh(case).state == "closed"


def test_who_has_not_shown_the_code_takes_nothing_up(client, town):
    case = closed(town, days_ago=1)
    answer = client.post(reverse("portal:reopen", args=[case.number]), {"note": "x"})
    assert (answer.status_code, making.fresh(case).state) == (404, "closed")
