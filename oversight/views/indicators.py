"""Indicators: totals, trend, comparison, definitions; files of them; the cases behind a number."""

import datetime
from dataclasses import dataclass
from typing import Any

import structlog
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from cases.models import Case
from organizations.acting import page_of
from organizations.http import signed_in
from oversight import board, figures, tables
from oversight.forms.indicators import IndicatorForm
from oversight.measures import GROUPS, MEASURES
from oversight.models.facts import ALL
from oversight.periods import Kind, Period
from oversight.subjects import KINDS, Reach, Subject, reach_of, root_of, subjects_of

log = structlog.get_logger(__name__)
NEWEST, LONGEST_FIRST = ("-day", "-id"), ("since", "id")
FILES = {
    "csv": (tables.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        tables.as_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request wants to see, and what its person may see of it."""

    reach: Reach
    root: Subject
    form: IndicatorForm
    of: str
    group: str
    period: Period
    now: datetime.datetime


def _asked(request: HttpRequest) -> Asked:
    """404 for somebody whose posts open no numbers."""
    now, today = timezone.now(), timezone.localdate()
    reach = reach_of(signed_in(request), on=today)
    root = root_of(reach)
    if root is None:
        raise Http404
    form = IndicatorForm(request.GET.dict(), today=today)
    of, group, period = form.asked()
    return Asked(reach, root, form, of, group, period, now)


@require_GET
@login_required
def indicators(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    subjects = subjects_of(asked.reach, asked.of)
    measures, rates = tables.of_group(asked.group)
    chart = tables.chart(asked.root, asked.period)
    context = {
        "asked": asked,
        "groups": GROUPS,
        "headlines": tables.headlines(asked.root, asked.period, now=asked.now),
        "lines": tables.lines(asked.root, asked.group, asked.period, now=asked.now),
        "rows": tables.comparison(subjects, asked.group, asked.period, now=asked.now),
        "columns": [*measures, *rates],
        "measures": measures,
        "rates": rates,
        "chart": chart,
        "trend": list(zip(chart["labels"], *(one["data"] for one in chart["series"]), strict=True)),
        "before": asked.period.before(),
        "after": asked.period.after(),
    }
    return render(request, "oversight/indicators.html", context)


@require_GET
@login_required
def indicator_file(request: HttpRequest, kind: str) -> HttpResponse:
    """All numbers of the subjects that the page compares, as CSV or XLSX."""
    if kind not in FILES:
        raise Http404
    asked, (write, content_type) = _asked(request), FILES[kind]
    rows = tables.sheet(subjects_of(asked.reach, asked.of), asked.period, now=asked.now)
    log.info("indicators_taken_out", of=asked.of, period=str(asked.period), kind=kind)
    answer = HttpResponse(write(rows), content_type=content_type)
    name = f"indicators-{asked.of}-{asked.period.first}-{asked.period.last}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_GET
@login_required
def cases_behind(request: HttpRequest) -> HttpResponse:
    """The very cases that a number counts. Of those beyond one's sight only the number stands."""
    subject, code, period = _named(request)
    now, left = timezone.now(), request.GET.get("left", "")
    standing = request.GET.get("part") == "standing"
    rows, stands = figures.rows_behind(subject, code, period, standing=standing, now=now)
    if left in board.LEFT:
        rows, stands = board.standings_left(subject, int(left), now=now), True
    order = LONGEST_FIRST if stands else NEWEST
    page = page_of(request, rows, order=order)
    context = {
        "left": board.LEFT.get(left),
        "subject": subject,
        "measure": MEASURES[code],
        "period": period,
        "page": page,
        "names": {part: MEASURES[part].name for part in MEASURES[code].stored},
        "seen": _seen(request, page.rows),
        "has_both": figures.has_both(code),
        "stands": stands,
    }
    return render(request, "oversight/cases.html", context)


def _named(request: HttpRequest) -> tuple[Subject, str, Period]:
    """Subject, measure and period of an address; 404 where it names what is not within reach."""
    asked = request.GET
    of, key, code = asked.get("of", ""), asked.get("key", ""), asked.get("measure", "")
    try:
        first, last = parse_date(asked.get("first", "")), parse_date(asked.get("last", ""))
    except ValueError as error:
        raise Http404 from error
    if of not in KINDS or not key.isdigit() or code not in MEASURES or not first or not last:
        raise Http404
    reach = reach_of(signed_in(request), on=timezone.localdate())
    found = subjects_of(reach, of, keys=None if of == ALL else {int(key)})
    if not found:
        raise Http404
    return found[0], code, Period(Kind.CUSTOM, first, last)


def _seen(request: HttpRequest, rows: list[Any]) -> set[int]:
    """Cases of the page that this person may open."""
    visible = Case.objects.visible_to(signed_in(request), on=timezone.localdate())
    keys = [row.case_id for row in rows]
    return set(visible.filter(pk__in=keys).values_list("pk", flat=True))
