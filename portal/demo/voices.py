"""Residents of the demo are asked what became of their matters, and most of them answer.

What is told while lives are told is “solved”: “not solved” takes a case up again, so it is said at
the end, through the services, by a few (`speak`).
"""

import datetime
import random
import secrets
from typing import TYPE_CHECKING

from cases.models import CallBack, CallBackAnswer, CallBackRule
from cases.models.callbacks import PLEASED
from cases.services import callbacks, moves
from cases.services.callbacks import ASKED
from organizations.models import User

if TYPE_CHECKING:
    from portal.demo.lives import Story

CONTACT_NOTES = (
    "已电话联系诉求人，说明办理安排。",
    "已上门见面，核实了情况。",
    "已回复诉求人，约定当天处理。",
)
_ANSWERED, _BY_PHONE = 0.62, 0.3
_SATISFACTION = (("very", 30), ("satisfied", 43), ("basically", 14), ("not", 13))
_UNSOLVED = (
    "修过之后又坏了，请再来看看。",
    "只清理了一半，旁边还堆着。",
    "没有人联系过我，问题还在。",
)
_TAKEN_UP, _OF_LIMITS = 5, 12


def is_asked(story: "Story") -> bool:
    return story.case.channel in ASKED


def ask(
    story: "Story",
    chance: random.Random,
    *,
    by: User,
    at: datetime.datetime,
    now: datetime.datetime,
) -> None:
    """The question at the closing of a resident's case, and often its answer some hours later."""
    if not is_asked(story):
        return
    rule, case = CallBackRule(), story.case
    story.callback = CallBack(
        pk=case.pk,
        case=case,
        occasion=CallBack.Occasion.CLOSING,
        code=secrets.token_urlsafe(16),
        asked_at=at,
        answer_until=at + datetime.timedelta(days=rule.answer_days),
        call_at=at + datetime.timedelta(hours=rule.call_after_hours),
    )
    asked = {"callback": case.pk, "occasion": CallBack.Occasion.CLOSING}
    _record(story, "ask_callback", by, at, asked)
    answered = at + datetime.timedelta(hours=chance.uniform(1, 60))
    if answered <= now and chance.random() < _ANSWERED:
        _answer(story, chance, by, answered)
    elif story.callback.answer_until < now:
        story.callback.state, story.callback.call_at = CallBack.State.EXPIRED, None


def _answer(story: "Story", chance: random.Random, by: User, at: datetime.datetime) -> None:
    choices = [choice for choice, _weight in _SATISFACTION]
    weights = [weight for _choice, weight in _SATISFACTION]
    satisfaction = chance.choices(choices, weights)[0]
    phone = chance.random() < _BY_PHONE
    way = CallBackAnswer.Way.PHONE if phone else CallBackAnswer.Way.LINK
    contacted = story.case.contacted_at is not None
    said = {"contacted": contacted, "solved": True, "satisfaction": satisfaction}
    facts = {"callback": story.case.pk, "way": way, **said, "satisfied": satisfaction in PLEASED}
    _record(story, "answer_callback", by, at, facts)
    callback = story.callback
    if callback is not None:
        callback.state, callback.call_at = CallBack.State.ANSWERED, None
    story.answer = CallBackAnswer(
        callback=callback, event=story.events[-1], way=way, by=by, at=at, **said
    )


def _record(
    story: "Story", name: str, by: User, at: datetime.datetime, facts: dict[str, object]
) -> None:
    before = story.case.state
    story.events.append(
        moves.next_event(story.case, name, before=before, by=by, at=at, facts=facts)
    )


def speak(*, at: datetime.datetime) -> None:
    """Questions about limits that have ended; a few residents say that nothing is solved."""
    while callbacks.ask_at_limits(at=at):
        pass
    waiting = CallBack.objects.filter(state=CallBack.State.OPEN, answer_until__gt=at)
    late = waiting.filter(occasion=CallBack.Occasion.LIMIT).order_by("pk")[:_OF_LIMITS]
    closed = waiting.filter(occasion=CallBack.Occasion.CLOSING).order_by("-pk")[:_TAKEN_UP]
    system = User.objects.system()
    for place, callback in enumerate([*late, *closed]):
        callbacks.answer(
            callback,
            way=CallBackAnswer.Way.LINK,
            by=system,
            at=at,
            said={
                "contacted": place % 3 != 0,
                "solved": False,
                "satisfaction": "basically" if place % 4 == 0 else "not",
                "words": _UNSOLVED[place % len(_UNSOLVED)],
            },
        )
