"""Two levels of review (初核、复核), and free places for excellence that a committee confers."""

import datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from lib.errors import RuleViolation
from organizations.models import Post, User
from oversight import appraisal_notifications as notifications
from oversight.models import Appraisal, Appraised, Conferral, Edition, Score, Signature
from oversight.scoring import as_read, at_the_border
from oversight.services.appraisal_moves import begin, finish
from oversight.services.outcomes import as_published
from oversight.workflow import FIRST_REVIEWERS, SECOND_REVIEWERS, State

LEVELS = {1: ("sign_first", "pass_first"), 2: ("sign_second", "pass_second")}
# By level: in which state, and by whom.
SIGNS = {1: (State.FIRST, FIRST_REVIEWERS), 2: (State.SECOND, SECOND_REVIEWERS)}


class NothingToSign(RuleViolation):
    def __init__(self) -> None:
        text = _(
            "Nothing is left that you may sign: nobody reviews himself, his own body, or on both "
            "levels. Somebody else has to."
        )
        super().__init__(text, code="nothing_to_sign")


class NoPlaceLeft(RuleViolation):
    def __init__(self) -> None:
        text = _("Every place for excellence is taken.")
        super().__init__(text, code="no_place_left")


def own_bodies(user: User, *, on: datetime.date) -> Any:
    """Keys of the bodies in which `user` holds a post."""
    return Post.objects.held_by(user, on=on).values("body")


def is_own(user: User, *, on: datetime.date, prefix: str = "") -> Q:
    """What concerns `user`: the person, or a body or area for which a body of theirs answers."""
    mine = own_bodies(user, on=on)
    return Q(**{f"{prefix}person": user.pk}) | Q(
        **{f"{prefix}person": None, f"{prefix}body__in": mine}
    )


def to_sign(appraisal: Appraisal, level: int, *, by: User, on: datetime.date) -> QuerySet[Score]:
    """Results without a signature on this level that `by` may sign."""
    return _theirs(_unsigned(Appraisal.objects.filter(pk=appraisal.pk), level), by, on)


def waiting_for(user: User, *, on: datetime.date) -> int:
    """Appraisals of which `user` may sign something: a query for each level."""
    seen = Appraisal.objects.overseen_by(user, on=on).exclude(opened_by=user)
    count = 0
    for level, (state, roles) in SIGNS.items():
        if user.roles_on(on) & roles:
            rows = _theirs(_unsigned(seen.filter(state=state), level), user, on)
            count += rows.order_by().values("edition__appraisal").distinct().count()
    return count


def _theirs(rows: QuerySet[Score], by: User, on: datetime.date) -> QuerySet[Score]:
    own = Appraised.objects.filter(is_own(by, on=on))
    return rows.exclude(signatures__by=by).exclude(appraised__in=own.values("pk"))


def _unsigned(appraisals: QuerySet[Appraisal], level: int) -> QuerySet[Score]:
    keys = appraisals.values("pk")
    signed = Signature.objects.filter(level=level, score__edition__appraisal__in=keys)
    rows = Score.objects.newest().filter(edition__appraisal__in=keys)
    return rows.exclude(pk__in=signed.values("score")).order_by("pk")


@transaction.atomic
def sign(appraisal: Appraisal, level: int, *, by: User, at: datetime.datetime) -> int:
    """Sign every result that `by` may sign on this level; how many. The last one moves it on.

    Raises WrongState, NotYours, NothingToSign.
    """
    move, onwards = LEVELS[level]
    row, day = begin(appraisal, move, by=by, at=at), localdate(at)
    rows = list(to_sign(row, level, by=by, on=day))
    if not rows:
        raise NothingToSign
    Signature.objects.bulk_create(
        Signature(score=one, level=level, by=by, day=day, at=at) for one in rows
    )
    finish(row, move, by=by, at=at, facts={"signed": len(rows), "edition": row.edition})
    if not _unsigned(Appraisal.objects.filter(pk=row.pk), level).exists():
        finish(row, onwards, by=by, at=at)
        notifications.tell_reviewers(row, at=at)
    return len(rows)


@transaction.atomic
def confer(score: Score, *, reason: str, by: User, at: datetime.datetime) -> Conferral:
    """Give a free place to one of those of equal points who did not all fit in.

    The place is taken by a conditional count in the database: of two the last place goes to one.
    Raises WrongState, NotYours, NoPlaceLeft, RuleViolation.
    """
    appraisal = score.edition.appraisal
    row = begin(appraisal, "confer", by=by, at=at, reason=reason)
    edition = Edition.objects.get(appraisal=row, number=row.edition)
    if score.edition_id != edition.pk or score.appraised_id not in eligible(edition):
        raise RuleViolation(
            _("Only who has equal points at the border may be given a free place."), code="border"
        )
    if Appraised.objects.filter(is_own(by, on=localdate(at)), pk=score.appraised_id).exists():
        raise RuleViolation(_("Nobody decides about himself or his own body."), code="own")
    made = _taken(Conferral(score=score, reason=reason.strip()[:300], by=by, at=at))
    finish(row, "confer", by=by, at=at, facts={"score": score.pk, "edition": edition.number})
    return made


def _taken(conferral: Conferral) -> Conferral:
    try:
        with transaction.atomic():
            conferral.save(force_insert=True)
    except DatabaseError as error:
        raise NoPlaceLeft from error
    return conferral


def eligible(edition: Edition) -> set[int]:
    """Keys of the appraised who may be given a free place, while there is one."""
    if edition.excellent >= edition.places:
        return set()
    _rules, terms = as_read(edition.appraisal.stored)
    given = Conferral.objects.filter(score__edition=edition).values_list("score__appraised")
    return at_the_border(as_published(edition), terms) - {key for (key,) in given}
