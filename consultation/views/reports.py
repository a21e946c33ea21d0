"""The report of one consultation, to be kept or printed."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from consultation.reports import Report, as_pdf, as_xlsx
from consultation.views.reach import public

WRITERS = {
    "pdf": (as_pdf, "application/pdf"),
    "xlsx": (
        as_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


@require_safe
def report(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """`kind`: pdf or xlsx."""
    found = public(number)
    address = request.build_absolute_uri(
        reverse("consultation:published_consultation", args=[found.number])
    )
    write, content_type = WRITERS[kind]
    answer = HttpResponse(write(Report(found, address=address)), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.{kind}"'
    return answer
