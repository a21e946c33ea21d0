"""The host's desk: what is due, what keeps a stage from being left, and where it is put right."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from consultation.board import board_of
from consultation.models import Session
from tests.factories import consultation as places
from tests.factories import voting as makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return places.make_place()


def test_what_keeps_a_stage_from_being_left_leads_to_where_it_is_put_right(client, place):
    notice = (("notice", "notice", {"notice": (7, 3)}), ("end", "result", {}))
    found = places.make_running(place, places.make_blueprint(notice), at=timezone.now())
    client.force_login(place.host)
    answer = client.get(reverse("consultation:consultation", args=[found.number]))
    ((sentence, url),) = answer.context["hindrances"]
    assert url == reverse("consultation:publications", args=[found.number])
    assert f'<a href="{url}">{sentence}</a>' in answer.content.decode()


def test_a_session_under_way_is_not_late_before_its_end():
    at = timezone.now()
    place, found = makers.in_session()
    session, _people = makers.opened(place, found, 3, 1)
    for ends, tone in ((at + datetime.timedelta(hours=1), "asked"), (at, "overdue")):
        begins = at - datetime.timedelta(hours=1)
        Session.objects.filter(pk=session.pk).update(starts_at=begins, ends_at=ends)
        now = at + datetime.timedelta(seconds=1)
        (due,) = [one for one in board_of(place.host, at=now) if one.title == session.title]
        assert due.tone == tone


def test_the_workbench_of_a_host_shows_what_is_due_next_and_nobody_elses_does(client, place):
    soon = (("talk", "opinions", {}), ("end", "result", {}))
    blueprint = places.make_blueprint(soon, columns={"talk": {"due_days": 5}})
    found = places.make_running(place, blueprint, at=timezone.now())
    for person, there in ((place.host, True), (place.worker, False)):
        client.force_login(person)
        words = client.get(reverse("portal:workbench")).content.decode()
        assert (reverse("consultation:board") + '">' in words and found.title in words) is there
