"""Meetings: list and month, one meeting with all that belongs to it, its preparation."""

import datetime
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committee.acting import form_about
from committee.forms.meetings import InviteForm, ItemForm, MinutesForm, PlanForm, ReasonForm
from committee.ics import calendar_of
from committee.models import AgendaItem, Meeting
from committee.models.members import MEETS
from committee.services import agenda, attending, meetings
from committee.services.actors import MEETING, leads
from committee.views.overview import matters_of
from committee.views.sitting import points_of
from lib.months import month_after, month_before, month_of, weeks_of
from lib.registry import agenda_sources
from organizations.acting import acted, answer_form, onwards, page_of
from organizations.http import reader, signed_in
from organizations.models import Body, User
from organizations.services.wishes import owner_of_feed

WRITES = ["GET", "HEAD", "POST"]
FEED_DAYS = 90
PEOPLE = 300


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    user, today = reader(request)
    rows = Meeting.objects.visible_to(user, on=today).with_names()
    if request.GET.get("look") == "calendar":
        month = _month(rows, request.GET.get("month", ""), today)
        return render(request, "committee/calendar.html", {"month": month, "today": today})
    page = page_of(request, rows, order=("-starts_at", "-pk"))
    return render(request, "committee/meetings.html", {"page": page, "at": timezone.now()})


def _month(rows: Any, text: str, today: datetime.date) -> dict[str, Any]:
    first = month_of(text, today=today)
    zone = timezone.get_current_timezone()
    start, end = (
        datetime.datetime.combine(day, datetime.time(), zone) for day in (first, month_after(first))
    )
    days: dict[datetime.date, list[Meeting]] = defaultdict(list)
    for row in rows.standing().between(start, end).order_by("starts_at")[:500]:
        days[timezone.localdate(row.starts_at)].append(row)
    return {
        "first": first,
        "weeks": weeks_of(first, days),
        "names": [WEEKDAYS_ABBR[number] for number in range(7)],
        "before": f"{month_before(first):%Y-%m}",
        "after": f"{month_after(first):%Y-%m}",
        "is_busy": bool(days),
    }


@require_safe
@cache_control(private=True, max_age=300)
def feed(_request: HttpRequest, secret: str) -> HttpResponse:
    """Whoever has the secret address reads it: no sign-in, so that a calendar app can."""
    person = owner_of_feed(secret)
    if person is None:
        raise Http404
    now = timezone.now()
    rows = Meeting.objects.visible_to(person, on=timezone.localdate(now)).with_names()
    wishes = getattr(person, "preference", None)
    span = datetime.timedelta(days=FEED_DAYS)
    with translation.override((wishes and wishes.language) or settings.LANGUAGE_CODE):
        found = rows.between(now - span, now + 4 * span).order_by("starts_at")[:500]
        body = calendar_of(found, host=settings.SITE_URL.partition("//")[2], at=now)
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


def _visible(request: HttpRequest, pk: int) -> Meeting:
    user, today = reader(request)
    return get_object_or_404(Meeting.objects.visible_to(user, on=today).with_names(), pk=pk)


def _moves(request: HttpRequest, found: Meeting) -> set[str]:
    return set(MEETING.open_to(found, by=signed_in(request), at=timezone.now()))


@login_required
@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    found, (user, _today) = _visible(request, pk), reader(request)
    seats = list(found.invitations.with_names().select_related("marked_by")[:PEOPLE])
    entitled = [seat for seat in seats if seat.may_vote]
    own = next((seat for seat in seats if seat.person_id == user.pk), None)
    moves = _moves(request, found)
    context = {
        "meeting": found,
        "moves": moves,
        "seats": seats,
        "own": own,
        "is_recorder": found.recorder_id == user.pk,
        "keeps_list": bool(moves & {"edit", "arrange"}),
        "entitled": len(entitled),
        "present": sum(seat.present_at is not None for seat in entitled),
        "points": points_of(found, user, own),
        "cancel_form": ReasonForm(auto_id="cancel-%s"),
        "excuse_form": ReasonForm(auto_id="excuse-%s"),
        "events": found.events.select_related("by").order_by("number"),
        "at": timezone.now(),
    }
    return render(request, "committee/meeting.html", context)


@login_required
@require_http_methods(WRITES)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    user, today = reader(request)
    rows = Body.objects.valid_on(today).with_kind().filter(kind__nature__in=MEETS)
    body = get_object_or_404(rows, pk=pk)
    if not leads(user, body.pk, at=timezone.now()):
        raise PermissionDenied
    form = PlanForm(request.POST or None, body=body)

    def write(given: dict[str, Any]) -> str:
        made = meetings.plan_meeting(body, given["kind"], form.plan, by=user, at=timezone.now())
        return reverse("committee:meeting", args=[made.pk])

    back = reverse("committee:body", args=[pk])
    return answer_form(
        request, form, write, template="committee/form.html", title=_("Plan a meeting"),
        back_url=back, about=str(body),
    )  # fmt: skip


def _form(
    request: HttpRequest, found: Meeting, move: str, form: Any, act: Any, title: str
) -> HttpResponse:
    """For who may make the move."""
    if move not in _moves(request, found):
        raise PermissionDenied
    back = reverse("committee:meeting", args=[found.pk])
    return form_about(request, form, act, title=title, about=found.title, back=back)


@login_required
@require_http_methods(WRITES)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    names = ("title", "starts_at", "ends_at", "place", "chair", "recorder")
    begun = {name: getattr(found, name) for name in names}
    form = PlanForm(request.POST or None, initial=begun, body=found.body, meeting=found)

    def act(*, by: User, at: datetime.datetime, **_given: Any) -> None:
        meetings.edit_meeting(found, form.plan, by=by, at=at)

    return _form(request, found, "edit", form, act, _("Change the plan"))


@login_required
@require_http_methods(WRITES)
def agenda_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What waits for the committee, to be put on the agenda; and points of one's own."""
    found = _visible(request, pk)
    if "arrange" not in _moves(request, found):
        raise PermissionDenied
    user = signed_in(request)
    waiting = matters_of(list(agenda_sources), user)
    if request.POST.get("matter"):
        return _take_up(request, found, waiting)
    standing = set(found.items.values_list("source_kind", "source_key"))
    for group in waiting:
        group["rows"] = [
            (one, (one.kind, one.key) in standing, f"{one.kind}|{one.key}")
            for one in group["rows"]
        ]  # fmt: skip
    form = ItemForm(request.POST or None)

    def write(given: dict[str, Any]) -> str:
        agenda.add_item(found, by=user, at=timezone.now(), **given)
        return reverse("committee:agenda", args=[pk])

    return answer_form(
        request, form, write, template="committee/agenda.html", meeting=found, waiting=waiting,
        items=found.items.order_by("position"), at=timezone.now(),
    )  # fmt: skip


def _take_up(request: HttpRequest, found: Meeting, waiting: list[dict[str, Any]]) -> HttpResponse:
    """Only what the person sees waiting is put on the agenda, with the words seen there."""
    wanted = request.POST["matter"]
    every = {f"{one.kind}|{one.key}": one for group in waiting for one in group["rows"]}
    if wanted not in every:
        raise Http404
    one = every[wanted]
    acted(
        request, agenda.add_item, found, title=str(one.label), source=(one.kind, one.key),
        done=_("It stands on the agenda."),
    )  # fmt: skip
    return onwards(request, "committee:agenda", found.pk)


@require_POST
@login_required
def item_remove(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(AgendaItem, pk=pk)
    found = _visible(request, item.meeting_id)
    acted(request, agenda.remove_item, item, done=_("Taken off the agenda."))
    return onwards(request, "committee:agenda", found.pk)


@login_required
@require_http_methods(WRITES)
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    form = InviteForm(request.POST or None)

    def act(**given: Any) -> None:
        attending.invite(found, given.pop("person"), **given)

    return _form(request, found, "invite", form, act, _("Invite somebody"))


@login_required
@require_http_methods(WRITES)
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    form = MinutesForm(request.POST or None, initial={"text": found.minutes})

    def act(**given: Any) -> None:
        meetings.write_minutes(found, **given)

    return _form(request, found, "write", form, act, _("Write the minutes"))


@require_POST
@login_required
def move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: call, cancel, open, close or confirm."""
    found = _visible(request, pk)
    acts: dict[str, tuple[Any, Any]] = {
        "call": (meetings.call_meeting, _("Called: everybody invited has a message.")),
        "open": (meetings.open_meeting, _("The meeting sits; the quorum is noted.")),
        "close": (meetings.close_meeting, _("The meeting is closed.")),
        "confirm": (meetings.confirm_minutes, _("The minutes are confirmed.")),
        "cancel": (meetings.cancel_meeting, _("Cancelled.")),
    }
    service, done = acts[name]
    more = {"reason": request.POST.get("reason", "")} if name == "cancel" else {}
    acted(request, service, found, done=done, **more)
    return onwards(request, "committee:meeting", pk)
