"""Monthly statements, and the proofs that nothing behind them was changed."""

import datetime
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from funding.models import CheckRun, LedgerFreeze, LedgerRoot, Line, Purpose, Source, Statement
from funding.services.publishing import missing
from organizations.acting import page_of
from portal.ledger_words import check_sentences
from portal.money_subjects import public_subjects

PAGE = 30
ROOTS = 14


@require_safe
def statements(request: HttpRequest) -> HttpResponse:
    """The newest version of every statement, and in red what should stand there and does not."""
    rows = Statement.objects.newest_versions().select_related("body").with_sums()
    if code := request.GET.get("body"):
        rows = rows.filter(body__code=code)
    page = page_of(request, rows, order=("-month", "-pk"), size=PAGE)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    context = {
        "at": timezone.now(),
        "page": page,
        "late": list(missing(on=yesterday)),
        "body_code": code or "",
    }
    return render(request, "portal/money_statements.html", context)


@require_safe
def statement(
    request: HttpRequest, body: str, month: str, version: int | None = None
) -> HttpResponse:
    """One statement; without a version the one that holds."""
    rows = Statement.objects.with_names().filter(body__code=body, month=_month(month))
    versions = list(rows.order_by("-version"))
    shown = next((row for row in versions if version in {None, row.version}), None)
    found = get_object_or_404(rows, pk=shown.pk if shown else None)
    context = {
        "at": timezone.now(),
        "statement": found,
        "versions": versions,
        "is_newest": found == versions[0],
        "intact": found.is_intact(),
        **_content(found),
    }
    return render(request, "portal/money_statement.html", context)


def _month(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise BadRequest(text) from error


def _content(found: Statement) -> dict[str, Any]:
    """Lines, sources and purposes of the content by name; subjects where everybody may see them."""
    content = found.content
    sources = {source.code: str(source) for source in Source.objects.all()}
    purposes = {purpose.code: str(purpose) for purpose in Purpose.objects.all()}
    lines = {line.code: line for line in Line.objects.filter(body=found.body)}
    pairs = {tuple(row["subject"]) for row in content["payments"]}
    subjects = public_subjects(pairs)
    return {
        "content": content,
        "lines": [
            {**row, "line": lines.get(row["line"]), "source": sources.get(row["source"], "")}
            for row in content["lines"]
        ],
        "payments": [
            {
                **row,
                "day": datetime.date.fromisoformat(row["day"]),
                "line": lines.get(row["line"]),
                "purpose": purposes.get(row["purpose"], ""),
                "subject": subjects.get(tuple(row["subject"])),
            }
            for row in content["payments"]
        ],
    }


@require_safe
def proofs(request: HttpRequest) -> HttpResponse:
    """The last run of every check in words, and the daily heads of all chains."""
    last = CheckRun.objects.order_by("-pk").first()
    context = {
        "at": timezone.now(),
        "last": last,
        "checks": check_sentences(last),
        "freeze": LedgerFreeze.objects.in_force().first(),
        "roots": LedgerRoot.objects.order_by("-day")[:ROOTS],
    }
    return render(request, "portal/money_proofs.html", context)
