"""Consultations that take opinions, and opinions in them."""

import datetime

from consultation.models import Opinion
from consultation.services import answering, opinions
from consultation.services import stages as way
from organizations.models import Level
from tests.factories import consultation as makers
from tests.factories.consultation import AT, fresh
from tests.factories.residents import ResidentFactory

STAGES = (
    ("prepare", "prepare", {}),
    ("opinions", "opinions", {}),
    ("result", "result", {}),
    ("execution", "execution", {}),
)
NOW = AT + datetime.timedelta(days=1)


def make_open(place=None, *, level=None, stages=STAGES, code="council", **more):
    """A consultation whose stage takes opinions; `level`: who may speak."""
    place = place or makers.make_place()
    made = makers.make_running(place, makers.make_blueprint(stages, code=code), **more)
    way.advance(made, by=place.host, at=AT)
    made = fresh(made)
    made.place_of_test = place
    if level is not None:
        answering.set_level(made.stage, level=level, by=place.host, at=AT)
    return made


def say(consultation, text="楼道太暗，应当先装灯", *, by=None, at=NOW, files=(), **more):
    """By a resident of their own, unless `by` is given; `by=0`: without an account."""
    speaker = more.pop("speaker", None)
    if speaker is None:
        person = ResidentFactory() if by is None else (by or None)
        speaker = opinions.Speaker(person, address=more.pop("address", "10.0.0.1"))
    words = opinions.Words(text, **{"stand": "for", **more})
    return opinions.say(fresh(consultation), words, speaker=speaker, at=at, files=files)


def say_unsigned(consultation, text="不留名的一句话", **more):
    return say(consultation, text, by=0, **more)


def again(opinion):
    return Opinion.objects.select_related("consultation", "answer", "hiding").get(pk=opinion.pk)


NONE, PHONE, REGISTERED, VERIFIED = Level
