"""Lines and what they may be used for. No amount changes here: only entries move money."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from funding.models import Line, LinePurpose, Purpose, Source, SourcePurpose
from funding.services.answers import LINES
from grids.services.counting import note_change
from lib.errors import RuleViolation
from organizations.models import User
from organizations.services import changes


@transaction.atomic
def make_line(
    *, purposes: Iterable[Purpose], by: User, at: datetime.datetime, **values: Any
) -> Line:
    """An empty line; `values` are its columns without amounts."""
    line = changes.create(Line(**values), by=by, at=at)
    _earmark(line, purposes, by=by, at=at)
    note_change(LINES)
    return line


@transaction.atomic
def change_line(
    line: Line,
    *,
    by: User,
    at: datetime.datetime,
    purposes: Iterable[Purpose] | None = None,
    **values: Any,
) -> Line:
    """Names, territory, period and purposes. Owner and source stay: money would change hands."""
    fixed = {"code", "source", "body"} & values.keys()
    if fixed:
        raise TypeError(f"make another line to change {', '.join(sorted(fixed))}")
    changed = changes.revise(line, values, by=by, at=at)
    if purposes is not None:
        _earmark(changed, purposes, by=by, at=at)
    note_change(LINES)
    return changed


@transaction.atomic
def end_line(line: Line, *, on: datetime.date, by: User, at: datetime.datetime) -> Line:
    """Nothing new is reserved from that day on; what is reserved goes its way."""
    ended = changes.end(line, on=on, by=by, at=at)
    note_change(LINES)
    return ended


def _earmark(line: Line, purposes: Iterable[Purpose], *, by: User, at: datetime.datetime) -> None:
    """Let the line be used for these purposes and no others; its source must allow each."""
    wanted = {purpose.pk: purpose for purpose in purposes}
    allowed = set(
        SourcePurpose.objects.filter(source=line.source).values_list("purpose", flat=True)
    )
    for purpose in wanted.values():
        if purpose.pk not in allowed:
            raise RuleViolation(
                _("%(source)s may not be used for %(purpose)s.")
                % {"source": line.source, "purpose": purpose},
                code="purpose_not_allowed",
            )
    rows = LinePurpose.objects.filter(line=line)
    before = dict(rows.values_list("purpose", "purpose__code"))
    rows.exclude(purpose__in=wanted).delete()
    LinePurpose.objects.bulk_create(
        LinePurpose(line=line, purpose=purpose)
        for key, purpose in wanted.items()
        if key not in before
    )
    _record(line, before.values(), wanted.values(), by=by, at=at)


@transaction.atomic
def allow_purposes(
    source: Source, *, purposes: Iterable[Purpose], by: User, at: datetime.datetime
) -> None:
    """What money of this source may be used for. What lines already name cannot be taken back."""
    source = changes.locked(source)
    wanted = {purpose.pk: purpose for purpose in purposes}
    rows = SourcePurpose.objects.filter(source=source)
    before = dict(rows.values_list("purpose", "purpose__code"))
    used = LinePurpose.objects.filter(line__source=source).exclude(purpose__in=wanted)
    if used.exists():
        raise RuleViolation(
            _("Lines of this source are used for a purpose that you take away."), code="used"
        )
    rows.exclude(purpose__in=wanted).delete()
    SourcePurpose.objects.bulk_create(
        SourcePurpose(source=source, purpose=purpose)
        for key, purpose in wanted.items()
        if key not in before
    )
    _record(source, before.values(), wanted.values(), by=by, at=at)
    note_change(LINES)


def _record(
    row: Line | Source,
    before: Iterable[str],
    after: Iterable[Purpose],
    *,
    by: User,
    at: datetime.datetime,
) -> None:
    changes.record_values(
        row,
        before={"purposes": sorted(before)},
        after={"purposes": sorted(purpose.code for purpose in after)},
        by=by,
        at=at,
        action=changes.CHANGE,
    )
