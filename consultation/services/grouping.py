"""Opinions that say the same are brought together; the host corrects what the machine found."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from consultation.likeness import Alike, groups_of
from consultation.models import Consultation, Opinion, OpinionGroup
from consultation.models.opinions import OpinionQuerySet
from consultation.opinion_workflow import OpinionState
from consultation.services.actors import demand
from consultation.services.history import lock
from consultation.workflow import Actor
from lib.errors import RuleViolation
from organizations.models import User

MOST = 5000
TITLE = 80


def group_alike(consultation: Consultation, *, by: User, at: datetime.datetime) -> int:
    """Groups of the newest opinions; how many there are. What the host has put somewhere stays.

    Looked for outside of any lock, written under it: an opinion that changed meanwhile is left out.
    """
    demand(by, consultation, Actor.HOST, at=at)
    rows = list(_free(consultation).order_by("-pk").values_list("pk", "text")[:MOST])
    found = groups_of([text for _key, text in rows])
    with transaction.atomic():
        locked = lock(consultation)
        _dissolve(locked)
        for alike in found:
            _make(locked, [rows[place] for place in alike.places], alike, at=at)
    return len(found)


def _free(consultation: Consultation) -> OpinionQuerySet:
    rows: OpinionQuerySet = Opinion.objects.all()
    return rows.top().filter(
        consultation=consultation, state=OpinionState.SHOWN, group_by_host=False
    )


def _dissolve(consultation: Consultation) -> None:
    """What the machine found before, apart from what the host has touched."""
    _free(consultation).update(group=None)
    groups = OpinionGroup.objects.filter(consultation=consultation, made_by=None)
    groups.exclude(opinions__group_by_host=True).delete()


def _make(
    consultation: Consultation, rows: list[tuple[int, str]], alike: Alike, *, at: datetime.datetime
) -> None:
    title = " · ".join(alike.words)[:TITLE] or rows[0][1][:TITLE]
    group = OpinionGroup.objects.create(
        consultation=consultation, title=title, words=list(alike.words), made_at=at, size=len(rows)
    )
    _free(consultation).filter(pk__in=[key for key, _text in rows]).update(group=group)


@transaction.atomic
def put_into(
    opinion: Opinion,
    group: OpinionGroup | None,
    *,
    by: User,
    at: datetime.datetime,
    title: str = "",
) -> OpinionGroup | None:
    """The host's hand: into another group, a new one (`title`), or out of all; it stays there."""
    locked = lock(opinion.consultation)
    demand(by, locked, Actor.HOST, at=at)
    if group is None and title.strip():
        group = OpinionGroup.objects.create(
            consultation=locked, title=title.strip()[:TITLE], made_by=by, made_at=at
        )
    if group is not None and group.consultation_id != locked.pk:
        raise RuleViolation(_("This group belongs to another consultation."), code="group")
    before = Opinion.objects.values_list("group_id", flat=True).get(pk=opinion.pk)
    Opinion.objects.filter(pk=opinion.pk).update(group=group, group_by_host=True)
    for key in {key for key in (before, group.pk if group else None) if key is not None}:
        size = Opinion.objects.filter(group=key).count()
        OpinionGroup.objects.filter(pk=key).update(size=size)
    OpinionGroup.objects.filter(pk=before, size=0).delete()
    return group


@transaction.atomic
def rename(group: OpinionGroup, *, title: str, by: User, at: datetime.datetime) -> OpinionGroup:
    demand(by, group.consultation, Actor.HOST, at=at)
    if not title.strip():
        raise RuleViolation(_("Give the group a title."), code="title")
    group.title, group.made_by = title.strip()[:TITLE], by
    group.save(update_fields=["title", "made_by"])
    return group
