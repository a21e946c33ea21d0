"""Making a visit: whose, when, where, with its answers, findings and photos."""

import datetime
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.locate import locate
from grids.models import (
    Finding,
    TargetKind,
    Visit,
    VisitEvent,
    VisitForm,
    VisitTarget,
)
from grids.models.visit_plans import VISITORS
from grids.questions import faults_of_answers
from grids.scopes import scopes_of
from grids.services import visit_photos
from grids.services.findings import Found, note_findings
from grids.services.visit_photos import SentPhoto
from grids.services.visit_planning import note_visit
from lib.chain import fingerprint
from lib.coordinates import is_position, metres_between
from lib.errors import NotYours, RuleViolation
from organizations.models import User

# A telephone without a connection keeps a visit at most this long.
OLDEST = datetime.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Where the device stood (WGS-84, metres) and when; far or placeless needs a reason."""

    at: datetime.datetime
    lon: float | None = None
    lat: float | None = None
    accuracy_m: int | None = None
    far_reason: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a visit brings home; `client_key` makes a repeat harmless."""

    client_key: str
    answers: Mapping[str, Any]
    note: str = ""
    findings: Sequence[Found] = ()
    photos: Sequence[SentPhoto] = field(default_factory=tuple)


def make_visit(
    target: VisitTarget,
    form: VisitForm,
    *,
    check_in: CheckIn,
    report: Report,
    by: User,
    at: datetime.datetime,
) -> Visit:
    """Store a visit with its findings and photos; the same key again answers with the same visit.

    What the rules say is judged by the day of the visit: a telephone may bring it later.
    Raises RuleViolation, NotYours.
    """
    known = Visit.objects.filter(client_key=report.client_key).first()
    if known is not None:
        return _same_visit(known, target, form, by)
    check_whose(target, by, at)
    check_when(target, form, check_in.at, at)
    check_answers(form, report.answers, _photos_by_question(report.photos))
    visit = placed(target, form, check_in, at)
    visit.client_key, visit.by = report.client_key, by
    visit.answers, visit.note = dict(report.answers), report.note.strip()[:1000]
    prepared = visit_photos.prepare(report.photos)
    try:
        with transaction.atomic():
            _store(visit, report, prepared, at)
    except IntegrityError:
        known = Visit.objects.filter(client_key=report.client_key).first()
        if known is None:
            raise
        return _same_visit(known, target, form, by)
    return visit


def _same_visit(visit: Visit, target: VisitTarget, form: VisitForm, by: User) -> Visit:
    if visit.by_id != by.pk:
        raise NotYours(_("Somebody else has used this key; make another."))
    if (visit.target_id, visit.kind_id) != (target.pk, form.kind_id):
        raise RuleViolation(_("This key was used for another visit; make another."), code="key")
    return visit


def check_whose(target: VisitTarget, by: User, at: datetime.datetime) -> None:
    if not covers(by, target, at=at):
        raise NotYours(_("This lies outside your grids. Ask who answers for it."))


def covers(user: User, row: VisitTarget | Visit, *, at: datetime.datetime) -> bool:
    """Whether one of the posts of `user` makes visits there."""
    place = {"town": row.town_id, "community": row.community_id, "grid": row.grid_id}
    return any(
        scope.role in VISITORS and scope.covers(**place)
        for scope in scopes_of(user, on=timezone.localdate(at))
    )


def check_when(
    target: VisitTarget, form: VisitForm, was: datetime.datetime, at: datetime.datetime
) -> None:
    day = timezone.localdate(was)
    if at - was > OLDEST:
        text = _("This visit is more than 30 days old. Tell your community about it.")
        raise RuleViolation(text, code="old")
    if not form.kind.is_valid_on(day):
        text = _("Visits of this kind were not made on that day any more.")
        raise RuleViolation(text, code="kind")
    if not target.is_valid_on(day):
        text = _("On that day this was visited no longer: it had been ended.")
        raise RuleViolation(text, code="target")
    if form.kind.target_kind != target.kind:
        raise RuleViolation(_("This kind of visit is for something else."), code="target_kind")


def _photos_by_question(photos: Sequence[SentPhoto]) -> dict[str, int]:
    return dict(Counter(each.question for each in photos if each.question))


def check_answers(form: VisitForm, answers: Mapping[str, Any], photos: Mapping[str, int]) -> None:
    if faults := faults_of_answers(form.questions, answers, photos=photos):
        raise RuleViolation(" ".join(faults), code="answers")


def placed(target: VisitTarget, form: VisitForm, check_in: CheckIn, at: datetime.datetime) -> Visit:
    distance = _distance(target, check_in)
    reason = check_in.far_reason.strip()[:200]
    if not reason and is_far(target, form, check_in):
        raise RuleViolation(
            _("You are not at the place, or your position is not known: write why."), code="far"
        )
    return Visit(
        kind=form.kind, form=form, target=target,
        is_private=form.kind.is_private or target.is_private,
        town_id=target.town_id, community_id=target.community_id, grid_id=target.grid_id,
        at=min(check_in.at, at), received_at=at, lon=check_in.lon, lat=check_in.lat,
        accuracy_m=check_in.accuracy_m, distance_m=distance, far_reason=reason,
        salt=secrets.token_hex(16),
    )  # fmt: skip


def is_far(target: VisitTarget, form: VisitForm, check_in: CheckIn) -> bool:
    """Whether whoever checked in there has to say why."""
    distance = _distance(target, check_in)
    if distance is None:
        return target.point is not None or check_in.lon is None
    return distance > form.kind.farthest_m + (check_in.accuracy_m or 0)


def _distance(target: VisitTarget, check_in: CheckIn) -> int | None:
    """Metres to the target; none where one stands inside the grid that one goes through."""
    if check_in.lon is None or check_in.lat is None:
        return None
    if not is_position(check_in.lon, check_in.lat):
        raise RuleViolation(_("This point does not lie on the Earth."), code="point")
    if target.kind == TargetKind.GRID:
        place = locate(check_in.lon, check_in.lat)
        if place is not None and place.grid_id == target.grid_id:
            return 0
    if target.point is None:
        return None
    return round(metres_between(target.point, (check_in.lon, check_in.lat)))


def _store(
    visit: Visit, report: Report, prepared: Sequence[visit_photos.Prepared], at: datetime.datetime
) -> None:
    visit.save(force_insert=True)
    findings = note_findings(visit, report.findings, at=at)
    visit_photos.store(visit, prepared, findings)
    record(visit, "check_in", by=visit.by, at=at, facts=_facts_of(visit, findings, prepared))
    note_visit(visit)


def _facts_of(
    visit: Visit, findings: Sequence[Finding], prepared: Sequence[visit_photos.Prepared]
) -> dict[str, Any]:
    return {
        "at": visit.at.astimezone(datetime.UTC).isoformat(),
        "form": visit.form_id,
        "target": visit.target_id,
        "place": [visit.lon, visit.lat, visit.accuracy_m, visit.distance_m],
        "words": digest_of(visit),
        "findings": [finding.client_key for finding in findings],
        "photos": sorted(each.ready.sha256 for each in prepared),
    }


def digest_of(visit: Visit) -> str:
    """Of what was answered: with a salt that goes when the words are erased."""
    return fingerprint(
        {"salt": visit.salt, "answers": visit.answers, "note": visit.note, "far": visit.far_reason}
    )


def record(
    visit: Visit, move: str, *, by: User, at: datetime.datetime, facts: dict[str, Any]
) -> VisitEvent:
    """Append to the history; the visit remembers where its chain ends."""
    event = VisitEvent(visit=visit, move=move, by=by, at=at, facts=facts)
    event.seal(previous=visit.events.order_by("-number").first())
    event.save(force_insert=True)
    visit.version, visit.head = event.number, event.hash
    visit.save(update_fields=["version", "head"])
    return event
