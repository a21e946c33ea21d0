"""Reports of one matter become one case: merged into the one that is kept, and taken apart."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cases import notifications
from cases.models import Case, Distinct
from cases.services.actors import moves_for
from cases.services.intake import waits_for_router
from cases.services.moves import begin, finish, record
from cases.workflow import ENDED
from lib.errors import NotYours, RuleViolation
from organizations.models import User


def merge(case: Case, *, kept: Case, by: User, at: datetime.datetime, note: str = "") -> Case:
    """`case` ends here; whoever reported it follows the case that is kept from now on.

    Reports merged into `case` before follow along. Raises RuleViolation: the kept case has ended,
    it is the same one, or `case` is a part of another.
    """
    with transaction.atomic():
        _lock(case, kept)
        locked = begin(case, "merge", by=by, at=at, note=note)
        stays = Case.objects.get(pk=kept.pk)
        _may_merge(locked, stays)
        moved = _move_followers(locked, stays)
        facts = {"kept": stays.pk, "number": stays.number, "followers": moved}
        merged = finish(locked, "merge", by=by, at=at, note=note, facts=facts, kept=stays)
        _remember(stays, "merge_in", merged, by=by, at=at)
        notifications.tell_followers(merged, "case-merged", by=by, at=at)
        return merged


def _lock(case: Case, kept: Case) -> None:
    """Both, and what follows `case`, in the order of keys: two merges never wait in a ring."""
    keys = {case.pk, kept.pk, *Case.objects.filter(kept=case).values_list("pk", flat=True)}
    rows = Case.objects.filter(pk__in=keys).select_for_update(of=("self",))
    list(rows.order_by("pk").values_list("pk"))


def _may_merge(case: Case, kept: Case) -> None:
    if kept.pk == case.pk:
        raise RuleViolation(_("Choose another case to keep."), code="same_case")
    if kept.state in ENDED:
        raise RuleViolation(
            _("The case to keep has ended. Merge into one that goes on."), code="kept_has_ended"
        )
    if case.parent_id is not None:
        raise RuleViolation(_("A part of a case is not merged."), code="is_a_part")


def _move_followers(case: Case, kept: Case) -> list[int]:
    """Reports merged into `case` before point at the kept case itself: never at a merged one."""
    followers = list(Case.objects.filter(kept=case).order_by("pk").values_list("pk", flat=True))
    Case.objects.filter(pk__in=followers).update(kept=kept)
    return followers


def _remember(kept: Case, name: str, other: Case, *, by: User, at: datetime.datetime) -> None:
    """The kept case's own history names the report that joined or left it."""
    facts = {"case": other.pk, "number": other.number}
    record(kept, name, before=kept.state, by=by, at=at, facts=facts)
    kept.save(update_fields=["version", "head"])


def unmerge(case: Case, *, by: User, at: datetime.datetime, note: str = "") -> Case:
    """Not the same after all: the case is open again, filed if it had been filed, and goes to the
    router; otherwise it waits for acceptance.
    """
    with transaction.atomic():
        kept = Case.objects.select_related("kept").get(pk=case.pk).kept
        if kept is not None:
            _lock(case, kept)
        name = "unmerge" if case.filed_at is None else "unmerge_filed"
        locked = begin(case, name, by=by, at=at, note=note)
        stays = Case.objects.get(merged_cases=locked)
        facts = {"kept": stays.pk, "number": stays.number}
        back = {} if locked.filed_at is None else waits_for_router(locked, at=at)
        changes = {"kept": None, "ended_at": None, **back}
        opened = finish(locked, name, by=by, at=at, note=note, facts=facts, **changes)
        _remember(stays, "merge_out", opened, by=by, at=at)
        notifications.tell_followers(opened, "case-unmerged", by=by, at=at)
        return opened


def tell_apart(case: Case, other: Case, *, by: User, at: datetime.datetime) -> None:
    """Looked at and found to be two: the pair is no longer shown. For who may merge one."""
    first, second = sorted((case, other), key=lambda row: row.pk)
    if not any("merge" in moves_for(by, row, at=at) for row in (first, second)):
        raise NotYours(_("Only those who may merge the cases tell them apart."))
    Distinct.objects.get_or_create(first=first, second=second, defaults={"by": by, "at": at})
