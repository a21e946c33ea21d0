"""Organisations: the public list, each with its way, members, reports and ratings."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grids.scopes import in_reach
from organizations.acting import acted, content_of, onwards, page_of, saved
from organizations.http import signed_in
from organizations.models import User
from volunteers import services
from volunteers.acting import form_page
from volunteers.forms.organisations import (
    MemberForm,
    NewOrganisationForm,
    OrganisationForm,
    RatingForm,
    YearlyReportForm,
)
from volunteers.forms.people import ReasonForm
from volunteers.http import person_required, reader
from volunteers.models import Organisation, OrganisationMember, Volunteer
from volunteers.models.people import ORGANIZERS
from volunteers.services.actors import leads, organizes
from volunteers.services.ways import ORGANISATION
from volunteers.workflow.organisations import NEEDS_REASON, OrganisationState

FORMS = ["GET", "POST"]


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """Registered ones for everybody; the organiser's own queue with `?state=waiting`."""
    rows = Organisation.objects.visible_to(request.user, on=timezone.localdate()).with_names()
    rows = rows.filter(state=OrganisationState.ACTIVE) if not _queue(request) else _waiting(request)
    context: dict[str, Any] = {
        "page": page_of(request, rows, order=("name", "pk")),
        "is_queue": _queue(request),
    }
    led = Organisation.objects.led_by(request.user, on=timezone.localdate())
    context["mine"] = led.order_by("name", "pk")
    return render(request, "volunteers/organisations.html", context)


def _queue(request: HttpRequest) -> bool:
    return request.GET.get("state") == "waiting" and isinstance(request.user, User)


def _waiting(request: HttpRequest) -> Any:
    user, today = reader(request)
    near = Organisation.objects.filter(in_reach(user, ORGANIZERS, on=today))
    return near.waiting().with_names()


def _find(request: HttpRequest, pk: int) -> Organisation:
    rows = Organisation.objects.visible_to(request.user, on=timezone.localdate())
    return get_object_or_404(rows.with_names(), pk=pk)


LABELS = {
    "resubmit": gettext_noop("Hand in again"),
    "confirm": gettext_noop("Confirm"),
    "return": gettext_noop("Return for correction"),
    "refuse": gettext_noop("Refuse"),
    "suspend": gettext_noop("Suspend"),
    "resume": gettext_noop("Resume"),
    "end": gettext_noop("End"),
}


@require_safe
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    row = _find(request, pk)
    today = timezone.localdate()
    context = {
        "row": row,
        "rating": row.ratings.valid_on(today).first(),
        "reports": row.reports.order_by("-year"),
        "activities": row.activities.published().order_by("-published_at")[:10],
        "is_overdue": False,
        "at": timezone.now(),
        **(_inside(request, row) if isinstance(request.user, User) else {}),
    }
    return render(request, "volunteers/organisation.html", context)


def _inside(request: HttpRequest, row: Organisation) -> dict[str, Any]:
    """What only who acts for it, or organises there, sees."""
    user, now = signed_in(request), timezone.now()
    may = leads(user, row, at=now) or organizes(user, row, at=now)
    if not may:
        return {}
    owed = services.owed_report(row, on=timezone.localdate(now))
    names = ORGANISATION.open_to(row, by=user, at=now)
    return {
        "may": True,
        "may_rate": organizes(user, row, at=now),
        "may_report": leads(user, row, at=now),
        "may_edit": "edit" in names,
        "moves": [{"name": n, "label": _(LABELS[n])} for n in names if n in LABELS],
        "members": row.members.filter(valid_to=None).with_names().order_by("-is_leader", "pk"),
        "owed": owed,
        "is_overdue": owed is not None and timezone.localdate(now) > owed[1],
        "events": row.events.select_related("by").order_by("-number")[:20],
    }


@require_http_methods(FORMS)
@person_required
def new(request: HttpRequest) -> HttpResponse:
    form = NewOrganisationForm(request.POST or None)
    given = content_of(form)
    made = saved(request, form, services.register_organisation, **given)
    if made is not None:
        done = _("The organisation is registered. The organiser looks at it now.")
        return onwards(request, "volunteers:organisation", made.pk, done=done)
    title = _("Register an organisation")
    return form_page(request, form, title=title, back="volunteers:organisations")


@require_http_methods(FORMS)
@person_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = _find(request, pk)
    form = OrganisationForm(request.POST or None, instance=row)
    given = content_of(form)
    if saved(request, form, services.edit_organisation, row, **given) is not None:
        return onwards(request, "volunteers:organisation", pk, done=_("The change is kept."))
    return _form(request, form, str(row), pk)


def _form(request: HttpRequest, form: Any, title: str, pk: int) -> HttpResponse:
    return form_page(request, form, title=title, back="volunteers:organisation", back_pk=pk)


@require_http_methods(FORMS)
@person_required
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    row = _find(request, pk)
    if name not in LABELS:
        raise Http404
    if name in NEEDS_REASON:
        form = ReasonForm(request.POST or None)
        reason = request.POST.get("reason", "")
        serve = services.decide_organisation
        if saved(request, form, serve, row, name, reason=reason) is not None:
            return onwards(request, "volunteers:organisation", pk, done=_("Done."))
        return _form(request, form, f"{_(LABELS[name])}: {row}", pk)
    if request.method != "POST":
        raise Http404
    if name == "confirm":
        acted(request, services.confirm_organisation, row, done=_("Done."))
    else:
        acted(request, services.decide_organisation, row, name, done=_("Done."))
    return redirect("volunteers:organisation", pk)


@require_http_methods(FORMS)
@person_required
def report(request: HttpRequest, pk: int) -> HttpResponse:
    row = _find(request, pk)
    form = YearlyReportForm(request.POST or None, initial={"year": timezone.localdate().year - 1})
    given = content_of(form)
    if saved(request, form, services.hand_in_report, row, **given) is not None:
        return onwards(request, "volunteers:organisation", pk, done=_("The report is handed in."))
    return _form(request, form, _("Yearly report"), pk)


@require_http_methods(FORMS)
@person_required
def rating(request: HttpRequest, pk: int) -> HttpResponse:
    row = _find(request, pk)
    form = RatingForm(request.POST or None)
    given = content_of(form)
    if saved(request, form, services.rate, row, **given) is not None:
        return onwards(request, "volunteers:organisation", pk, done=_("The rating is entered."))
    return _form(request, form, _("Rating"), pk)


@require_http_methods(FORMS)
@person_required
def member_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A volunteer gives the number on their page; nobody browses people here."""
    row = _find(request, pk)
    form = MemberForm(request.POST or None)
    if saved(request, form, _add_member, row, form=form) is not None:
        return onwards(request, "volunteers:organisation", pk, done=_("The member is entered."))
    return _form(request, form, _("New member"), pk)


def _add_member(row: Organisation, *, form: MemberForm, **who: Any) -> OrganisationMember:
    found = Volunteer.objects.filter(pk=form.key).first() or Volunteer()
    is_leader = form.cleaned_data["is_leader"]
    return services.add_member(row, found, is_leader=is_leader, **who)


@require_POST
@person_required
def member_end(request: HttpRequest, pk: int) -> HttpResponse:
    user, today = reader(request)
    rows = OrganisationMember.objects.filter(valid_to=None).with_names()
    row = get_object_or_404(
        rows.filter(organisation__in=Organisation.objects.visible_to(user, on=today)), pk=pk
    )
    inside = leads(user, row.organisation, at=timezone.now())
    allowed = inside or organizes(user, row.organisation, at=timezone.now())
    if not allowed and row.volunteer.person_id != user.pk:
        raise PermissionDenied
    acted(request, services.end_membership, row, done=_("The membership is ended."))
    return redirect("volunteers:organisation", row.organisation_id)
