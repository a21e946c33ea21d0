"""How each source is raised, approved and published, from `funding/reference`; edited by people.

Sources of the rules: 预算法 (2018) art. 13, 14, 42; 慈善法 (2023) art. 72, 79; 农村集体经济组织法
(2024) art. 26, 35, 42, 44; 居民委员会组织法 art. 16; 民法典 art. 282. Amounts of the ladder are a
usual practice of towns: each committee sets its own.
"""

import datetime
from collections.abc import Callable

from funding.models import Ban, Purpose, Rung, Source, SourceRule
from funding.reference import read_rows
from organizations.models import User
from organizations.services import changes

LADDERS_SINCE = datetime.date(2015, 1, 1)
Row = dict[str, str]
Make = Callable[[Row, dict[str, Source], dict[str, Purpose]], SourceRule | Ban | Rung]


def load_rules(*, by: User, at: datetime.datetime) -> int:
    """Add the rules of each source that has none of their kind; how many rows."""
    sources = {source.code: source for source in Source.objects.all()}
    purposes = {purpose.code: purpose for purpose in Purpose.objects.all()}
    made: list[tuple[type[SourceRule | Ban | Rung], str, Make]] = [
        (SourceRule, "rules", _rule),
        (Ban, "bans", _ban),
        (Rung, "rungs", _rung),
    ]
    count = 0
    for model, name, make in made:
        known = set(model._default_manager.values_list("source__code", flat=True))
        for row in read_rows(name):
            if row["source"] in sources.keys() - known:
                changes.create(make(row, sources, purposes), by=by, at=at)
                count += 1
    return count


def _rule(row: Row, sources: dict[str, Source], _: dict[str, Purpose]) -> SourceRule:
    return SourceRule(
        source=sources[row["source"]],
        valid_from=row["valid_from"],
        raising=row["raising"],
        raising_en=row["raising_en"],
        basis=row["basis"],
        publish_days=int(row["publish_days"]),
        publish_every=int(row["publish_every"]),
        emergency_days=int(row["emergency_days"]) if row["emergency_days"] else None,
        carry_years=int(row["carry_years"]),
        needs_decision=bool(row["needs_decision"]),
    )


def _ban(row: Row, sources: dict[str, Source], purposes: dict[str, Purpose]) -> Ban:
    return Ban(
        source=sources[row["source"]],
        purpose=purposes[row["purpose"]],
        valid_from=row["valid_from"],
        reason=row["reason"],
    )


def _rung(row: Row, sources: dict[str, Source], _: dict[str, Purpose]) -> Rung:
    return Rung(
        source=sources[row["source"]],
        position=int(row["position"]),
        above=int(row["above"]),
        role=row["role"],
        valid_from=LADDERS_SINCE,
    )
