"""What people say: alone, for each other, in threads; agreeing, changing, taking back.

Each act locks the opinion or the row of the counts, so that counts equal rows however many speak
at once. The chain of the consultation learns that something was said, never the words.
"""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from consultation import opinion_notifications as notifications
from consultation.models import (
    Consultation,
    DraftArticle,
    Like,
    Opinion,
    OpinionRule,
    OpinionTally,
    Stage,
    Stand,
)
from consultation.opinion_workflow import (
    DEEPEST,
    OPINION_MOVES,
    TAKES_OPINIONS,
    OpinionActor,
    OpinionState,
)
from consultation.services.actors import actors_of, roles_for
from consultation.services.opinion_files import Ready, keep
from consultation.workflow import SCREENERS, Actor, State
from lib.errors import NotYours, RuleViolation, WrongState
from lib.masking import mask_text
from lib.workflow import demand
from organizations.identity import level_of
from organizations.models import Level, User
from organizations.services import quotas
from organizations.services.quotas import Limit

EDIT_WINDOW = datetime.timedelta(minutes=30)
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
UNSIGNED = (Limit("opinion-unsigned", 3, HOUR), Limit("opinion-unsigned-day", 10, DAY))
SIGNED = (Limit("opinion-signed", 20, HOUR), Limit("opinion-signed-day", 60, DAY))
LONGEST, SHORTEST = 2000, 2
COLUMNS = {Stand.FOR: "in_favour", Stand.AGAINST: "against", Stand.OTHER: "other"}
_OF_ACTOR = {Actor.HOST: OpinionActor.HOST, Actor.PARTY: OpinionActor.PARTY}


@dataclass(frozen=True, slots=True)
class Words:
    """What is said. `key`: the same form sent twice is one opinion."""

    text: str
    stand: str = Stand.OTHER
    is_confidential: bool = False
    key: uuid.UUID | None = None
    article: DraftArticle | None = None
    parent: Opinion | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: `by` None without an account; `clerk` where somebody wrote it down for them.

    `address` is counted for those without an account; `shown_as` the name for a person whom a clerk
    helps.
    """

    by: User | None
    address: str = ""
    clerk: User | None = None
    shown_as: str = ""

    @property
    def name(self) -> str:
        return (self.by.nickname or str(self.by)) if self.by else self.shown_as.strip()


def stage_open(consultation: Consultation) -> Stage | None:
    """The stage in which opinions are taken now, or None."""
    stage = consultation.stage
    if consultation.state != State.RUNNING or stage is None or stage.kind not in TAKES_OPINIONS:
        return None
    return stage


def level_wanted(stage: Stage) -> Level:
    rule = OpinionRule.objects.filter(stage=stage).first()
    return Level(rule.level) if rule else Level.PHONE


def say(
    consultation: Consultation,
    words: Words,
    *,
    speaker: Speaker,
    at: datetime.datetime,
    files: Sequence[Ready] = (),
) -> Opinion:
    """An opinion or a reply. What nobody has signed for waits until a host releases it.

    Raises RuleViolation (closed, level, too many, too short), NotYours (who writes for others).
    """
    if known := Opinion.objects.filter(key=words.key).first() if words.key else None:
        return known
    stage = stage_open(consultation)
    if stage is None:
        raise WrongState(_("Opinions are not taken at present. See when the next stage begins."))
    level = _level_of(speaker, consultation, at)
    if level < level_wanted(stage):
        raise RuleViolation(_WANTED[level_wanted(stage)](), code="level")
    made = _made(consultation, stage, words, speaker, level, at)
    _demand_quota(speaker, at)
    try:
        return _stored(made, files, at)
    except IntegrityError:  # the same form at the same moment
        return Opinion.objects.get(key=made.key)


_WANTED: dict[Level, Any] = {
    Level.PHONE: lambda: _("Sign in with your telephone number to speak here."),
    Level.REGISTERED: lambda: _("Here one speaks under a name: give yours on your page."),
    Level.VERIFIED: lambda: _(
        "Here confirmed residents speak: have yourself confirmed at the service window."
    ),
}


def _level_of(speaker: Speaker, consultation: Consultation, at: datetime.datetime) -> Level:
    if speaker.clerk is None:
        return level_of(speaker.by, at=at)
    if not roles_for(speaker.clerk, consultation, at=at) & SCREENERS:
        raise NotYours(_("Only clerks of this place write down what somebody says."))
    if not speaker.name:
        raise RuleViolation(_("Write how the person wants to be named."), code="no_name")
    # The clerk has the person before them; what only confirmed residents may do needs an account.
    return max(level_of(speaker.by, at=at), Level.REGISTERED)


def _demand_quota(speaker: Speaker, at: datetime.datetime) -> None:
    if speaker.clerk is not None:
        return
    limits, who = (SIGNED, str(speaker.by.pk)) if speaker.by else (UNSIGNED, speaker.address)
    if not all(quotas.take(limit, who, at=at) for limit in limits):
        raise RuleViolation(
            _("Many opinions came from here in a short time. Wait an hour, or sign in."),
            code="many",
        )


def _made(
    consultation: Consultation,
    stage: Stage,
    words: Words,
    speaker: Speaker,
    level: Level,
    at: datetime.datetime,
) -> Opinion:
    text = cleaned(words.text)
    made = Opinion(
        key=words.key or uuid.uuid4(),
        consultation=consultation,
        stage=stage,
        article=words.article,
        author=speaker.by,
        level=level,
        shown_as=speaker.name[:20],
        assisted_by=speaker.clerk,
        stand=words.stand if words.stand in Stand.values else Stand.OTHER,
        text=text,
        public_text=masked(text, speaker.by),
        is_confidential=words.is_confidential,
        state=OpinionState.SHOWN if speaker.by or speaker.clerk else OpinionState.WAITING,
        said_at=at,
    )
    _below(made, words.parent)
    if made.article and made.article.draft.consultation_id != consultation.pk:
        raise RuleViolation(_("This article belongs to another draft."), code="article")
    return made


def cleaned(text: str) -> str:
    said = text.replace("\r\n", "\n").strip()
    if len(said) < SHORTEST:
        raise RuleViolation(_("Write what you think."), code="short")
    if len(said) > LONGEST:
        raise RuleViolation(_("Use at most 2,000 letters."), code="long")
    return said


def masked(text: str, author: User | None) -> str:
    """As everybody reads it: no numbers, no doors, not the author's own name."""
    names = [author.full_name] if author and author.full_name else []
    return mask_text(text, names=names)


def _below(made: Opinion, parent: Opinion | None) -> None:
    if parent is None:
        return
    if parent.consultation_id != made.consultation_id or parent.state != OpinionState.SHOWN:
        raise RuleViolation(_("What you reply to is no longer shown."), code="parent")
    if parent.is_confidential or parent.depth >= DEEPEST:
        raise RuleViolation(_("Reply to the opinion above it: threads go no deeper."), code="depth")
    if made.is_confidential:
        raise RuleViolation(_("A reply is read by everybody."), code="confidential_reply")
    made.parent, made.depth = parent, parent.depth + 1
    made.root_id = parent.root_id or parent.pk
    made.article = parent.article


@transaction.atomic
def _stored(made: Opinion, files: Sequence[Ready], at: datetime.datetime) -> Opinion:
    # Again under the lock: nobody speaks in a stage that has just been left.
    locked = Consultation.objects.select_for_update(of=("self",)).get(pk=made.consultation_id)
    if locked.stage_id != made.stage_id:
        raise WrongState(_("Opinions are not taken at present. See when the next stage begins."))
    made.save(force_insert=True)
    keep(made, files)
    counted(made, +1)
    notifications.said(made, at=at)
    return made


# -- Counting --------------------------------------------------------------------------------------


def counted(opinion: Opinion, sign: int) -> None:
    """Add (+1) or take away (-1) an opinion in its present state from the counts."""
    columns = columns_of(opinion)
    changes: dict[str, Any] = {name: F(name) + sign for name in columns}
    if changes:
        tally, _is_new = OpinionTally.objects.get_or_create(consultation_id=opinion.consultation_id)
        OpinionTally.objects.filter(pk=tally.pk).update(**changes)
    if opinion.root_id and opinion.state == OpinionState.SHOWN:
        Opinion.objects.filter(pk=opinion.root_id).update(reply_count=F("reply_count") + sign)


def columns_of(opinion: Opinion) -> list[str]:
    """Which counts an opinion is in."""
    if opinion.state == OpinionState.WAITING:
        return ["waiting"]
    if opinion.state != OpinionState.SHOWN:
        return []
    if opinion.parent_id:
        return ["replies"]
    more = [("confidential", opinion.is_confidential), ("answered", bool(opinion.answer_id))]
    return [COLUMNS[Stand(opinion.stand)], *(name for name, holds in more if holds)]


# -- Moves -----------------------------------------------------------------------------------------


def opinion_actors(
    user: User, opinion: Opinion, *, at: datetime.datetime
) -> frozenset[OpinionActor]:
    found = {_OF_ACTOR.get(actor) for actor in actors_of(user, opinion.consultation, at=at)}
    mine = {OpinionActor.AUTHOR} if opinion.author_id == user.pk else set()
    return frozenset(actor for actor in {*found, *mine} if actor is not None)


def begin(opinion: Opinion, name: str, *, by: User, at: datetime.datetime) -> Opinion:
    """The opinion again, under its lock, if `by` may make this move."""
    rows = Opinion.objects.select_for_update(of=("self",)).select_related("consultation")
    locked = rows.get(pk=opinion.pk)
    demand(
        OPINION_MOVES, name, state=locked.state, label=lambda state: OpinionState(state).label,
        actors=lambda: opinion_actors(by, locked, at=at),
    )  # fmt: skip
    return locked


@transaction.atomic
def edit(opinion: Opinion, *, text: str, stand: str, by: User, at: datetime.datetime) -> Opinion:
    """Within half an hour, as long as nobody has answered: afterwards words stay as they are."""
    locked = begin(opinion, "edit", by=by, at=at)
    if at >= locked.said_at + EDIT_WINDOW or locked.answer_id:
        raise RuleViolation(
            _("It can be changed no more. Take it back, or add a reply."), code="window"
        )
    counted(locked, -1)
    locked.text = cleaned(text)
    locked.public_text = masked(locked.text, by)
    locked.stand = stand if stand in Stand.values else locked.stand
    locked.edited_at = at
    locked.save(update_fields=["text", "public_text", "stand", "edited_at"])
    counted(locked, +1)
    return locked


@transaction.atomic
def withdraw(opinion: Opinion, *, by: User, at: datetime.datetime) -> Opinion:
    """Its words go; replies of others stay below an empty place."""
    locked = begin(opinion, "withdraw", by=by, at=at)
    if locked.answer_id:
        raise RuleViolation(_("It was answered, and stays with its answer."), code="answered")
    counted(locked, -1)
    locked.state, locked.text, locked.public_text = OpinionState.WITHDRAWN, "", ""
    locked.save(update_fields=["state", "text", "public_text"])
    return locked


# -- Agreeing --------------------------------------------------------------------------------------


def like(opinion: Opinion, *, by: User, at: datetime.datetime) -> bool:
    """Whether it is new. One per person by the database; nobody agrees with themselves."""
    if level_of(by, at=at) < Level.PHONE or stage_open(opinion.consultation) is None:
        raise RuleViolation(_("One agrees while opinions are taken."), code="closed")
    if opinion.author_id == by.pk or opinion.state != OpinionState.SHOWN:
        raise RuleViolation(_("You cannot agree with this one."), code="own")
    try:
        with transaction.atomic():
            Like.objects.create(opinion=opinion, person=by, at=at)
            Opinion.objects.filter(pk=opinion.pk).update(likes=F("likes") + 1)
    except IntegrityError:
        return False
    return True


@transaction.atomic
def unlike(opinion: Opinion, *, by: User) -> bool:
    gone, _rows = Like.objects.filter(opinion=opinion, person=by).delete()
    if gone:
        Opinion.objects.filter(pk=opinion.pk).update(likes=F("likes") - 1)
    return bool(gone)
