"""Who leads an activity: its draft, review, shifts, who comes, who waits, and words to a shift."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grids.scopes import in_reach
from lib import registry
from organizations.acting import acted, content_of, onwards, page_of, saved
from organizations.http import signed_in
from volunteers import services
from volunteers.acting import form_page
from volunteers.forms.activities import (
    ActivityForm,
    AmendForm,
    ChangeShiftForm,
    MessageForm,
    NewActivityForm,
    RuleForm,
    ShiftForm,
)
from volunteers.forms.people import ReasonForm
from volunteers.http import frame_of, person_required, reader
from volunteers.matching import busy_of, people_for
from volunteers.models import Activity, Organisation, Shift, Signup, Volunteer
from volunteers.models.activities import REVIEWERS
from volunteers.models.people import ORGANIZERS
from volunteers.services.actors import leads_work
from volunteers.services.ways import ACTIVITY
from volunteers.workflow.activities import EDITABLE, NEEDS_REASON, State

FORMS = ["GET", "POST"]
PROPOSED, LOOKED_AT = 20, 500
SHIFTS_SHOWN = 30


def _led(request: HttpRequest) -> Any:
    """Activities that the reader leads, organises or reviews."""
    user, today = reader(request)
    led = Activity.objects.led_by(user, on=today).values("pk")
    near = Activity.objects.filter(in_reach(user, REVIEWERS, on=today)).values("pk")
    return Activity.objects.filter(pk__in=led) | Activity.objects.filter(pk__in=near)


@require_safe
@person_required
def led(request: HttpRequest) -> HttpResponse:
    """What I lead, organise or review, by state."""
    rows = _led(request).with_names()
    chosen = request.GET.get("state", "")
    if chosen in State.values:
        rows = rows.filter(state=chosen)
    chips = [{"label": _("All"), "url": "?", "chosen": not chosen, "count": None}]
    chips += [
        {"label": one.label, "url": f"?state={one}", "chosen": one == chosen, "count": None}
        for one in State
    ]
    context = {"page": page_of(request, rows), "chips": chips, "may_make": _may_make(request)}
    return render(request, "volunteers/led.html", {**context, "frame": frame_of(request)})


def _may_make(request: HttpRequest) -> bool:
    user, today = reader(request)
    organizes = bool(user.roles_on(today) & ORGANIZERS)
    return organizes or Organisation.objects.led_by(user, on=today).active().exists()


@require_http_methods(FORMS)
@person_required
def new(request: HttpRequest) -> HttpResponse:
    user, today = reader(request)
    form = NewActivityForm(request.POST or None, user=user, on=today)
    content = form.content if form.is_valid() else {}
    made = saved(request, form, services.draft, **content)
    if made is not None:
        done = _("The draft is kept. Add shifts, then hand it in for review.")
        return onwards(request, "volunteers:manage", made.pk, done=done)
    title = _("New activity")
    return form_page(request, form, title=title, back="volunteers:led", is_desk=True)


def _find(request: HttpRequest, pk: int) -> Activity:
    found: Activity = get_object_or_404(_led(request).with_names().with_demands(), pk=pk)
    return found


LABELS = {
    "submit": gettext_noop("Hand in for review"),
    "take_back": gettext_noop("Take back"),
    "publish": gettext_noop("Publish"),
    "return": gettext_noop("Return"),
    "cancel": gettext_noop("Cancel the activity"),
}


@require_safe
@person_required
def manage(request: HttpRequest, pk: int) -> HttpResponse:
    row = _find(request, pk)
    now = timezone.now()
    mine = ACTIVITY.open_to(row, by=signed_in(request), at=now)
    shifts = row.shifts.order_by("-starts_at", "pk").select_related("leader")[:SHIFTS_SHOWN]
    context = {
        "activity": row,
        "moves": [{"name": n, "label": _(LABELS[n])} for n in mine if LABELS.get(n)],
        "may_edit": "edit" in mine,
        "may_amend": "amend" in mine,
        "may_lead": bool({"edit", "amend", "cancel"} & set(mine)),
        "shifts": shifts,
        "rule": getattr(row, "recurrence", None),
        "prerequisites": row.prerequisites.all(),
        "events": row.events.select_related("by").order_by("-number")[:20],
        "calls": [
            (call, registry.references.resolve([pair], signed_in(request)).get(pair))
            for call in row.calls.all()
            for pair in [(call.subject_kind, call.subject_key)]
        ],
        "at": now,
    }
    return render(request, "volunteers/manage.html", {**context, "frame": frame_of(request)})


@require_http_methods(FORMS)
@person_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft as a whole; of what is published only what shuts nobody out."""
    row = _find(request, pk)
    is_draft = row.state in EDITABLE
    form: Any = (ActivityForm if is_draft else AmendForm)(request.POST or None, instance=row)
    content: dict[str, Any] = {}
    if form.is_valid():
        content = form.content if is_draft else form.cleaned_data
    service = services.edit if is_draft else services.amend
    if saved(request, form, service, row, **content) is not None:
        return onwards(request, "volunteers:manage", pk, done=_("The change is kept."))
    return _form(request, form, str(row), pk)


def _form(request: HttpRequest, form: Any, title: str, pk: int, **more: Any) -> HttpResponse:
    return form_page(
        request, form, title=title, back="volunteers:manage", back_pk=pk, is_desk=True, **more
    )


SIMPLE = {
    "submit": services.submit,
    "take_back": services.take_back,
    "publish": services.publish,
}
REASONED = {"return": services.send_back, "cancel": services.cancel_activity}


@require_http_methods(FORMS)
@person_required
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    row = _find(request, pk)
    if name in NEEDS_REASON:
        form = ReasonForm(request.POST or None)
        reason = request.POST.get("reason", "")
        if saved(request, form, REASONED[name], row, reason=reason) is not None:
            return onwards(request, "volunteers:manage", pk, done=_("Done."))
        return _form(request, form, f"{_(LABELS[name])}: {row}", pk)
    if request.method != "POST" or name not in SIMPLE:
        raise Http404
    acted(request, SIMPLE[name], row, done=_("Done."))
    return redirect("volunteers:manage", pk)


@require_http_methods(FORMS)
@person_required
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    row = _find(request, pk)
    known = getattr(row, "recurrence", None)
    initial = {name: getattr(known, name) for name in RuleForm.base_fields} if known else None
    form = RuleForm(request.POST or None, initial=initial)
    given = content_of(form)
    if saved(request, form, services.set_rule, row, **given) is not None:
        return onwards(request, "volunteers:manage", pk, done=_("The rule is kept."))
    return _form(request, form, _("Rule of shifts"), pk)


# -- Shifts ---------------------------------------------------------------------------------------


@require_http_methods(FORMS)
@person_required
def shift_new(request: HttpRequest, pk: int) -> HttpResponse:
    row = _find(request, pk)
    form = ShiftForm(request.POST or None)
    given = content_of(form)
    if saved(request, form, services.add_shift, row, **given) is not None:
        return onwards(request, "volunteers:manage", pk, done=_("The shift is there."))
    return _form(request, form, _("New shift"), pk)


def _shift(request: HttpRequest, pk: int) -> Shift:
    user, _today = reader(request)
    mine = Shift.objects.filter(activity__in=_led(request).values("pk"))
    rows = mine | Shift.objects.filter(leader=user)
    return get_object_or_404(rows.with_activity(), pk=pk)


@require_safe
@person_required
def shift(request: HttpRequest, pk: int) -> HttpResponse:
    """Who comes, who waits, what was told; who could be asked."""
    row = _shift(request, pk)
    user, today = reader(request)
    visible = Signup.objects.visible_to(user, on=today).filter(shift=row)
    now = timezone.now()
    may_lead = row.leader_id == user.pk or leads_work(user, row.activity, at=now)
    waiting = row.waiting_places.on_the_list() if may_lead else row.waiting_places.none()
    context = {
        "shift": row,
        "may_lead": may_lead,
        "signups": visible.select_related("volunteer__person").order_by("pk"),
        "waiting": waiting.select_related("volunteer__person").order_by("pk"),
        "told": row.messages.select_related("by").order_by("-pk"),
        "message_form": MessageForm(),
        "proposed": _proposed(request, row)
        if may_lead and row.starts_at > now and not row.is_full
        else [],
        "is_over": row.ends_at <= now or row.called_off_at is not None,
        "has_begun": row.starts_at <= now,
        "at": now,
    }
    return render(request, "volunteers/shift.html", {**context, "frame": frame_of(request)})


def _proposed(request: HttpRequest, row: Shift) -> list[Any]:
    """Volunteers whom the reader may see and whom the shift would suit."""
    user, today = reader(request)
    row.activity = Activity.objects.with_demands().get(pk=row.activity_id)
    rows = Volunteer.objects.visible_to(user, on=today).active().with_names().with_record()
    rows = rows.filter(town=row.activity.town_id).exclude(signups__shift=row)
    people = list(rows.with_offer().order_by("pk")[:LOOKED_AT])
    return people_for(row, people, busy=busy_of(people, around=row))[:PROPOSED]


@require_POST
@person_required
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """An invitation, never an assignment: who is invited signs up, or does not."""
    row = _shift(request, pk)
    people = [int(key) for key in request.POST.getlist("volunteer") if key.isdigit()]
    acted(request, services.invite, row, people, done=_("They are invited."))
    return redirect("volunteers:shift", pk)


@require_http_methods(FORMS)
@person_required
def shift_change(request: HttpRequest, pk: int) -> HttpResponse:
    row = _shift(request, pk)
    initial = {"places": row.places, "meeting_point": row.meeting_point}
    form = ChangeShiftForm(request.POST or None, initial=initial)
    given = content_of(form)
    if saved(request, form, services.change_shift, row, **given) is not None:
        return onwards(request, "volunteers:shift", pk, done=_("The change is kept."))
    return _shift_form(request, form, _("Change the shift"), pk)


@require_http_methods(FORMS)
@person_required
def shift_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    row = _shift(request, pk)
    form = ReasonForm(request.POST or None)
    reason = request.POST.get("reason", "")
    if saved(request, form, services.call_off_shift, row, reason=reason) is not None:
        return onwards(request, "volunteers:shift", pk, done=_("Everybody is told."))
    return _shift_form(request, form, _("Call the shift off"), pk)


def _shift_form(request: HttpRequest, form: Any, title: str, pk: int) -> HttpResponse:
    return form_page(request, form, title=title, back="volunteers:shift", back_pk=pk, is_desk=True)


@require_POST
@person_required
def shift_message(request: HttpRequest, pk: int) -> HttpResponse:
    row = _shift(request, pk)
    text = request.POST.get("text", "")
    acted(request, services.write_to_shift, row, done=_("The message is on its way."), text=text)
    return redirect("volunteers:shift", pk)


@require_safe
@person_required
def signups(request: HttpRequest) -> HttpResponse:
    """Sign-ups of activities that I lead or organise, which wait to be accepted."""
    user, today = reader(request)
    rows = Signup.objects.visible_to(user, on=today).waiting().exclude(volunteer__person=user)
    rows = rows.filter(shift__starts_at__gt=timezone.now()).with_names()
    context = {"page": page_of(request, rows, order=("pk",)), "at": timezone.now()}
    return render(request, "volunteers/signups.html", {**context, "frame": frame_of(request)})


SIGNUP_SIMPLE = {"accept": services.accept, "attend": services.attend, "miss": services.miss}
SIGNUP_REASONED = {"refuse": services.refuse, "call_off": services.call_off}


@require_http_methods(FORMS)
@person_required
def signup_move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    user, today = reader(request)
    rows = Signup.objects.visible_to(user, on=today).exclude(volunteer__person=user)
    row = get_object_or_404(rows.with_names(), pk=pk)
    if name in SIGNUP_REASONED:
        form = ReasonForm(request.POST or None)
        reason = request.POST.get("reason", "")
        if saved(request, form, SIGNUP_REASONED[name], row, reason=reason) is not None:
            return onwards(request, "volunteers:shift", row.shift_id, done=_("Done."))
        return _shift_form(request, form, row.volunteer.name, row.shift_id)
    if request.method != "POST":
        raise Http404
    acted(request, SIGNUP_SIMPLE[name], row, done=_("Done."))
    return redirect("volunteers:shift", row.shift_id)
