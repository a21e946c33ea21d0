"""What money was for, as everybody may read it: published cases by number, nothing by name."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import SUBJECT as CASE
from cases.models import Case
from funding.models import Application, DistributionPlan
from funding.models.applications import SUBJECT as APPLICATION
from funding.services.deciding import SUBJECT as PLAN
from portal import publication
from volunteers.models import Wish
from volunteers.services.taking import SUBJECT as WISH

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Subject:
    """`url`: the public page of what it is; `money_url`: all money that was kept for it."""

    label: str
    url: str = ""
    money_url: str = ""


def public_subjects(pairs: Iterable[Pair]) -> dict[Pair, Subject]:
    """What may be shown of these (kind, key): one query per kind; others are left out."""
    keys: dict[str, list[int]] = {CASE: [], APPLICATION: [], PLAN: [], WISH: []}
    for kind, key in set(pairs):
        if kind in keys and key.isdigit():
            keys[kind].append(int(key))
    return {
        **_cases(keys[CASE]),
        **_applications(keys[APPLICATION]),
        **_plans(keys[PLAN]),
        **_wishes(keys[WISH]),
    }


def _money(kind: str, key: int) -> str:
    return reverse("portal:money_subject", args=[kind, key])


def _cases(keys: list[int]) -> dict[Pair, Subject]:
    if not keys:
        return {}
    cases = Case.objects.published().filter(pk__in=keys).select_related("category")
    return {
        (CASE, str(case.pk)): Subject(
            f"{case.number} {publication.title_of(case)}",
            reverse("portal:published_case", args=[case.number]),
            _money(CASE, case.pk),
        )
        for case in cases
    }


def _applications(keys: list[int]) -> dict[Pair, Subject]:
    """By number: a title that somebody typed may name people."""
    if not keys:
        return {}
    rows = Application.objects.filter(pk__in=keys).select_related("purpose")
    return {
        (APPLICATION, str(row.pk)): Subject(
            f"{row.number} {row.purpose}", money_url=_money(APPLICATION, row.pk)
        )
        for row in rows
    }


def _plans(keys: list[int]) -> dict[Pair, Subject]:
    if not keys:
        return {}
    label = _("Distribution of %(year)s")
    return {
        (PLAN, str(plan.pk)): Subject(label % {"year": plan.year}, money_url=_money(PLAN, plan.pk))
        for plan in DistributionPlan.objects.filter(pk__in=keys)
    }


def _wishes(keys: list[int]) -> dict[Pair, Subject]:
    """Those on the public list, in its words; of private ones only that they were wishes."""
    if not keys:
        return {}
    listed = set(Wish.objects.listed().filter(pk__in=keys).values_list("pk", flat=True))
    return {
        (WISH, str(row.pk)): Subject(
            f"{row.number} {row.public_title}" if row.pk in listed else _("A small wish"),
            reverse("volunteers:wish", args=[row.pk]) if row.pk in listed else "",
            _money(WISH, row.pk),
        )
        for row in Wish.objects.filter(pk__in=keys)
    }
