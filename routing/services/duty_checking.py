"""Checking the duty list: every small class in every community, in steps that can be repeated.

A step settles some classes in one transaction: what is found stands, what is no longer found has
gone. So a check that broke off, or ran twice, changes nothing that the next one would not.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence

from celery import current_app
from django.db import transaction
from django.utils import timezone

from grids.models import RunState
from organizations.models import User
from routing.matching.standing import Standing
from routing.models import DutyFinding, DutyMark, DutyRun
from routing.services import runs
from routing.services.runs import Now

_CLASSES_OF_A_STEP = 10


def ask_duty_check(*, by: User, at: datetime.datetime, is_full: bool = False) -> DutyRun:
    """A check that waits; where one waits already, that one."""
    return runs.asked(DutyRun(asked_by=by, asked_at=at, is_full=is_full), _wake)


def check_soon(*, by: User, at: datetime.datetime) -> None:
    """After a change of the rules, where no check waits yet. One that runs may not see it."""
    if not DutyRun.objects.filter(state=RunState.WAITING).exists():
        ask_duty_check(by=by, at=at)


def _wake() -> None:
    current_app.signature("routing.tasks.check_duties").apply_async(retry=False)


def check_duties_waiting(*, moment: Now) -> DutyRun | None:
    """Carry out the check that waits; None where there is none, or another worker has it."""
    return runs.carried_out(DutyRun, _carry_out, moment)


def _carry_out(run: DutyRun, moment: Now) -> None:
    standing = Standing.load(timezone.localdate(moment()))
    digests = {key: standing.digest(key) for key in standing.categories()}
    marks = dict(DutyMark.objects.values_list("category_id", "digest"))
    changed = [key for key, now in digests.items() if run.is_full or marks.get(key) != now]
    runs.begun(run, len(changed))
    _forget_lost_classes(run, digests)
    for step in _batched(changed):
        with transaction.atomic():
            _settle(run, standing, step)
            _mark({key: digests[key] for key in step})
            runs.seen(run, len(step), moment())


def _batched(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    size = _CLASSES_OF_A_STEP
    return (keys[start : start + size] for start in range(0, len(keys), size))


def _forget_lost_classes(run: DutyRun, known: Iterable[int]) -> None:
    """A class that is no longer filed has nothing to mend, and is judged anew if it returns."""
    standing = DutyFinding.objects.standing()
    lost = set(standing.values_list("category_id", flat=True).distinct()) - set(known)
    standing.filter(category__in=lost).update(gone_in=run)
    DutyMark.objects.filter(category__in=lost).delete()


def _settle(run: DutyRun, standing: Standing, categories: Sequence[int]) -> None:
    found = {row.key: row for key in categories for row in _found(run, standing, key)}
    rows = DutyFinding.objects.standing().filter(category__in=categories)
    known = {row.key: row.pk for row in rows}
    gone = [pk for key, pk in known.items() if key not in found]
    for start in range(0, len(gone), 500):
        DutyFinding.objects.filter(pk__in=gone[start : start + 500]).update(gone_in=run)
    new = [row for key, row in found.items() if key not in known]
    DutyFinding.objects.bulk_create(new, batch_size=300)


def _found(run: DutyRun, standing: Standing, category_id: int) -> Iterator[DutyFinding]:
    for place, verdict in standing.row(category_id):
        if verdict.flaw is not None:
            yield DutyFinding(
                found_in=run,
                kind=str(verdict.flaw),
                category_id=category_id,
                community_id=place.community_id,
                town_id=place.town_id,
                lead_id=verdict.lead_id,
                entries=list(verdict.entries),
                reason=verdict.reason,
            )


def _mark(digests: dict[int, str]) -> None:
    DutyMark.objects.bulk_create(
        [DutyMark(category_id=key, digest=digest) for key, digest in digests.items()],
        update_conflicts=True,
        unique_fields=["category"],
        update_fields=["digest"],
    )
