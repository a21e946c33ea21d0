"""Donations at the desk: record, check, receipt; projects and reports on their use."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding import services
from funding.documents import donation_receipt
from funding.forms.public_money import DonationForm, ProjectForm, ReasonForm, UseReportForm
from funding.models import DONATION, Donation, DonationProject, Line
from funding.models.lines import READERS
from funding.views.reach import bodies_of, demand, may
from lib.roles import Role
from organizations.acting import answer_act, answer_form, page_of
from organizations.http import role_required, signed_in

PAGE = 30
MAKER, CHECKER = Role.FINANCE_MAKER, Role.FINANCE_CHECKER


@role_required(*READERS)
@require_safe
def donations(request: HttpRequest) -> HttpResponse:
    today, user = timezone.localdate(), signed_in(request)
    visible = Donation.objects.visible_to(user, on=today).with_names()
    page = page_of(request, visible, size=PAGE)
    mine = DonationProject.objects.visible_to(user, on=today).values_list("pk", flat=True)
    due = [row for row in services.due_reports(on=today) if row.project.pk in set(mine)]
    lines = Line.objects.visible_to(user, on=today).filter(source__code=DONATION)
    context = {
        "page": page,
        "due": [{"due": row, "overdue": row.is_overdue(today)} for row in due],
        "bare": lines.filter(project=None).with_names(),
        "may_record": bool(bodies_of(user, {MAKER}, on=today)),
        "at": timezone.now(),
    }
    return render(request, "funding/donations.html", context)


@role_required(MAKER)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    user, today = signed_in(request), timezone.localdate()
    lines = Line.objects.valid_on(today).filter(body__in=bodies_of(user, {MAKER}, on=today))
    begun = {"key": f"form:{uuid.uuid4()}", "given_on": today}
    form = DonationForm(request.POST or None, request.FILES or None, lines=lines, initial=begun)

    def write(given: dict[str, Any]) -> str:
        at, values = timezone.now(), dict(given)
        file, line, key = (values.pop(name) for name in ("agreement_file", "line", "key"))
        paper = services.keep_document(file, name=file.name, by=user, at=at) if file else None
        gift = services.Gift(**values)
        made = services.record_donation(line, gift, key=key, by=user, at=at, agreement=paper)
        return reverse("funding:donation", args=[made.pk])

    return answer_form(
        request,
        form,
        write,
        title=_("Record a donation"),
        back="funding:donations",
        template="funding/form.html",
    )


def _visible(request: HttpRequest, pk: int) -> Donation:
    visible = Donation.objects.visible_to(signed_in(request), on=timezone.localdate())
    return get_object_or_404(visible.with_names().select_related("agreement"), pk=pk)


@role_required(*READERS)
@require_safe
def donation(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    waits = found.state == Donation.State.RECORDED
    mine = found.recorded_by_id == signed_in(request).pk
    context = {
        "donation": found,
        "may_decide": waits and not mine and may(request, found.line.body, CHECKER),
        "may_hide": found.name_shown and may(request, found.line.body, MAKER, CHECKER),
        "refuse_form": ReasonForm(),
        "at": timezone.now(),
    }
    return render(request, "funding/donation.html", context)


@role_required(MAKER, CHECKER)
@require_POST
def decide(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: confirm, refuse or hide."""
    found, at = _visible(request, pk), timezone.now()
    roles = (MAKER, CHECKER) if name == "hide" else (CHECKER,)
    user = demand(request, found.line.body, *roles)
    reason = request.POST.get("reason", "").strip()[:200] or _("No reason given")
    acts = {
        "confirm": lambda: services.confirm_donation(found, by=user, at=at),
        "refuse": lambda: services.refuse_donation(found, reason=reason, by=user, at=at),
        "hide": lambda: services.hide_donor(found, by=user, at=at),
    }
    back = reverse("funding:donation", args=[pk])
    return answer_act(request, acts[name], done=_("Done."), back=back)


@role_required(*READERS)
@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    return donation_receipt(_visible(request, pk))


@role_required(MAKER)
@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a line of donated money is for."""
    line = get_object_or_404(Line.objects.filter(source__code=DONATION, project=None), pk=pk)
    user = demand(request, line.body, MAKER)
    form = ProjectForm(request.POST or None, initial={"begins": timezone.localdate()})

    def write(given: dict[str, Any]) -> str:
        services.make_project(line, by=user, at=timezone.now(), **given)
        return reverse("funding:donations")

    title = _("Describe the project")
    return answer_form(
        request, form, write, title=title, back="funding:donations", template="funding/form.html"
    )


@role_required(MAKER, CHECKER)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(DonationProject.objects.with_names(), pk=pk)
    user = demand(request, project.line.body, MAKER, CHECKER)
    form = UseReportForm(request.POST or None)

    def write(given: dict[str, Any]) -> str:
        services.report_use(project, by=user, at=timezone.now(), **given)
        return reverse("funding:donations")

    title = _("Report on the use of donations: %(name)s") % {"name": project.name}
    return answer_form(
        request, form, write, title=title, back="funding:donations", template="funding/form.html"
    )
