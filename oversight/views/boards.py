"""Boards: the committee's morning, a town, department, community or grid, the duty room, staff."""

from typing import Any

import structlog
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from lib import registry
from lib.roles import Role
from organizations.http import reader, role_required
from organizations.models import Body
from oversight import board, reports, staffing, tables
from oversight.models.facts import ALL, BODY
from oversight.periods import ONE_DAY, Kind, period_of
from oversight.subjects import KINDS, Reach, Subject, reach_of, root_of, subjects_of
from oversight.workflow import OVERSEERS

log = structlog.get_logger(__name__)
MORNING = OVERSEERS | {Role.DUTY_OFFICER}
BOARDS = (ALL, "town", "community", "grid", BODY)


def _root(request: HttpRequest) -> tuple[Reach, Subject]:
    """404 for somebody whose posts open no numbers."""
    user, today = reader(request)
    reach = reach_of(user, on=today)
    root = root_of(reach)
    if root is None:
        raise Http404
    return reach, root


@require_safe
@role_required(*MORNING)
def morning(request: HttpRequest) -> HttpResponse:
    """What needs the committee today, what changed overnight, what is late, and with whom."""
    (reach, root), (user, today), now = _root(request), reader(request), timezone.now()
    month = period_of(Kind.MONTH, today)
    context = {
        "root": root,
        "month": month,
        "overnight": board.overnight(root, now=now, today=today),
        "time_left": board.time_left(root, now=now),
        "overdue": board.overdue_by_body(root, now=now),
        "topics": board.topics(reach),
        "money": board.money(user, on=today),
        "loads": board.loads(_bodies(reach), on=today)[: board.SHOWN],
        "headlines": tables.headlines(root, month, now=now),
        "agenda": _agenda(user),
        **_chart(root, month),
    }
    return render(request, "oversight/morning.html", context)


def _agenda(user: Any) -> list[tuple[Any, list[registry.Matter]]]:
    """What apps would put on the committee's agenda, a few of each."""
    asked = ((one, list(one.rows(user))[: board.SHOWN]) for one in registry.agenda_sources)
    return [(one.label, rows) for one, rows in asked if rows]


def _bodies(reach: Reach) -> Any:
    keys = [one.key for one in subjects_of(reach, BODY)]
    return Body.objects.filter(pk__in=keys)


def _chart(subject: Subject, period: Any) -> dict[str, Any]:
    chart = tables.chart(subject, period)
    rows = zip(chart["labels"], *(one["data"] for one in chart["series"]), strict=True)
    return {"chart": chart, "trend": list(rows)}


def subject_at(request: HttpRequest, of: str, key: int) -> tuple[Reach, Subject]:
    """The subject of an address; 404 where it is beyond the reader's reach."""
    reach, _root_of = _root(request)
    if of not in BOARDS or of not in KINDS:
        raise Http404
    found = subjects_of(reach, of, keys=None if of == ALL else {key})
    if not found:
        raise Http404
    return reach, found[0]


@require_safe
@login_required
def one(request: HttpRequest, of: str, key: int) -> HttpResponse:
    """Trend, map, three rates, time left, load and money of one area or body."""
    reach, subject = subject_at(request, of, key)
    (user, today), now = reader(request), timezone.now()
    month = period_of(Kind.MONTH, today)
    children = _children(reach, subject)
    bodies = Body.objects.filter(pk=key) if of == BODY else _bodies(reach)
    context = {
        "subject": subject,
        "month": month,
        "headlines": tables.headlines(subject, month, now=now),
        "time_left": board.time_left(subject, now=now),
        "overdue": [] if of == BODY else board.overdue_by_body(subject, now=now),
        "children": children,
        "points": board.points(children, now=now),
        "money": board.money(user, on=today, bodies=[key] if of == BODY else None),
        "loads": board.loads(bodies, on=today)[: board.SHOWN] if of in {ALL, "town", BODY} else [],
        **_chart(subject, month),
    }
    return render(request, "oversight/board.html", context)


def _children(reach: Reach, subject: Subject) -> list[Subject]:
    of = board.ONE_BELOW.get(subject.of)
    return board.below(subject, subjects_of(reach, of)) if of else []


@require_safe
@role_required(*MORNING)
def screen(request: HttpRequest) -> HttpResponse:
    """For the wall of the duty room: map first, dark, large; it loads itself again."""
    (reach, root), today, now = _root(request), timezone.localdate(), timezone.now()
    month, children = period_of(Kind.MONTH, today), []
    if board.has_map(root):
        children = _children(reach, root)
    context = {
        "root": root,
        "at": now,
        "points": board.points(children, now=now),
        "overnight": board.overnight(root, now=now, today=today),
        "time_left": board.time_left(root, now=now),
        "overdue": board.overdue_by_body(root, now=now)[:5],
        "headlines": tables.headlines(root, month, now=now),
        **_chart(root, month),
    }
    return render(request, "oversight/screen.html", context)


@require_safe
@role_required(*MORNING)
def staff(request: HttpRequest) -> HttpResponse:
    """Load for each worker, posts that nobody has filled again, and who came and went."""
    reach, _root_of = _root(request)
    rows = staffing.staff_of(_bodies(reach), on=timezone.localdate())
    context = {
        "rows": rows,
        "held": sum(row.held for row in rows),
        "vacant": sum(row.vacancies for row in rows),
        "left": sum(row.left for row in rows),
    }
    return render(request, "oversight/staffing.html", context)


FILES = {
    "pdf": (reports.as_pdf, "application/pdf"),
    "xlsx": (
        reports.as_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


@require_safe
@login_required
def report(request: HttpRequest, of: str, key: int, kind: str) -> HttpResponse:
    """The report of the month in which `day` lies, the month before where none is named."""
    if kind not in FILES:
        raise Http404
    _reach, subject = subject_at(request, of, key)
    today = timezone.localdate()
    try:
        day = parse_date(request.GET.get("day", "")) or today.replace(day=1) - ONE_DAY
    except ValueError as error:
        raise Http404 from error
    period, (write, content_type) = period_of(Kind.MONTH, day), FILES[kind]
    made = reports.report_of(subject, period, now=timezone.now())
    log.info("report_taken_out", of=of, period=str(period), kind=kind)
    answer = HttpResponse(write(made), content_type=content_type)
    name = f"report-{of}-{key}-{period.first:%Y-%m}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
