"""Findings of visits become cases, with everything filled in that the visit knew."""

import datetime
import io
from typing import Any, BinaryIO, Unpack, cast

import structlog
from django.db import transaction
from django.utils import timezone

from cases.models import Case, Channel, FoundCase
from cases.services.intake import Matter, log
from grids.models import Finding, Territory, VisitPhoto
from grids.services import findings
from lib.errors import RuleViolation, WrongState
from organizations.models import Post, User
from routing.models import Category
from routing.models.catalogue import Publicity

AT_ONCE = 50
TITLE_LENGTH = 40
logger = structlog.get_logger(__name__)


def matter_of(finding: Finding) -> Matter:
    """What the visit knew. Of a private visit neither name nor door goes into the case."""
    visit, target = finding.visit, finding.visit.target
    text = finding.text.strip()
    matter: dict[str, Any] = {
        "title": text.splitlines()[0][:TITLE_LENGTH],
        "text": text,
        "category": Category.objects.small_classes().filter(code=finding.category).first(),
        "lon": finding.lon,
        "lat": finding.lat,
        "territory": Territory.objects.get(pk=visit.grid_id),
        "address": "" if visit.is_private else (target.address or str(target)),
    }
    if visit.is_private:
        matter["publicity"] = Publicity.CLOSED
    return cast("Matter", matter)


def make_case(
    finding: Finding,
    *,
    by: User,
    at: datetime.datetime,
    logged_by: User | None = None,
    photos: Any = (),
    **said: Unpack[Matter],
) -> Case:
    """The case of a finding, made by whoever may claim it; `said` replaces what the visit knew.

    A finding that has its case already answers with it. Raises WrongState, NotYours, RuleViolation.
    """
    known = case_of(finding)
    if known is not None:
        return known
    with transaction.atomic():
        locked = findings.begin(finding, "claim", by=by, at=at)
        kept = [_content(photo) for photo in locked.photos.order_by("pk")]
        case = log(
            by=logged_by or by,
            at=at,
            channel=Channel.VISIT,
            client_key=f"finding:{locked.pk}",
            photos=[*kept, *photos],
            **cast("Matter", {**matter_of(locked), **said}),
        )
        FoundCase.objects.create(finding=locked, case=case, by=by, at=at)
        findings.claimed(locked, str(case.pk), by=by, at=at)
    return case


def _content(photo: VisitPhoto) -> BinaryIO:
    with photo.image.open() as file:
        return io.BytesIO(file.read())


def case_of(finding: Finding) -> Case | None:
    return Case.objects.filter(found_on__finding=finding).first()


def claim_waiting(*, at: datetime.datetime) -> int:
    """A case for each finding whose visitor asked for one; how many were made."""
    system, made = User.objects.system(), 0
    waiting = Finding.objects.waiting().select_related("visit__by", "visit__target")
    for finding in waiting[:AT_ONCE]:
        made += _claim(finding, system, at)
    return made


def _claim(finding: Finding, system: User, at: datetime.datetime) -> int:
    """In the visitor's name as long as they hold a post: the receipt is theirs."""
    visitor = finding.visit.by
    serves = Post.objects.held_by(visitor, on=timezone.localdate(at)).exists()
    try:
        make_case(finding, by=system, at=at, logged_by=visitor if serves else system)
    except WrongState:
        return 0  # another worker was faster
    except RuleViolation as refusal:
        logger.warning("finding_made_no_case", finding=finding.pk, code=refusal.code)
        findings.give_back(finding, by=system, at=at)
        return 0
    return 1
