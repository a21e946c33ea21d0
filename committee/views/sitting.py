"""While a meeting sits: who is here, who stands aside, votes, decisions."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from committee.acting import form_about
from committee.forms.meetings import DecideForm, MotionForm, ReasonForm
from committee.models import AgendaItem, Ballot, Decision, Directive, Invitation, Meeting
from committee.services import agenda, attending, voting
from committee.services.actors import MEETING
from committee.workflow import BallotState, Choice
from lib import registry
from organizations.acting import acted, onwards
from organizations.http import reader, signed_in
from organizations.models import User

WRITES = ["GET", "HEAD", "POST"]


def points_of(meeting: Meeting, user: User, own: Invitation | None) -> list[dict[str, Any]]:
    """The agenda with what it is about, who stands aside, votes, decision and tasks."""
    items = list(
        meeting.items.order_by("position").prefetch_related(
            "recusals__invitation__person", "ballots__voices__invitation__person",
            "ballots__turnout",
            "decision__directives", "decision__published",
        )
    )  # fmt: skip
    voters = list(meeting.invitations.entitled().here().with_names())
    sources = registry.references.resolve([item.source for item in items if item.source[0]], user)
    return [
        {
            "item": item,
            "reason_form": ReasonForm(auto_id=f"aside-{item.pk}-%s"),
            "is_voting": any(one.state == BallotState.OPEN for one in item.ballots.all()),
            "about": sources.get(item.source),
            "aside": list(item.recusals.all()),
            "own_aside": own is not None
            and any(one.invitation_id == own.pk for one in item.recusals.all()),
            "ballots": [_ballot(one, own, voters) for one in item.ballots.all()],
            "decision": _decision(item),
        }
        for item in items
    ]


def _ballot(ballot: Ballot, own: Invitation | None, voters: list[Invitation]) -> dict[str, Any]:
    """In a secret one there are no voices, but the list of who has voted."""
    voices = {voice.invitation_id: voice for voice in ballot.voices.all()}
    voted = set(voices) | {row.invitation_id for row in ballot.turnout.all()}
    aside = {row.invitation_id for row in ballot.item.recusals.all()}
    return {
        "ballot": ballot,
        "is_open": ballot.state == BallotState.OPEN,
        "voices": voices.values(),
        "voted": voted,
        "waiting": [row for row in voters if row.pk not in voted | aside],
        "own": voices.get(own.pk) if own else None,
        "has_voted": own is not None and own.pk in voted,
        "choices": Choice.choices,
    }


def _decision(item: AgendaItem) -> dict[str, Any] | None:
    made: Decision | None = getattr(item, "decision", None)
    if made is None:
        return None
    tasks: Iterable[Directive] = made.directives.all()
    return {"row": made, "tasks": tasks, "is_public": bool(made.published.all())}


def _seat(request: HttpRequest, pk: int) -> Invitation:
    user, today = reader(request)
    seen = Meeting.objects.visible_to(user, on=today).values("pk")
    rows = Invitation.objects.select_related("meeting__body", "meeting__kind", "person")
    return get_object_or_404(rows.filter(meeting__in=seen), pk=pk)


def _item(request: HttpRequest, pk: int) -> AgendaItem:
    user, today = reader(request)
    seen = Meeting.objects.visible_to(user, on=today).values("pk")
    rows = AgendaItem.objects.select_related("meeting__body", "meeting__kind")
    return get_object_or_404(rows.filter(meeting__in=seen), pk=pk)


def _ballot_row(request: HttpRequest, pk: int) -> Ballot:
    row = get_object_or_404(Ballot.objects.all(), pk=pk)
    row.item = _item(request, row.item_id)
    return row


def _back(request: HttpRequest, meeting: int) -> HttpResponse:
    return onwards(request, "committee:meeting", meeting)


@require_POST
@login_required
def here(request: HttpRequest, pk: int) -> HttpResponse:
    seat = _seat(request, pk)
    acted(request, attending.check_in, seat, done=_("Noted as present."))
    return _back(request, seat.meeting_id)


@require_POST
@login_required
def excuse(request: HttpRequest, pk: int) -> HttpResponse:
    seat, words = _seat(request, pk), request.POST.get("reason", "")
    acted(request, attending.excuse, seat, words=words, done=pgettext("meeting", "Noted."))
    return _back(request, seat.meeting_id)


@require_POST
@login_required
def aside(request: HttpRequest, pk: int, seat: int) -> HttpResponse:
    item, row = _item(request, pk), _seat(request, seat)
    reason = request.POST.get("reason", "")
    acted(request, voting.recuse, item, row, reason=reason, done=_("Noted: stands aside."))
    return _back(request, item.meeting_id)


@require_POST
@login_required
def settle(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: noted or deferred."""
    item = _item(request, pk)
    acted(request, agenda.settle_item, item, name, done=pgettext("meeting", "Noted."))
    return _back(request, item.meeting_id)


def _form(
    request: HttpRequest, meeting: Meeting, form: Any, act: Any, title: str, about: str
) -> HttpResponse:
    if "decide" not in MEETING.open_to(meeting, by=signed_in(request), at=timezone.now()):
        raise PermissionDenied
    back = reverse("committee:meeting", args=[meeting.pk])
    return form_about(request, form, act, title=title, about=about, back=back)


@login_required
@require_http_methods(WRITES)
def ballot_new(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    form = MotionForm(request.POST or None, initial={"motion": item.title}, kind=item.meeting.kind)

    def act(**given: Any) -> None:
        voting.open_ballot(item, **given)

    return _form(request, item.meeting, form, act, _("Put it to the vote"), item.title)


@require_POST
@login_required
def voice(request: HttpRequest, pk: int, seat: int) -> HttpResponse:
    """One's own voice, or a hand that the recorder has seen."""
    ballot, row = _ballot_row(request, pk), _seat(request, seat)
    choice = request.POST.get("choice", "")
    if ballot.is_secret:
        done = _("Your paper is in the box.")
        acted(request, voting.vote_in_secret, ballot, row, choice, done=done)
    else:
        acted(request, voting.vote, ballot, row, choice, done=_("The voice is noted."))
    return _back(request, ballot.item.meeting_id)


@require_POST
@login_required
def count(request: HttpRequest, pk: int) -> HttpResponse:
    ballot = _ballot_row(request, pk)
    acted(request, voting.close_ballot, ballot, done=_("The vote is counted."))
    return _back(request, ballot.item.meeting_id)


@login_required
@require_http_methods(WRITES)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    ballot = _ballot_row(request, pk)
    begun = {"text": ballot.motion, "basis": ballot.item.meeting.kind.basis}
    form = DecideForm(request.POST or None, initial=begun)

    def act(**given: Any) -> None:
        voting.decide(ballot, **given)

    return _form(
        request, ballot.item.meeting, form, act, _("Write the decision"), ballot.item.title
    )
