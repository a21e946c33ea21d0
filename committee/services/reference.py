"""Kinds of meetings, rules of terms and of coverage, from `committee/reference`."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models, transaction

from committee.models import CoverageRule, MeetingKind, TermRule
from committee.reference import read_rows
from organizations.models import BodyKind, User
from organizations.services import changes

# Since the rules for branches (支部工作条例) are in force.
SINCE = datetime.date(2018, 10, 28)
Kinds = Mapping[str, BodyKind]
Made = tuple[models.Model, Mapping[str, list[BodyKind]]]


@transaction.atomic
def load_reference(*, by: User, at: datetime.datetime) -> int:
    """Add what is missing; how many rows. What people have edited or ended stays as it is."""
    kinds = {kind.code: kind for kind in BodyKind.objects.all()}
    missing = [
        *_meeting_kinds(kinds),
        *([] if TermRule.objects.exists() else _term_rules(kinds)),
        *([] if CoverageRule.objects.exists() else _coverage_rules()),
    ]
    for row, links in missing:
        changes.create(row, links=links, by=by, at=at)
    return len(missing)


def _meeting_kinds(kinds: Kinds) -> Iterator[Made]:
    known = set(MeetingKind.objects.values_list("code", flat=True))
    for row in read_rows("meeting_kinds"):
        holders = [kinds[code] for code in row.pop("body_kinds") if code in kinds]
        if row["code"] not in known:
            yield MeetingKind(valid_from=SINCE, **_columns(row)), {"body_kinds": holders}


def _term_rules(kinds: Kinds) -> Iterator[Made]:
    for row in read_rows("term_rules"):
        kind = kinds.get(row.pop("body_kind"))
        if kind is not None:
            yield TermRule(valid_from=SINCE, body_kind=kind, **row), {}


def _coverage_rules() -> Iterator[Made]:
    for row in read_rows("coverage_rules"):
        yield CoverageRule(valid_from=SINCE, **row), {}


def _columns(row: dict[str, Any]) -> dict[str, Any]:
    shares = {name: row.pop(name) for name in ("quorum", "majority")}
    parts = {
        f"{name}_{end}": value
        for name, share in shares.items()
        for end, value in zip(("part", "whole"), share, strict=True)
    }
    return {"majority_over": False, **row, **parts}
