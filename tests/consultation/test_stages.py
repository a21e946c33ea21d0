"""From stage to stage: what opens, what refuses, what is recorded."""

import pytest

from consultation.models import Consultation
from consultation.services import stages
from lib.chain import first_break
from lib.errors import NotYours, WrongState
from tests.factories import consultation as makers
from tests.factories.consultation import AT, fresh, later

pytestmark = pytest.mark.django_db


def events_of(consultation):
    return list(consultation.events.order_by("number"))


def test_a_draft_has_its_own_copy_of_stages_rules_and_publications(place):
    rule = {
        "purpose": "majority", "measure": "person", "base": "all",
        "numerator": 2, "denominator": 3,
    }  # fmt: skip
    blueprint = makers.make_blueprint(rules={"session": [rule]})
    made = makers.make_draft(place, blueprint)
    blueprint.stages.filter(key="session").get().rules.update(denominator=4)
    blueprint.stages.filter(key="notice").get().publications.update(stands=1)
    assert [stage.key for stage in made.stages.standing()] == [
        "prepare", "notice", "session", "result", "execution",
    ]  # fmt: skip
    assert made.stages.get(key="session").rules.get().denominator == 3
    assert made.stages.get(key="notice").required.get().stands == 7


def test_starting_opens_the_first_stage_for_everybody(place):
    made = makers.make_draft(place, makers.make_blueprint(whole_days=20))
    assert not Consultation.objects.published().exists()
    stages.start(made, by=place.host, at=AT)
    made = fresh(made)
    assert (made.state, made.stage.key, made.started_at) == ("running", "prepare", AT)
    assert made.due_at == later(days=20)
    assert Consultation.objects.published().get() == made
    assert [(event.move, event.stage) for event in events_of(made)] == [
        ("draft", ""), ("start", "prepare"),
    ]  # fmt: skip
    assert first_break(events_of(made)) is None


def test_only_a_host_of_the_place_drafts_starts_and_advances(place):
    made = makers.make_draft(place)
    for stranger in (place.secretary, place.supervisor, place.worker, place.resident):
        with pytest.raises(NotYours):
            stages.start(made, by=stranger, at=AT)
        with pytest.raises(NotYours):
            makers.make_draft(place, made.blueprint, by=stranger)
    assert fresh(made).state == "draft"


def test_a_stale_page_does_not_advance_twice(place):
    made = makers.make_running(place)
    stale = fresh(made)
    stages.advance(made, by=place.host, at=AT)
    with pytest.raises(WrongState):
        stages.advance(stale, by=place.host, at=AT)
    assert fresh(made).stage.key == "notice"
