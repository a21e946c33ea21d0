"""A volunteer's own pages: registering, what is ahead, guardians, leaving."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.errors import RuleViolation
from organizations.acting import acted, content_of, onwards, saved
from organizations.http import signed_in
from organizations.models import User
from volunteers import services
from volunteers.acting import form_page
from volunteers.forms.people import (
    ChildForm,
    EditChildForm,
    EditForm,
    GuardianForm,
    RegisterForm,
    ResubmitForm,
)
from volunteers.http import person_required
from volunteers.matching import shifts_for
from volunteers.models import Shift, Signup, Volunteer, WaitingPlace
from volunteers.workflow.activities import WaitingState

FORMS = ["GET", "POST"]
PROPOSED, LOOKED_AT = 5, 200


@never_cache
@require_safe
@person_required
def mine(request: HttpRequest) -> HttpResponse:
    """What is ahead, what waits, what would suit; oneself and one's children."""
    user, now = signed_in(request), timezone.now()
    people = list(Volunteer.objects.of(user).with_names().with_record().with_offer().order_by("pk"))
    signups = Signup.objects.of(user).holding().filter(shift__ends_at__gt=now).with_names()
    places = list(WaitingPlace.objects.of(user).on_the_list().with_names().with_rank())
    own = next((one for one in people if one.person_id == user.pk), None)
    context = {
        "people": people,
        "own": own,
        "signups": signups.order_by("shift__starts_at", "pk"),
        "offered": [one for one in places if one.state == WaitingState.OFFERED],
        "waiting": [one for one in places if one.state == WaitingState.WAITING],
        "proposed": _proposed(own, list(signups), now=now) if own else [],
        "is_minor": own is not None and own.is_minor_on(timezone.localdate(now)),
        "at": now,
    }
    return render(request, "volunteers/mine.html", context)


def _proposed(own: Volunteer, signups: list[Signup], *, now: Any) -> list[Any]:
    """Shifts of the next weeks that suit, with the reasons."""
    rows = Shift.objects.ahead(now).public().filter(starts_at__gt=now).with_activity()
    near = rows.filter(activity__town=own.town_id).exclude(
        pk__in=[signup.shift_id for signup in signups if signup.volunteer_id == own.pk]
    )
    ahead = near.order_by("starts_at", "pk").prefetch_related("activity__prerequisites")
    shifts = list(ahead[:LOOKED_AT])
    busy = [signup.shift for signup in signups]
    return shifts_for(own, shifts, busy=busy)[:PROPOSED]


@require_http_methods(FORMS)
@person_required
def register(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    if Volunteer.objects.filter(person=user).exists():
        return redirect("volunteers:mine")
    initial = {"full_name": user.full_name}
    form = RegisterForm(request.POST or None, initial=initial)
    if user.full_name:
        form.fields["full_name"].disabled = True
    if saved(request, form, _register, user, form=form) is not None:
        done = _("You are registered. The organiser of your community looks at it now.")
        return onwards(request, "volunteers:mine", done=done)
    return form_page(request, form, title=_("Become a volunteer"), back="volunteers:activities")


def _register(user: User, *, form: RegisterForm, **who: Any) -> Volunteer:
    given = form.cleaned_data
    return services.register(
        user,
        identity=given["identity"],
        community=given["community"],
        agreed=given["agreed"],
        full_name=given["full_name"],
        offer=form.offer,
        **who,
    )


@require_http_methods(FORMS)
@person_required
def register_child(request: HttpRequest) -> HttpResponse:
    form = ChildForm(request.POST or None)
    if saved(request, form, _register_child, form=form) is not None:
        done = _("The child is registered. The organiser looks at it now.")
        return onwards(request, "volunteers:mine", done=done)
    return form_page(request, form, title=_("Register a child"), back="volunteers:mine")


def _register_child(*, form: ChildForm, **who: Any) -> Volunteer:
    given = form.cleaned_data
    asked = {name: given[name] for name in ("identity", "relation", "community", "agreed")}
    return services.register_child(given["name"], **asked, offer=form.offer, **who)


def _own(request: HttpRequest) -> Volunteer:
    return get_object_or_404(Volunteer.objects.with_names(), person=signed_in(request))


@require_http_methods(FORMS)
@person_required
def edit(request: HttpRequest) -> HttpResponse:
    """What one offers oneself; with `?child=` what a child of one's own does."""
    child = request.GET.get("child", "")
    row = _child(request, child) if child else _own(request)
    kind = EditChildForm if child else EditForm
    form = kind(request.POST or None, initial=kind.content_of(row))
    offer = form.offer if form.is_valid() else None
    community = form.cleaned_data.get("community") if form.is_valid() else None
    if saved(request, form, services.edit_offer, row, offer=offer, community=community) is not None:
        return onwards(request, "volunteers:mine", done=_("The change is kept."))
    title = _("What %(name)s offers") % {"name": row.name} if child else _("What I offer")
    return form_page(request, form, title=title, back="volunteers:mine")


def _child(request: HttpRequest, key: str) -> Volunteer:
    wards = Volunteer.objects.of(signed_in(request)).exclude(person=signed_in(request))
    return get_object_or_404(wards.with_names(), pk=key if key.isdigit() else 0)


@require_http_methods(FORMS)
@person_required
def resubmit(request: HttpRequest) -> HttpResponse:
    row = _own(request)
    form = ResubmitForm(request.POST or None)
    identity = request.POST.get("identity", "")
    if saved(request, form, services.resubmit, row, identity=identity) is not None:
        return onwards(request, "volunteers:mine", done=_("The organiser looks at it again."))
    title = _("Correct my registration")
    return form_page(request, form, title=title, back="volunteers:mine", about=row.reason)


@require_http_methods(FORMS)
@person_required
def guardian(request: HttpRequest) -> HttpResponse:
    row = _own(request)
    form = GuardianForm(request.POST or None)
    given = content_of(form)
    if saved(request, form, services.name_guardian, row, **given) is not None:
        done = _("Your guardian gets a link by text message, reads and consents.")
        return onwards(request, "volunteers:mine", done=done)
    return form_page(request, form, title=_("My guardian"), back="volunteers:mine")


@never_cache
@require_http_methods(FORMS)
def consent(request: HttpRequest, code: str) -> HttpResponse:
    """The guardian's page behind the link: no account is needed."""
    row = services.by_code(code)
    if row is None:
        raise Http404
    if request.method == "POST":
        try:
            row = services.consent_by_link(code, at=timezone.now())
        except RuleViolation as refusal:
            raise Http404 from refusal
    return render(request, "volunteers/consent.html", {"row": row, "at": timezone.now()})


MOVES = {
    "leave": (services.leave, gettext_noop("You have left. Thank you for what you did.")),
    "erase": (services.erase, gettext_noop("What named you is erased.")),
}


@require_POST
@person_required
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Leave, or have erased; oneself or one's child."""
    row = get_object_or_404(Volunteer.objects.of(signed_in(request)), pk=pk)
    service, done = MOVES[name]
    acted(request, service, row, done=_(done))
    return redirect("volunteers:mine")


@require_POST
@person_required
def rejoin(request: HttpRequest) -> HttpResponse:
    done = _("The organiser of your community looks at it now.")
    agreed = request.POST.get("agreed") == "yes"
    acted(request, services.rejoin, _own(request), done=done, agreed=agreed)
    return redirect("volunteers:mine")
