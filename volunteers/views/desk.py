"""The organiser's desk: people to review, with their insurance, proofs and courses; calls."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from grids.scopes import in_reach
from lib import registry
from lib.roles import Role
from organizations.acting import acted, content_of, onwards, page_of, saved
from organizations.http import role_required, signed_in
from volunteers import services
from volunteers.acting import form_page
from volunteers.forms.activities import AnswerForm
from volunteers.forms.people import (
    InsuranceForm,
    PaperForm,
    ProofForm,
    ReasonForm,
    TrainingForm,
)
from volunteers.http import reader
from volunteers.matching import Match, people_for_call
from volunteers.models import Activity, Call, DoubleReport, Organisation, Volunteer, VolunteerSkill
from volunteers.models.people import ORGANIZERS
from volunteers.services.actors import speaks_for
from volunteers.services.ways import VOLUNTEER
from volunteers.workflow.activities import CallState
from volunteers.workflow.people import NEEDS_REASON, PRESENT, State

FORMS = ["GET", "POST"]
PROPOSED, LOOKED_AT = 5, 500
ORGANIZER = role_required(Role.VOLUNTEER_ORGANIZER)


def _near(request: HttpRequest) -> Any:
    user, today = reader(request)
    return Volunteer.objects.filter(in_reach(user, ORGANIZERS, on=today))


@ORGANIZER
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Volunteers of the place, those who wait first; by state, name and end of the number."""
    rows = _near(request).with_names()
    chosen = request.GET.get("state", "")
    if chosen in State.values:
        rows = rows.filter(state=chosen)
    words = request.GET.get("q", "").strip()
    if words:
        person = Q(person__full_name__icontains=words) | Q(person__nickname__icontains=words)
        rows = rows.filter(person | Q(identity_tail=words.upper()))
    context = {
        "page": page_of(request, rows),
        "chips": _chips(request, chosen),
        "words": words,
        **_waits(request),
    }
    return render(request, "volunteers/people.html", context)


def _chips(request: HttpRequest, chosen: str) -> list[dict[str, Any]]:
    found = [{"label": _("All"), "url": "?", "chosen": not chosen, "count": None}]
    for state in State:
        count = _near(request).filter(state=state).count() if state == State.WAITING else None
        found.append(
            {"label": state.label, "url": f"?state={state}", "chosen": state == chosen,
             "count": count}
        )  # fmt: skip
    return found


def _waits(request: HttpRequest) -> dict[str, int]:
    """What else waits for the organiser, for the head of the page."""
    user, today = reader(request)
    return {
        "waiting_organisations": Organisation.objects.waiting()
        .filter(in_reach(user, ORGANIZERS, on=today))
        .count(),
        "waiting_activities": Activity.objects.waiting()
        .filter(in_reach(user, ORGANIZERS, on=today))
        .exclude(made_by=user)
        .count(),
        "open_calls": Call.objects.visible_to(user, on=today).open().count(),
        "waiting_reports": DoubleReport.objects.visible_to(user, on=today).waiting().count(),
    }


def _find(request: HttpRequest, pk: int) -> Volunteer:
    found: Volunteer = get_object_or_404(_near(request).with_names().with_record(), pk=pk)
    return found


@ORGANIZER
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    row = _find(request, pk)
    now = timezone.now()
    context = {
        "row": row,
        "age": row.age_on(timezone.localdate(now)),
        "is_minor": row.is_minor_on(timezone.localdate(now)),
        "may_add": row.state in PRESENT and not speaks_for(signed_in(request), row),
        "moves": _moves(request, row),
        "insurances": row.insurances.order_by("-valid_from"),
        "skills": row.skills.select_related("skill", "certified_by"),
        "trainings": row.trainings.select_related("course"),
        "guardians": row.guardianships.standing().select_related("guardian"),
        "signups": row.signups.select_related("shift__activity").order_by("-pk")[:20],
        "events": row.events.select_related("by").order_by("-number")[:20],
        "at": now,
    }
    return render(request, "volunteers/person.html", context)


LABELS = {
    "confirm": gettext_noop("Confirm"),
    "return": gettext_noop("Return for correction"),
    "refuse": gettext_noop("Refuse"),
    "suspend": gettext_noop("Suspend"),
    "resume": gettext_noop("Resume"),
    "leave": gettext_noop("Take off the list"),
    "erase": gettext_noop("Erase"),
}


def _moves(request: HttpRequest, row: Volunteer) -> list[dict[str, str]]:
    names = VOLUNTEER.open_to(row, by=signed_in(request), at=timezone.now())
    return [{"name": name, "label": _(LABELS[name])} for name in names if name in LABELS]


@ORGANIZER
@require_http_methods(FORMS)
def person_move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A move of the table; what needs a reason asks for it on a page of its own."""
    row = _find(request, pk)
    if name not in LABELS:
        raise Http404
    if name in NEEDS_REASON:
        form = ReasonForm(request.POST or None)
        reason = request.POST.get("reason", "")
        if saved(request, form, services.decide, row, name, reason=reason) is not None:
            return onwards(request, "volunteers:person", pk, done=_("Done."))
        title = f"{_(LABELS[name])}: {row.name}"
        return form_page(
            request, form, title=title, back="volunteers:person", back_pk=pk, is_desk=True
        )
    if request.method != "POST":
        raise Http404
    simple = {"confirm": services.confirm, "leave": services.leave, "erase": services.erase}
    if name in simple:
        acted(request, simple[name], row, done=_("Done."))
    else:
        acted(request, services.decide, row, name, done=_("Done."))
    return redirect("volunteers:person", pk)


# What the organiser adds to a person: the form, the service, and the title of its page.
ADDED: dict[str, tuple[Any, Any, str]] = {
    "insurance": (InsuranceForm, services.insure, gettext_noop("Enter insurance")),
    "training": (TrainingForm, services.record_training, gettext_noop("Enter a course")),
    "consent": (PaperForm, services.consent_on_paper, gettext_noop("Consent seen on paper")),
}


@ORGANIZER
@require_http_methods(FORMS)
def person_add(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    row = _find(request, pk)
    made, service, title = ADDED[name]
    form = made(request.POST or None)
    given = content_of(form)
    if saved(request, form, service, row, **given) is not None:
        return onwards(request, "volunteers:person", pk, done=_("It is entered."))
    said = f"{_(title)}: {row.name}"
    return form_page(request, form, title=said, back="volunteers:person", back_pk=pk, is_desk=True)


@ORGANIZER
@require_http_methods(FORMS)
def certify(request: HttpRequest, pk: int) -> HttpResponse:
    rows = VolunteerSkill.objects.filter(volunteer__in=_near(request))
    skill = get_object_or_404(rows.select_related("volunteer__person", "skill"), pk=pk)
    form = ProofForm(request.POST or None)
    given = content_of(form)
    if saved(request, form, services.certify_skill, skill, **given) is not None:
        return onwards(request, "volunteers:person", skill.volunteer_id, done=_("It is entered."))
    title = f"{skill.skill}: {skill.volunteer.name}"
    return form_page(
        request, form, title=title, back="volunteers:person", back_pk=skill.volunteer_id,
        is_desk=True,
    )  # fmt: skip


# -- Calls ----------------------------------------------------------------------------------------


@ORGANIZER
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    user, today = reader(request)
    page = page_of(request, Call.objects.visible_to(user, on=today).with_names().with_skills())
    named = registry.references.resolve(
        [(call.subject_kind, call.subject_key) for call in page.rows], user
    )
    fitting = _fitting(request, [call for call in page.rows if call.state == CallState.OPEN])
    rows = [
        {
            "call": call,
            "reference": named.get((call.subject_kind, call.subject_key)),
            "matches": fitting.get(call.pk, [])[:PROPOSED],
            "count": len(fitting.get(call.pk, [])),
        }
        for call in page.rows
    ]
    context = {"page": page, "calls": rows, "at": timezone.now()}
    return render(request, "volunteers/calls.html", context)


def _fitting(request: HttpRequest, calls: list[Call]) -> dict[int, list[Match]]:
    """Whom each open call would suit, of those whom the organiser may see: a few queries for all.

    Who has a place elsewhere at that time is left out later, when a shift is made of it.
    """
    if not calls:
        return {}
    rows = _near(request).active().with_names().with_record()
    people = list(rows.with_offer().order_by("pk")[:LOOKED_AT])
    return {call.pk: people_for_call(call, people) for call in calls}


@ORGANIZER
@require_http_methods(FORMS)
def answer_call(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft with one shift is made of it; then it goes its way through review."""
    call = _call(request, pk)
    form = AnswerForm(request.POST or None)
    given = content_of(form)
    made = saved(request, form, services.answer_call, call, **given)
    if made is not None:
        return onwards(request, "volunteers:manage", made.pk, done=_("A draft is made of it."))
    return form_page(
        request, form, title=call.title, back="volunteers:calls", about=call.text, is_desk=True
    )


@ORGANIZER
@require_http_methods(FORMS)
def decline_call(request: HttpRequest, pk: int) -> HttpResponse:
    call = _call(request, pk)
    form = ReasonForm(request.POST or None)
    reason = request.POST.get("reason", "")
    if saved(request, form, services.decline_call, call, reason=reason) is not None:
        return onwards(request, "volunteers:calls", done=_("Done."))
    return form_page(
        request, form, title=call.title, back="volunteers:calls", about=call.text, is_desk=True
    )


def _call(request: HttpRequest, pk: int) -> Call:
    user, today = reader(request)
    return get_object_or_404(Call.objects.visible_to(user, on=today), pk=pk)
