"""Few honest numbers for everybody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lib import registry
from organizations.acting import page_of
from oversight import figures, results, tables
from oversight.forms.indicators import PublicRowsForm
from oversight.measures import MEASURES, RATES, total
from oversight.models import Appraisal, Score
from oversight.models.facts import ALL
from oversight.periods import Kind, Period, period_of
from oversight.scoring import as_read
from oversight.subjects import Subject
from oversight.tables import PUBLIC_COUNTS, PUBLIC_RATES
from oversight.views.indicators import LONGEST_FIRST, NEWEST

MONTHS = 12


EVERYTHING = Subject(ALL, 0, "")


@require_safe
def public_numbers(request: HttpRequest) -> HttpResponse:
    """The last twelve months, this one first; what is not known stands as “—”.

    `?measure=`: the cases behind one of these numbers, or behind a published appraisal's.
    """
    if "measure" in request.GET:
        return _cases_behind(request)
    now, period = timezone.now(), period_of(Kind.MONTH, timezone.localdate())
    rows = []
    for _month in range(MONTHS):
        numbers = figures.numbers_of(ALL, [0], period, now=now)[0]
        rows.append((period, [*_counted(numbers, period), *_rated(numbers, period)]))
        period = period.before()
    context = {
        "at": now,
        "columns": [
            *(MEASURES[code] for code in PUBLIC_COUNTS),
            *(RATES[code] for code in PUBLIC_RATES),
        ],
        "latest": (rows[0][1][: len(PUBLIC_COUNTS)], rows[0][1][len(PUBLIC_COUNTS) :]),
        "rows": [row for row in rows if any(cell.url for cell in row[1])],
        "measures": [MEASURES[code] for code in PUBLIC_COUNTS],
        "rates": [RATES[code] for code in PUBLIC_RATES],
    }
    return render(request, "oversight/public.html", context)


def _counted(numbers: figures.Numbers, period: Period) -> list[tables.Cell]:
    counts = {code: total((code,), numbers) for code in PUBLIC_COUNTS}
    return [
        tables.Cell(MEASURES[code].name, f"{count:,}", _behind(code, period) if count else "")
        for code, count in counts.items()
    ]


def _rated(numbers: figures.Numbers, period: Period) -> list[tables.Cell]:
    """A rate opens what it divides by."""
    rates = [RATES[code] for code in PUBLIC_RATES]
    return [
        tables.Cell(
            rate.name,
            tables.per_cent(share := rate.of(numbers)),
            "" if share is None else _behind(rate.under[0], period),
        )
        for rate in rates
    ]


def _behind(code: str, period: Period) -> str:
    return tables.behind(EVERYTHING, code, period, page="oversight:public")


def _cases_behind(request: HttpRequest) -> HttpResponse:
    """The cases that a public number counts; those that are not for everybody have no name."""
    form, now = PublicRowsForm(request.GET), timezone.now()
    if not form.is_valid():
        raise Http404
    subject, code, period = form.asked()
    standing = request.GET.get("part") == "standing"
    rows, stands = figures.rows_behind(subject, code, period, standing=standing, now=now)
    page = page_of(request, rows, order=LONGEST_FIRST if stands else NEWEST)
    named = registry.references.resolve(
        [("public_case", str(row.case_id)) for row in page.rows], None
    )
    context = {
        "subject": subject,
        "measure": MEASURES[code],
        "period": period,
        "page": page,
        "rows": [
            (row, MEASURES[row.measure].name, named.get(("public_case", str(row.case_id))))
            for row in page.rows
        ],
        "has_both": figures.has_both(code),
        "stands": stands,
    }
    return render(request, "oversight/public_cases.html", context)


@require_safe
def public_appraisals(request: HttpRequest) -> HttpResponse:
    """Published appraisals of bodies and areas; people are never among them."""
    page = page_of(request, Appraisal.objects.published().with_names())
    return render(request, "oversight/public_appraisals.html", {"page": page})


@require_safe
def public_appraisal(request: HttpRequest, pk: int) -> HttpResponse:
    """Every result of the outcome that holds, the rules that led to it, and what was corrected."""
    found = get_object_or_404(Appraisal.objects.published().with_names(), pk=pk)
    rules, terms = as_read(found.stored)
    scores = Score.objects.newest().filter(edition__appraisal=found).for_list().in_order()
    context = {
        "appraisal": found,
        "rows": results.in_public(found, scores),
        "editions": found.editions.order_by("number"),
        "rules": rules,
        "terms": terms,
    }
    return render(request, "oversight/public_appraisal.html", context)
