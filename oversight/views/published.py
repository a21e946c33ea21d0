"""Few honest numbers for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from oversight import tables
from oversight.figures import numbers_of
from oversight.measures import MEASURES, RATES, THREE_RATES, total
from oversight.models.facts import ALL
from oversight.periods import Kind, period_of

COUNTED = ("reported", "filed", "closed", "overdue_unclosed", "reopened")
RATED = ("closing_on_time_rate", *THREE_RATES)
MONTHS = 12


@require_safe
def public_numbers(request: HttpRequest) -> HttpResponse:
    """The last twelve months, this one first; what is not known stands as “—”."""
    now, period = timezone.now(), period_of(Kind.MONTH, timezone.localdate())
    rows = []
    for _month in range(MONTHS):
        numbers = numbers_of(ALL, [0], period, now=now)[0]
        counted = [total((code,), numbers) for code in COUNTED]
        rated = [tables.per_cent(RATES[code].of(numbers)) for code in RATED]
        rows.append((period, [*counted, *rated]))
        period = period.before()
    named = [*(MEASURES[code] for code in COUNTED), *(RATES[code] for code in RATED)]
    context = {
        "at": now,
        "columns": named,
        "latest": list(zip(named, rows[0][1], strict=True)),
        "rows": [row for row in rows if any(count for count in row[1][: len(COUNTED)])],
        "measures": [MEASURES[code] for code in COUNTED],
        "rates": [RATES[code] for code in RATED],
    }
    return render(request, "oversight/public.html", context)
