"""Hosts release and hide, always with a reason in the public log; authors may appeal.

An appeal is decided by somebody else than who hid the opinion.
"""

import datetime
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from consultation import opinion_notifications as notifications
from consultation.models import Appeal, HideReason, ModerationEntry, Opinion, OpinionFile
from consultation.opinion_workflow import OpinionState
from consultation.services.history import record
from consultation.services.opinions import begin, counted
from lib.errors import NotYours, RuleViolation
from lib.masking import mask_text
from organizations.models import Post, User

Act = ModerationEntry.Act


def office_of(user: User, opinion_of: Any, *, at: datetime.datetime) -> str:
    """The body in whose name somebody acts here: never the person."""
    posts = Post.objects.held_by(user, on=localdate(at)).select_related("body").order_by("pk")
    mine = [post.body for post in posts]
    same = [body for body in mine if body.pk == opinion_of.body_id]
    return str((same or mine or [opinion_of.body])[0].name)


@transaction.atomic
def release(opinion: Opinion, *, by: User, at: datetime.datetime) -> Opinion:
    """Shown from now on, with its files: a person has looked at them."""
    locked = begin(opinion, "release", by=by, at=at)
    counted(locked, -1)
    locked.state = OpinionState.SHOWN
    locked.save(update_fields=["state"])
    counted(locked, +1)
    OpinionFile.objects.filter(opinion=locked).update(is_public=True)
    _log(locked, Act.RELEASE, by=by, at=at)
    notifications.released(locked, at=at)
    return locked


@transaction.atomic
def release_files(opinion: Opinion, *, by: User, at: datetime.datetime) -> int:
    """Files of an opinion that is shown already."""
    locked = begin(opinion, "answer", by=by, at=at)
    return OpinionFile.objects.filter(opinion=locked, is_public=False).update(is_public=True)


@transaction.atomic
def hide(
    opinion: Opinion, *, reason: str, by: User, at: datetime.datetime, note: str = ""
) -> Opinion:
    if reason not in HideReason.values:
        raise RuleViolation(_("Choose the reason: it stands in place of the text."), code="reason")
    locked = begin(opinion, "hide", by=by, at=at)
    counted(locked, -1)
    entry = _log(locked, Act.HIDE, by=by, at=at, reason=reason, note=note)
    locked.state, locked.hiding = OpinionState.HIDDEN, entry
    locked.save(update_fields=["state", "hiding"])
    notifications.hidden(locked, entry, at=at)
    return locked


def appeal(opinion: Opinion, *, text: str, by: User, at: datetime.datetime) -> Appeal:
    """Once against each hiding."""
    said = text.strip()[:500]
    if not said:
        raise RuleViolation(_("Say why it should be shown."), code="empty")
    try:
        with transaction.atomic():
            locked = begin(opinion, "appeal", by=by, at=at)
            made = Appeal.objects.create(
                opinion=locked, against=cast("ModerationEntry", locked.hiding), text=said, at=at
            )
            notifications.appealed(made, at=at)
            return made
    except IntegrityError as error:
        raise RuleViolation(_("You have appealed already."), code="twice") from error


@transaction.atomic
def decide(
    appeal: Appeal, *, show: bool, note: str, by: User, at: datetime.datetime
) -> ModerationEntry:
    """Show the opinion again, or leave it hidden; the explanation stands in the public log."""
    if not note.strip():
        raise RuleViolation(_("Explain the decision."), code="no_reason")
    row = Appeal.objects.select_for_update(of=("self",)).select_related("against").get(pk=appeal.pk)
    if row.decision_id:
        raise RuleViolation(_("This appeal was decided before."), code="decided")
    locked = begin(row.opinion, "restore" if show else "uphold", by=by, at=at)
    if row.against.by_id == by.pk:
        raise NotYours(_("Somebody else decides: you have hidden it."))
    entry = _log(locked, Act.RESTORE if show else Act.UPHOLD, by=by, at=at, note=note)
    if show:
        locked.state, locked.hiding = OpinionState.SHOWN, None
        locked.save(update_fields=["state", "hiding"])
        counted(locked, +1)
    row.decision = entry
    row.save(update_fields=["decision"])
    notifications.decided(locked, entry, at=at)
    return entry


def _log(
    opinion: Opinion, act: str, *, by: User, at: datetime.datetime, reason: str = "", note: str = ""
) -> ModerationEntry:
    found = opinion.consultation
    entry = ModerationEntry.objects.create(
        opinion=opinion,
        consultation=found,
        act=act,
        reason=reason,
        note=mask_text(note.strip())[:300],
        office=office_of(by, found, at=at),
        by=by,
        at=at,
    )
    record(found, f"opinion-{act}", by=by, at=at, opinion=opinion.pk, reason=reason)
    return entry
