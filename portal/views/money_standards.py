"""Pay of community workers and basic public services: plan beside actual, only in groups."""

from collections import defaultdict
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from funding.models import PayActual, PayGrade, ServiceActual
from funding.models.standards import FEWEST_PUBLISHED


@require_safe
def standards(request: HttpRequest) -> HttpResponse:
    actuals = PayActual.objects.checked()
    last = actuals.order_by("-month").values_list("month", flat=True).first()
    year = ServiceActual.objects.checked().order_by("-year").values_list("year", flat=True).first()
    context = {
        "at": timezone.now(),
        "month": last,
        "pay": _pay(last) if last else [],
        "fewest": FEWEST_PUBLISHED,
        "year": year,
        "services": _services(year) if year else [],
    }
    return render(request, "portal/money_standards.html", context)


def _pay(month: Any) -> list[dict[str, Any]]:
    """Each grade of all bodies together; sums of fewer than three people are left out."""
    sums = PayActual.objects.checked().filter(month=month).values("grade")
    rows = {
        row["grade"]: row
        for row in sums.annotate(heads=Sum("people"), paid=Sum("pay"), extra=Sum("benefits"))
    }
    shown = []
    for grade in sorted(PayGrade.objects.filter(pk__in=rows), key=_rank):
        row = rows[grade.pk]
        enough = row["heads"] >= FEWEST_PUBLISHED
        planned, paid = grade.planned * row["heads"], row["paid"] + row["extra"]
        shown.append(
            {
                "grade": grade,
                "people": row["heads"] if enough else None,
                "each": paid // row["heads"] if enough else None,
                "gap": (paid - planned) // row["heads"] if enough else None,
            }
        )
    return shown


def _rank(grade: PayGrade) -> tuple[int, int]:
    """Heads first, then deputies, then workers, as the choices of posts stand."""
    return PayGrade.Post.values.index(grade.post), grade.level


def _services(year: int) -> list[dict[str, Any]]:
    """Each community's services with what is missing, the largest gaps first."""
    rows = ServiceActual.objects.checked().filter(year=year)
    by_body: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.select_related("body", "standard").order_by("body", "standard"):
        gap = row.standard.amount - row.amount
        by_body[row.body].append({"row": row, "gap": max(gap, 0)})
    listed = [{"body": body, "rows": found} for body, found in by_body.items()]
    return sorted(listed, key=lambda one: -sum(row["gap"] > 0 for row in one["rows"]))
