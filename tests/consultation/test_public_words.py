"""What residents read about a consultation: in their words, in the order of their questions."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from consultation.glances import glances
from consultation.models import Consultation, ModerationEntry, Participant, Stance
from consultation.services import publishing, stages
from consultation.stations import lateness
from tests.factories import commitments as made
from tests.factories import consultation as makers
from tests.factories.projects import make_town

OPINIONS = (("prepare", "prepare", {}), ("talk", "opinions", {}), ("end", "result", {}))


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Stance.FOR, "赞成"),
        (Participant.RESIDENTS, "居民"),
        (ModerationEntry.Act.RELEASE, "已公开"),
    ],
)
def test_short_words_are_those_of_consultation_and_of_no_other_office(choice, said):
    with translation.override("zh-hans"):
        assert str(choice.label) == said


def published(found, kind, text, place, at):
    paper = publishing.prepare(found, kind, title=text, text=text, by=place.host, at=at)
    publishing.release(
        paper, public_text=paper.draft.public_text, by=place.host, at=at, confirmed=True
    )


def page_of(client, found):
    answer = client.get(reverse("consultation:published_consultation", args=[found.number]))
    return answer, answer.content.decode()


@pytest.mark.django_db
def test_a_published_result_is_told_before_anybody_has_adopted_it(client, settings):
    settings.LANGUAGE_CODE = "en"
    place = makers.make_place()
    found = makers.make_running(place, makers.make_blueprint((("end", "result", {}),)))
    published(found, "result", "多数同意在北门装灯", place, makers.AT)
    answer, words = page_of(client, found)
    assert answer.context["result"].text == "多数同意在北门装灯"
    assert "Nothing is decided yet" not in words
    Consultation.objects.filter(pk=found.pk).update(round=2)
    answer, words = page_of(client, found)
    assert answer.context["result"] is None
    assert "Nothing is decided yet" in words


@pytest.mark.django_db
def test_the_decision_and_what_was_done_stand_before_meetings_and_papers(client):
    town = make_town()
    one = made.promised(town)
    _answer, words = page_of(client, one.consultation)
    places = [
        words.index(f'id="{name}-heading"') for name in ("about", "decided", "since", "along")
    ]
    assert places == sorted(places)


@pytest.mark.django_db
def test_what_is_late_is_named(settings):
    settings.LANGUAGE_CODE = "en"
    place = makers.make_place()
    found = makers.make_running(place, at=makers.AT)
    stages.advance(makers.fresh(found), by=place.host, at=makers.later(days=1))
    with translation.override("en"):
        assert lateness(makers.fresh(found), at=makers.later(days=2)) == []
        (sentence,) = lateness(makers.fresh(found), at=makers.later(days=40))
    assert "Notice" in sentence
    assert "2026-11-" in sentence


@pytest.mark.django_db
def test_a_row_says_before_during_or_after_and_what_one_can_do():
    place = makers.make_place()
    at = timezone.now()
    started = at - datetime.timedelta(days=2)
    blueprint = makers.make_blueprint(OPINIONS[1:])
    makers.make_running(place, blueprint, at=started)
    with translation.override("en"):
        (glance,) = glances(Consultation.objects.with_names(), at=at)
    assert glance.label == "During · talk"
    assert glance.calls == ["Opinions are taken"]


@pytest.mark.django_db
def test_the_public_list_is_cut_by_before_during_and_after(client):
    place = makers.make_place()
    found = makers.make_running(place, makers.make_blueprint(OPINIONS[1:]))
    for phase, there in (("during", True), ("before", False), ("after", False), ("done", False)):
        answer = client.get(reverse("consultation:published"), {"state": phase})
        assert ([row.consultation.pk for row in answer.context["glances"]] == [found.pk]) is there
