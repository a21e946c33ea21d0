"""Courses: what is open, signing up; planned, run and examined at the desk."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.acting import acted, answer_form, page_of
from organizations.http import account_required, reader, role_required, signed_in
from talent.acting import desk_form
from talent.forms.training import AttendanceForm, CourseForm, EnrolForm, GradeForm
from talent.models import Course, Enrolment
from talent.models.chain import ORGANISERS, bodies_ruled_by
from talent.services import courses, enrolling
from talent.services.courses import Planned
from talent.services.ways import COURSE, ENROLMENT
from talent.workflow.training import EnrolmentState
from volunteers.http import frame_of


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    rows = Course.objects.public().with_names()
    page = page_of(request, rows, order=("-starts_at", "-pk"))
    return render(request, "talent/courses.html", {"page": page, "at": timezone.now()})


def _visible(request: HttpRequest, pk: int) -> Course:
    visible = Course.objects.visible_to(request.user, on=timezone.localdate())
    return get_object_or_404(visible.with_names(), pk=pk)


@require_safe
def course(request: HttpRequest, pk: int) -> HttpResponse:
    found, now = _visible(request, pk), timezone.now()
    own = Enrolment.objects.of(request.user).filter(course=found).order_by("-pk").first()
    is_in = own is not None and own.state != EnrolmentState.CANCELLED
    context = {
        "course": found,
        "own": own,
        "certificate": getattr(own, "certificate", None),
        "may_enrol": found.state == "open" and now < found.sign_up_until and not is_in,
        "form": EnrolForm(initial={"name": getattr(request.user, "full_name", "")}),
        "leads": Course.objects.led_by(request.user, on=timezone.localdate(now))
        .filter(pk=pk)
        .exists(),
        "at": now,
    }
    return render(request, "talent/course.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def enrol(request: HttpRequest, pk: int) -> HttpResponse:
    found, user = _visible(request, pk), signed_in(request)
    form = EnrolForm(request.POST or None, initial={"name": user.full_name})

    def write(given: dict[str, Any]) -> str:
        enrolling.enrol(found, by=user, at=timezone.now(), **given)
        return reverse("talent:course", args=[pk])

    return answer_form(
        request, form, write, template="talent/form.html", frame="public.html",
        title=_("Sign up for “%(title)s”") % {"title": found}, act=_("Take a place"),
        back_url=reverse("talent:course", args=[pk]),
    )  # fmt: skip


@require_POST
@account_required
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Enrolment.objects.of(request.user).with_names(), pk=pk)
    acted(request, enrolling.cancel_enrolment, row, done=_("Your place is free for another."))
    return redirect("talent:course", row.course_id)


# -- The desk -----------------------------------------------------------------------------------


@require_safe
@role_required(*ORGANISERS)
def desk(request: HttpRequest) -> HttpResponse:
    user, today = reader(request)
    rows = Course.objects.led_by(user, on=today).with_names()
    page = page_of(request, rows, order=("-starts_at", "-pk"))
    return render(request, "talent/desk_courses.html", {"page": page, "at": timezone.now()})


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*ORGANISERS)
def new(request: HttpRequest) -> HttpResponse:
    user, today = reader(request)
    form = CourseForm(request.POST or None, bodies=bodies_ruled_by(user, on=today))

    def write(given: dict[str, Any]) -> str:
        community = given.pop("community")
        made = courses.plan_course(Planned(**given), community, by=user, at=timezone.now())
        return reverse("talent:roster", args=[made.pk])

    return desk_form(request, form, write, _("Plan a course"), reverse("talent:desk_courses"))


def _led(request: HttpRequest, pk: int) -> Course:
    led = Course.objects.led_by(signed_in(request), on=timezone.localdate())
    return get_object_or_404(led.with_names(), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*ORGANISERS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found, (user, today) = _led(request, pk), reader(request)
    begun = {name: getattr(found, name) for name in Planned.__dataclass_fields__}
    form = CourseForm(
        request.POST or None,
        initial={**begun, "community": found.community_id},
        bodies=bodies_ruled_by(user, on=today),
    )
    form.fields["community"].disabled = True

    def write(given: dict[str, Any]) -> str:
        given.pop("community")
        courses.edit_course(found, Planned(**given), by=user, at=timezone.now())
        return reverse("talent:roster", args=[pk])

    return desk_form(
        request, form, write, _("Change the course"), reverse("talent:roster", args=[pk])
    )


@require_safe
@account_required
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is in the course, who came, and the scores; also for who teaches it."""
    found, user, now = _led(request, pk), signed_in(request), timezone.now()
    rows = found.enrolments.holding().select_related("person", "certificate__revocation", "course")
    context = {
        "course": found,
        "rows": [
            {"row": row, "moves": ENROLMENT.open_to(row, by=user, at=now)}
            for row in rows.order_by("pk")
        ],
        "moves": COURSE.open_to(found, by=user, at=now),
        "events": found.events.select_related("by").order_by("number"),
        "frame": frame_of(request),
        "has_begun": now >= found.starts_at,
        "at": now,
    }
    return render(request, "talent/roster.html", context)


@require_POST
@account_required
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: open, finish or cancel."""
    found = _led(request, pk)
    if name == "cancel":
        reason = request.POST.get("reason", "")[:300]
        acted(request, courses.cancel_course, found, reason=reason, done=_("Cancelled; all told."))
    else:
        service = {"open": courses.open_course, "finish": courses.finish_course}[name]
        acted(request, service, found, done=_("Done."))
    return redirect("talent:roster", pk)


def _enrolment(request: HttpRequest, pk: int) -> Enrolment:
    led = Course.objects.led_by(signed_in(request), on=timezone.localdate()).values("pk")
    return get_object_or_404(Enrolment.objects.filter(course__in=led).with_names(), pk=pk)


@require_POST
@account_required
def note(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _enrolment(request, pk), AttendanceForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        acted(request, enrolling.note_attendance, row, done=_("Attendance is noted."), **given)
    return redirect("talent:roster", row.course_id)


@require_POST
@account_required
def grade(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _enrolment(request, pk), GradeForm(request.POST)
    if form.is_valid():
        acted(request, enrolling.grade, row, done=_("The score is entered."), **form.cleaned_data)
    return redirect("talent:roster", row.course_id)
