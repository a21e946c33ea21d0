"""Legislation: what everybody follows, and the desk of the committee that drafts."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.models import Case, Topic
from consultation.models import Opinion
from lib.roles import COMMITTEE
from organizations.acting import answer_form, page_of
from organizations.http import reader, role_required, signed_in
from oversight.forms.legislation import ConsultationForm, EvidenceForm, FileForm, MoveForm
from oversight.legislation_workflow import MOVES, Stage
from oversight.models import Legislation
from oversight.models.legislation import Subject
from oversight.services import legislating
from oversight.services.legislating import FILE, Proposed
from talent.models.chain import bodies_ruled_by

STEPS = tuple(name for name in MOVES if name != "edit")


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Every file, by subject if one is asked for."""
    subject = request.GET.get("subject", "")
    rows = Legislation.objects.with_names().prefetch_related("steps")
    if subject in Subject.values:
        rows = rows.filter(subject=subject)
    context = {
        "page": page_of(request, rows),
        "subjects": Subject.choices,
        "subject": subject,
        "at": timezone.now(),
    }
    return render(request, "oversight/legislation.html", context)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The stages with their days, the draft and its comments, what it is founded on."""
    found = get_object_or_404(Legislation.objects.with_names(), pk=pk)
    now, user = timezone.now(), request.user
    evidence = found.evidence.select_related("case", "topic").order_by("pk")
    leads = Legislation.objects.led_by(user, on=timezone.localdate(now)).filter(pk=pk).exists()
    context = {
        "file": found,
        "steps": found.steps.order_by("pk"),
        "stages": Stage,
        "drafts": found.consultation.drafts.order_by("-number") if found.consultation else [],
        "said": _said(found),
        "topics": [row for row in evidence if row.topic_id],
        "cases": [row for row in evidence if row.case_id],
        "leads": leads,
        "moves": FILE.open_to(found, by=signed_in(request), at=now) if leads else [],
        "at": now,
    }
    return render(request, "oversight/legislation_file.html", context)


def _said(found: Legislation) -> dict[str, int] | None:
    """Numbers of comments, and of those that were answered."""
    if found.consultation is None:
        return None
    rows = Opinion.objects.public().top().filter(consultation=found.consultation)
    return rows.aggregate(all=Count("pk"), answered=Count("pk", filter=Q(answer__isnull=False)))


@require_safe
@role_required(*COMMITTEE)
def desk(request: HttpRequest) -> HttpResponse:
    user, today = reader(request)
    rows = Legislation.objects.led_by(user, on=today).with_names().prefetch_related("steps")
    context = {
        "page": page_of(request, rows),
        "overdue": Legislation.objects.led_by(user, on=today).overdue(today).order_by("pk")[:50],
        "at": timezone.now(),
    }
    return render(request, "oversight/legislation_desk.html", context)


def _form(request: HttpRequest, form: Any, write: Any, title: str, back: str) -> HttpResponse:
    return answer_form(
        request, form, write, template="oversight/legislation_form.html", title=title, back_url=back
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*COMMITTEE)
def new(request: HttpRequest) -> HttpResponse:
    user, today = reader(request)
    form = FileForm(request.POST or None, bodies=bodies_ruled_by(user, on=today))

    def write(given: dict[str, Any]) -> str:
        made = legislating.begin_file(Proposed(**given), by=user, at=timezone.now())
        return _page(made.pk)

    title = _("Begin a file of legislation")
    return _form(request, form, write, title, reverse("oversight:legislation_desk"))


def _page(pk: int) -> str:
    return reverse("oversight:legislation_file", args=[pk])


def _led(request: HttpRequest, pk: int) -> Legislation:
    led = Legislation.objects.led_by(signed_in(request), on=timezone.localdate())
    return get_object_or_404(led.with_names(), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*COMMITTEE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found, (user, today) = _led(request, pk), reader(request)
    begun = {name: getattr(found, name) for name in Proposed.__dataclass_fields__}
    form = FileForm(request.POST or None, initial=begun, bodies=bodies_ruled_by(user, on=today))

    def write(given: dict[str, Any]) -> str:
        legislating.edit_file(found, Proposed(**given), by=user, at=timezone.now())
        return _page(pk)

    return _form(request, form, write, _("Change the file"), _page(pk))


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*COMMITTEE)
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: a move of the table, with the day by which the next stage should be over."""
    found, user = _led(request, pk), signed_in(request)
    form = MoveForm(request.POST if request.method == "POST" else None)

    def write(given: dict[str, Any]) -> str:
        legislating.advance(found, name, by=user, at=timezone.now(), **given)
        return _page(pk)

    return answer_form(
        request, form, write, template="oversight/legislation_move.html", file=found, move=name,
        back_url=_page(pk), target=Stage(MOVES[name].leads_to(found.state)).label,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*COMMITTEE)
def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    found, user = _led(request, pk), signed_in(request)
    form = ConsultationForm(request.POST or None)

    def write(given: dict[str, Any]) -> str:
        legislating.set_consultation(found, given["number"], by=user, at=timezone.now())
        return _page(pk)

    return _form(request, form, write, _("Name the consultation"), _page(pk))


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*COMMITTEE)
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    found, (user, today) = _led(request, pk), reader(request)
    cases = Case.objects.visible_to(user, on=today)
    topics = Topic.objects.visible_to(user, on=today).hottest_first()
    form = EvidenceForm(request.POST or None, cases=cases, topics=topics)

    def write(given: dict[str, Any]) -> str:
        legislating.attach(found, given["thing"], note=given["note"], by=user, at=timezone.now())
        return _page(pk)

    return _form(request, form, write, _("Attach evidence"), _page(pk))
