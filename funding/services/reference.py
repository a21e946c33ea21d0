"""Sources, purposes, what each source may be used for and its rules, from `funding/reference`.

The five sources and the order in which routing asks them: the public budget first, donations last
(their purpose is the donor's, 慈善法 2023 art. 110). The community autonomy fund pays for the Party
branch's service, public service, self-governance and other matters of residents, not for offices,
salaries or works that a department owes. What a source is not given here it does not allow.
"""

import datetime

from django.db import transaction

from funding.models import Purpose, Source, SourcePurpose
from funding.reference import read_rows
from funding.services.rules import load_rules
from organizations.models import User
from organizations.services import changes


@transaction.atomic
def load_reference(*, by: User, at: datetime.datetime) -> int:
    """Add what is missing; how many rows. What people have edited stays, as does what is new.

    A purpose that somebody took from a source is not given back: pairs are added only for sources
    or purposes that this call adds.
    """
    sources = [
        Source(code=row["code"], rank=row["rank"], name=row["name"], name_en=row["name_en"])
        for row in read_rows("sources")
    ]
    purposes = [
        Purpose(code=row["code"], name=row["name"], name_en=row["name_en"])
        for row in read_rows("purposes")
    ]
    new = _add(Source, sources, by, at) | _add(Purpose, purposes, by, at)
    return len(new) + _allow(new, by, at) + load_rules(by=by, at=at)


def _add(
    model: type[Source | Purpose],
    rows: list[Source] | list[Purpose],
    by: User,
    at: datetime.datetime,
) -> set[tuple[str, str]]:
    known = set(model._default_manager.values_list("code", flat=True))
    added = [row for row in rows if row.code not in known]
    for row in added:
        changes.create(row, by=by, at=at)
    return {(model.__name__, row.code) for row in added}


def _allow(new: set[tuple[str, str]], by: User, at: datetime.datetime) -> int:
    sources = {source.code: source for source in Source.objects.all()}
    purposes = {purpose.code: purpose for purpose in Purpose.objects.all()}
    pairs = [
        (row["source"], row["purpose"])
        for row in read_rows("allowed")
        if ("Source", row["source"]) in new or ("Purpose", row["purpose"]) in new
    ]
    for source, purpose in pairs:
        pair = SourcePurpose(source=sources[source], purpose=purposes[purpose])
        changes.create(pair, by=by, at=at)
    return len(pairs)
