"""Who is where, who is missing, who came and went, what is paid; and the career of a person."""

import datetime
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lib import registry
from organizations.acting import page_of
from organizations.http import account_required, reader, role_required, signed_in
from organizations.models import Post, User
from talent import figures
from talent.acting import desk_form
from talent.forms.staffing import EnterForm, LeaveForm, LevelForm
from talent.models import Candidate, Enrolment, Membership
from talent.models.chain import (
    LEADERS,
    ORGANISERS,
    bodies_ruled_by,
    led_bodies,
    ruled_bodies,
    sees_career,
)
from talent.services import staffing as services
from talent.services.staffing import Coming, Going, Standing
from volunteers.http import frame_of

YEAR = datetime.timedelta(days=365)


@require_safe
@role_required(*LEADERS)
def staffing(request: HttpRequest) -> HttpResponse:
    """Vacancies and turnover of the last year, pay of this year, and what apps above add."""
    user, today = reader(request)
    rows = figures.staffing(user, first=today - YEAR, on=today)
    held, before = sum(row.held for row in rows), sum(row.held_before for row in rows)
    exits = sum(row.exits for row in rows)
    context = {
        "rows": rows,
        "held": held,
        "vacant": sum(row.vacant for row in rows),
        "exits": exits,
        "turnover": figures.share(exits, (held + before) / 2),
        "pay": figures.pay(user, year=today.year, on=today),
        "year": today.year,
        "panels": registry.panels.drawn("talent:staffing", request, None),
        "may_enter": not user.roles_on(today).isdisjoint(ORGANISERS),
        "at": timezone.now(),
    }
    return render(request, "talent/staffing.html", context)


@require_safe
@role_required(*LEADERS)
def rows(request: HttpRequest) -> HttpResponse:
    """The posts behind a figure: `what` is held, entry or exit; of a body and role, or of all."""
    user, today = reader(request)
    what = request.GET.get("what", "held")
    if what not in {"held", "entry", "exit"}:
        raise Http404
    found = Post.objects.filter(body__in=led_bodies(user, on=today)).with_names()
    body, role = request.GET.get("body", ""), request.GET.get("role", "")
    if body.isdigit():
        found = found.filter(body=int(body[:15]))
    if role:
        found = found.filter(role=role[:30])
    if what == "held":
        found = found.valid_on(today)
    else:
        lately = Q(movements__way=what, movements__day__gt=today - YEAR, movements__day__lte=today)
        found = found.filter(lately)
    page = page_of(request, found.prefetch_related("movements"), order=("body__code", "pk"))
    titles = {"held": _("Who holds a post"), "entry": _("Who came"), "exit": _("Who left")}
    context = {"page": page, "title": titles[what], "at": timezone.now()}
    return render(request, "talent/staff_rows.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*ORGANISERS)
def enter(request: HttpRequest) -> HttpResponse:
    user, today = reader(request)
    bodies = bodies_ruled_by(user, on=today)
    form = EnterForm(request.POST or None, bodies=bodies, initial={"day": today})

    def write(given: dict[str, Any]) -> str:
        person = given.pop("person")
        services.enter(person, Coming(**given), by=user, at=timezone.now())
        return reverse("talent:career", args=[person.pk])

    return desk_form(request, form, write, _("Somebody comes"), reverse("talent:staffing"))


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*ORGANISERS)
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    user, today = reader(request)
    posts = Post.objects.filter(body__in=bodies_ruled_by(user, on=today), valid_to=None)
    post = get_object_or_404(posts.with_names(), pk=pk)
    form = LeaveForm(request.POST or None, initial={"day": today})
    back = reverse("talent:career", args=[post.person_id])

    def write(given: dict[str, Any]) -> str:
        services.leave(post, Going(**given), by=user, at=timezone.now())
        return reverse("talent:staffing")

    return desk_form(request, form, write, _("%(person)s leaves") % {"person": post.person}, back)


def _person(request: HttpRequest, pk: int) -> User:
    user, today = reader(request)
    person = get_object_or_404(User, pk=pk)
    if not sees_career(user, person, on=today):
        raise Http404
    return person


@require_safe
@account_required
def career(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Posts, levels, courses and selections of a person; for the person and the chain above."""
    user, today = reader(request)
    person = _person(request, pk or user.pk)
    posts = Post.objects.filter(person=person).select_related("body").order_by("-valid_from", "-pk")
    is_other = person.pk != user.pk
    context = {
        "person": person,
        "posts": posts.prefetch_related("movements"),
        "ruled": ruled_bodies(user, on=today) if is_other else set(),
        "memberships": Membership.objects.filter(person=person).with_names().order_by("-pk"),
        "courses": Enrolment.objects.filter(person=person)
        .with_names()
        .select_related("certificate__revocation")
        .order_by("-pk"),
        "rows": Candidate.objects.filter(person=person).with_names().order_by("-pk"),
        "may_level": is_other,
        "frame": frame_of(request),
        "at": timezone.now(),
    }
    return render(request, "talent/career.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*LEADERS)
def level(request: HttpRequest, pk: int) -> HttpResponse:
    person, user = _person(request, pk), signed_in(request)
    form = LevelForm(request.POST or None, initial={"day": timezone.localdate()})

    def write(given: dict[str, Any]) -> str:
        services.set_level(person, Standing(**given), by=user, at=timezone.now())
        return reverse("talent:career", args=[pk])

    title = _("Talent team of %(person)s") % {"person": person}
    return desk_form(request, form, write, title, reverse("talent:career", args=[pk]))
