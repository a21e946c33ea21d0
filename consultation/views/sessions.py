"""Sessions at the desk: planned, invited, opened, checked in, taken down, closed."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultation import pictures
from consultation.forms.sessions import (
    InviteForm,
    PointForm,
    PositionForm,
    ReasonForm,
    SessionForm,
)
from consultation.models import AgendaItem, Invitation, Session, Vote
from consultation.services import attending, sessions
from consultation.services.actors import actors_of
from consultation.services.rooms import room_of
from consultation.session_workflow import CLERKS, SESSION_MOVES, SessionActor
from consultation.views.reach import visible
from consultation.workflow import READERS, Actor, State
from organizations.acting import acted, answer_form, page_of
from organizations.http import reader, role_required, signed_in

ALL = READERS | CLERKS
FORM = "consultation/session_form.html"


def found(request: HttpRequest, pk: int) -> Session:
    user, on = reader(request)
    rows = Session.objects.visible_to(user, on=on).with_names()
    return get_object_or_404(rows, pk=pk)


@role_required(*ALL)
@require_safe
def of_consultation(request: HttpRequest, number: str) -> HttpResponse:
    """The tab of sessions and votes."""
    consultation, at = visible(request, number), timezone.now()
    hosts = Actor.HOST in actors_of(signed_in(request), consultation, at=at)
    context = {
        "consultation": consultation,
        "here": "sessions",
        "may_plan": hosts and consultation.state == State.RUNNING,
        "sessions": consultation.sessions.with_names().order_by("-starts_at"),
        "votes": Vote.objects.filter(consultation=consultation).with_names().order_by("-pk"),
        "at": at,
    }
    return render(request, "consultation/sessions.html", context)


@role_required(*ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, number: str) -> HttpResponse:
    consultation = visible(request, number)
    form = SessionForm(request.POST or None, consultation=consultation)

    def write(given: dict[str, Any]) -> str:
        made = sessions.plan_session(
            consultation, sessions.Plan(**given), by=signed_in(request), at=timezone.now()
        )
        return reverse("consultation:session", args=[made.pk])

    back = reverse("consultation:sessions", args=[number])
    return answer_form(request, form, write, template=FORM, title=_("Plan a session"), back=back)


@role_required(*ALL)
@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    row, at = found(request, pk), timezone.now()
    user = signed_in(request)
    actors, room = sessions.session_actors(user, row, at=at), room_of(row)
    rows = row.invitations.with_names().prefetch_related("attendances").select_related("recusal")
    if wanted := request.GET.get("q", "").strip()[:60]:
        rows = rows.filter(name__contains=wanted)
    context = {
        "session": row,
        "consultation": row.consultation,
        "here": "sessions",
        "page": page_of(request, rows, order=("pk",)),
        "q": wanted,
        "agenda": row.agenda.filter(parent=None).prefetch_related("children"),
        "positions": row.positions.select_related("invitation", "item"),
        "votes": row.votes.order_by("pk"),
        "quorum": room.quorum,
        "makeup": room.makeup,
        "came": room.came,
        "invited": len(room.invited),
        "moves": {name for name, move in SESSION_MOVES.items()
                  if move.starts_from(row.state) and move.is_for(actors)},
        "is_clerk": SessionActor.CLERK in actors,
        "at": at,
    }  # fmt: skip
    return render(request, "consultation/session.html", context)


PLAIN = {
    "open": (sessions.open_session, _("The session is open.")),
    "close": (sessions.close_session, _("The session is closed.")),
    "invite-roll": (sessions.invite_roll, _("Everybody in the roll is invited.")),
}


@role_required(*ALL)
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: open, close, invite-roll."""
    service, done = PLAIN[name]
    acted(request, service, done=str(done), session=found(request, pk))
    return redirect("consultation:session", pk)


def _guests(form: InviteForm) -> list[sessions.Guest]:
    said = form.cleaned_data
    return [
        sessions.Guest(name, said["capacity"], person, said["is_member"], said.get("is_woman"))
        for name, person in form.people()
    ]


@role_required(*ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: edit, point, invite, call-off: what needs a form."""
    row, user, at = found(request, pk), signed_in(request), timezone.now()
    data = request.POST or None
    form: Any
    if name == "edit":
        begun = {key: getattr(row, key) for key in SessionForm.base_fields}
        form = SessionForm(data, consultation=row.consultation, initial=begun)
    elif name == "point":
        form = PointForm(data, session=row)
    elif name == "invite":
        form = InviteForm(data, session=row)
    else:
        form = ReasonForm(data)

    def write(given: dict[str, Any]) -> str:
        who: dict[str, Any] = {"by": user, "at": at}
        if name == "edit":
            sessions.change_session(row, sessions.Plan(**given), **who)
        elif name == "point":
            sessions.add_item(row, sessions.Point(**given), **who)
        elif name == "invite":
            sessions.invite(row, _guests(form), **who)
        else:
            sessions.call_off(row, reason=given["reason"], **who)
        return reverse("consultation:session", args=[pk])

    titles = {"edit": _("Change the session"), "point": _("Add a point to the agenda"),
              "invite": _("Invite people"), "call-off": _("Call the session off")}  # fmt: skip
    back = reverse("consultation:session", args=[pk])
    return answer_form(request, form, write, template=FORM, title=titles[name], back=back)


def _invitation(request: HttpRequest, pk: int) -> Invitation:
    row = get_object_or_404(Invitation.objects.select_related("session"), pk=pk)
    found(request, row.session_id)
    return row


@role_required(*ALL)
@require_POST
def check_in(request: HttpRequest, pk: int) -> HttpResponse:
    """`pk`: an invitation; the clerk sees who stands before him."""
    row = _invitation(request, pk)
    acted(request, attending.check_in_by_clerk, done=str(_("Checked in.")), invitation=row)
    return redirect(f"{reverse('consultation:session', args=[row.session_id])}#people")


@role_required(*ALL)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """`pk`: an invitation that was a mistake."""
    row = _invitation(request, pk)
    acted(request, sessions.withdraw, done=str(_("The invitation is taken back.")), invitation=row)
    return redirect(f"{reverse('consultation:session', args=[row.session_id])}#people")


@role_required(*ALL)
@require_POST
def remove_point(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(AgendaItem.objects.select_related("session"), pk=pk)
    found(request, row.session_id)
    acted(request, sessions.remove_item, done=str(_("The point is off the agenda.")), item=row)
    return redirect("consultation:session", row.session_id)


@role_required(*ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: cancel (a wrong check-in), recuse, position."""
    row, user, at = _invitation(request, pk), signed_in(request), timezone.now()
    data = request.POST or None
    form: Any = PositionForm(data, session=row.session) if name == "position" else ReasonForm(data)

    def write(given: dict[str, Any]) -> str:
        who: dict[str, Any] = {"by": user, "at": at}
        if name == "position":
            attending.take_down(row, given, **who)
        elif name == "recuse":
            attending.recuse(row, reason=given["reason"], **who)
        else:
            standing = get_object_or_404(row.attendances, cancelled_at=None)
            attending.cancel_check_in(standing, reason=given["reason"], **who)
        return f"{reverse('consultation:session', args=[row.session_id])}#people"

    titles = {"cancel": _("Cancel the check-in"), "recuse": _("Stand back from the matter"),
              "position": _("Take down what was said")}  # fmt: skip
    back = reverse("consultation:session", args=[row.session_id])
    return answer_form(
        request, form, write, template=FORM, title=f"{titles[name]} · {row.name}", back=back
    )


@role_required(*ALL)
@require_safe
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """The code that stands on the screen of the room, another one every minute."""
    row, at = found(request, pk), timezone.now()
    if SessionActor.CLERK not in sessions.session_actors(signed_in(request), row, at=at):
        raise PermissionDenied
    code, room = attending.code_at(row, at), room_of(row)
    address = request.build_absolute_uri(reverse("consultation:check_in", args=[pk, code]))
    context = {
        "session": row,
        "code": code,
        "picture": pictures.qr(address),
        "came": room.came,
        "invited": room.members,
        "quorum": room.quorum,
    }
    return render(request, "consultation/session_screen.html", context)
