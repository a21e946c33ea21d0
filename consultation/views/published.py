"""What everybody reads: consultations, commitments, project calls; the host's board."""

from typing import Any

import segno
from csp.decorators import csp_replace
from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from consultation.board import board_of
from consultation.commitment_workflow import State as Promised
from consultation.forms.participation import PublishedFilter, RatingForm
from consultation.glances import glances, kinds_in
from consultation.models import (
    Commitment,
    CommitmentPhoto,
    Consultation,
    Idea,
    ProjectCall,
    Publication,
    PublicationKind,
    PublicationVersion,
)
from consultation.models.matters import ConsultationQuerySet
from consultation.progress import steps_of, why
from consultation.project_workflow import CallState
from consultation.services.choosing import why_not_vote
from consultation.services.rating import summary
from consultation.session_workflow import SessionState, VoteState
from consultation.stations import deeds, lateness, next_session, stations
from consultation.taking_part import took_part
from consultation.views.reach import public
from consultation.workflow import READERS, Phase, State
from lib import registry
from organizations.acting import page_of
from organizations.http import reader, role_required
from organizations.models import User

PAGE = 20


@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """Everything that has begun, the newest first; by community, form, phase or state."""
    form = PublishedFilter(request.GET)
    form.is_valid()
    rows = _narrowed(Consultation.objects.published().with_names(), form.cleaned_data)
    page, at = page_of(request, rows, size=PAGE), timezone.now()
    context = {
        "form": form,
        "page": page,
        "glances": glances(page.rows, at=at),
        "chips": _chips(request),
        "calls": ProjectCall.objects.published().with_names().filter(
            state__in=[CallState.COLLECTING, CallState.VOTING]
        ).order_by("-pk")[:3],
        "at": at,
    }  # fmt: skip
    return render(request, "consultation/public/list.html", context)


def _narrowed(rows: ConsultationQuerySet, wanted: dict[str, Any]) -> ConsultationQuerySet:
    if wanted.get("state") in Phase.values:
        rows = rows.running().filter(stage__kind__in=kinds_in(wanted["state"]))
    elif wanted.get("state"):
        rows = rows.filter(state=wanted["state"])
    if wanted.get("community"):
        rows = rows.filter(community=wanted["community"])
    if wanted.get("form"):
        rows = rows.filter(blueprint__form=wanted["form"])
    return rows


def _chips(request: HttpRequest) -> list[dict[str, Any]]:
    chosen = request.GET.get("state", "")
    labels = [("", _("All")), *Phase.choices, (State.DONE, _("Done"))]
    chips = []
    for value, label in labels:
        query = request.GET.copy()
        query.pop("cursor", None)
        query["state"] = value
        chips.append({"label": label, "url": f"?{query.urlencode()}", "chosen": chosen == value,
                      "count": None})  # fmt: skip
    return chips


@require_safe
def consultation(request: HttpRequest, number: str) -> HttpResponse:
    context = page_context(request, public(number))
    return render(request, "consultation/public/page.html", context)


def page_context(request: HttpRequest, found: Consultation) -> dict[str, Any]:
    """What the page says, in the order of its parts; parts of other subjects are registered."""
    at = timezone.now()
    rows = found.commitments.with_names().order_by("due_on", "pk")
    papers = list(_papers(found))
    results = [row for row in papers if row.publication.kind == PublicationKind.RESULT]
    return {
        "consultation": found,
        "stations": stations(found, at=at),
        "deeds": deeds(found, at=at),
        "next_session": next_session(found, at=at),
        "meetings": found.sessions.exclude(state=SessionState.CALLED_OFF).order_by("starts_at"),
        "lateness": lateness(found, at=at),
        "adoption": found.adoptions.order_by("-number").first(),
        "commitments": rows,
        "has_result": found.votes.filter(state=VoteState.JUDGED).exists(),
        "papers": papers,
        "result": next((row for row in reversed(results) if _stands(row, found)), None),
        "wishes": found.reopenings.exclude(state="asked").order_by("-pk"),
        "may_bring_facts": found.state == State.DONE,
        "parts": registry.panels.drawn("consultation:published_consultation", request, found),
        "address": request.build_absolute_uri(
            reverse("consultation:published_consultation", args=[found.number])
        ),
        "today": timezone.localdate(at),
        "at": at,
    }


def _papers(found: Consultation) -> QuerySet[PublicationVersion]:
    """What was published, in its newest version."""
    out = Publication.objects.published().filter(consultation=found)
    newest = PublicationVersion.objects.filter(
        publication__in=out, number=F("publication__version")
    )
    return newest.select_related("publication__stage").order_by("publication__published_at", "pk")


def _stands(row: PublicationVersion, found: Consultation) -> bool:
    """Not of a round that an objection has opened again."""
    stage = row.publication.stage
    return stage is None or stage.round == found.round


@require_safe
@xframe_options_exempt
@csp_replace(  # type: ignore[arg-type]  # its types know no views with arguments
    {"frame-ancestors": settings.EMBED_ANCESTORS, "script-src": ["'none'"]}
)
def embed(request: HttpRequest, number: str) -> HttpResponse:
    """One consultation for a frame on another site: where it stands and what follows; no script."""
    found = public(number)
    at = timezone.now()
    context = {
        "consultation": found,
        "stations": stations(found, at=at),
        "adoption": found.adoptions.order_by("-number").first(),
        "commitments": found.commitments.with_names().order_by("due_on", "pk")[:5],
        "today": timezone.localdate(at),
        "at": at,
    }
    return render(request, "consultation/public/embed.html", context)


@require_safe
@cache_control(public=True, max_age=86400)
def code(request: HttpRequest, number: str) -> HttpResponse:
    """The page's address as a QR code, for the notice board."""
    found = public(number)
    address = request.build_absolute_uri(
        reverse("consultation:published_consultation", args=[found.number])
    )
    picture = segno.make(address, error="m", micro=False)
    svg = picture.svg_inline(scale=6, border=4, dark="#000", light="#fff")
    text = svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return HttpResponse(text, content_type="image/svg+xml")


# -- Commitments ----------------------------------------


def public_commitments() -> QuerySet[Commitment]:
    """Of consultations and calls that are public."""
    shown = Consultation.objects.published()
    rows = Commitment.objects.filter(Q(consultation__in=shown) | Q(idea__isnull=False))
    return rows.with_names()


@require_safe
def commitments(request: HttpRequest) -> HttpResponse:
    """What was promised: the overdue first in red, then by day."""
    today = timezone.localdate()
    chosen = request.GET.get("state", "")
    rows: Any = public_commitments()
    if chosen == "overdue":
        rows = rows.overdue(on=today)
    elif chosen in {Promised.DONE, Promised.DROPPED}:
        rows = rows.filter(state=chosen)
    else:
        rows = rows.in_work()
    labels = [("", pgettext("a commitment", "In work")), ("overdue", _("Overdue")),
              ("done", _("Done")), ("dropped", _("Given up"))]  # fmt: skip
    counts = {"overdue": public_commitments().overdue(on=today).count()}  # type: ignore[attr-defined]  # the same
    context = {
        "page": page_of(request, rows, order=("due_on", "pk"), size=PAGE),
        "chips": [
            {"label": label, "url": f"?state={value}", "chosen": value == chosen,
             "count": counts.get(value)}
            for value, label in labels
        ],
        "today": today,
        "at": timezone.now(),
    }  # fmt: skip
    return render(request, "consultation/public/commitments.html", context)


@require_safe
def commitment(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(public_commitments(), pk=pk)
    return render(
        request, "consultation/public/commitment.html", commitment_context(request, found)
    )


def commitment_context(request: HttpRequest, found: Commitment) -> dict[str, Any]:
    today = timezone.localdate()
    user = request.user
    may_rate = isinstance(user, User) and found.state == Promised.DONE and took_part(found, user)
    return {
        "commitment": found,
        "is_overdue": found.is_overdue(on=today),
        "milestones": found.milestones.all(),
        "photos": found.photos.order_by("-pk"),
        "steps": steps_of(found),
        "rating": summary(found),
        "rating_form": RatingForm() if may_rate else None,
        "money": _money_of(found),
        "at": timezone.now(),
    }


def _money_of(found: Commitment) -> registry.Reference | None:
    """Where everybody follows its money, in the app that shows it."""
    if found.hold_id is None:
        return None
    key = ("public_hold", str(found.hold_id))
    return registry.references.resolve([key], None).get(key)


@require_safe
@cache_control(public=True, max_age=3600)
def photo(request: HttpRequest, pk: int, size: str) -> FileResponse:  # noqa: ARG001 -- a view
    rows = CommitmentPhoto.objects.filter(commitment__in=public_commitments())
    found = get_object_or_404(rows, pk=pk)
    file = found.thumbnail if size == "small" else found.image
    try:
        return FileResponse(file.open("rb"), content_type="image/jpeg")
    except (FileNotFoundError, ValueError) as error:
        raise Http404 from error


# -- Project calls ----------------------------------------


@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    rows = ProjectCall.objects.published().with_names().counted()
    context = {"page": page_of(request, rows, size=PAGE), "at": timezone.now()}
    return render(request, "consultation/public/calls.html", context)


def public_call(pk: int) -> ProjectCall:
    return get_object_or_404(ProjectCall.objects.published().with_names(), pk=pk)


@require_safe
def call(request: HttpRequest, pk: int) -> HttpResponse:
    context = call_context(request, public_call(pk))
    return render(request, "consultation/public/call.html", context)


def call_context(request: HttpRequest, found: ProjectCall) -> dict[str, Any]:
    ideas = list(
        Idea.objects.public().filter(call=found).with_names()
        .select_related("commitment").in_order()
    )  # fmt: skip
    user = request.user if isinstance(request.user, User) else None
    sheet = found.sheets.filter(person=user).first() if user else None
    taken = sum(idea.estimate or 0 for idea in ideas if idea.fits)
    return {
        "call": found,
        "ideas": [(idea, why(idea, found)) for idea in ideas],
        "to_choose": [idea for idea in ideas if idea.state == "feasible"],
        "taken": taken,
        "rest": found.budget - taken,
        "voters": found.sheets.count(),
        "mine": set(sheet.choices.values_list("idea", flat=True)) if sheet else set(),
        "hindrance": why_not_vote(found, user),
        "points": [_point(idea) for idea in ideas if idea.lon is not None],
        "at": timezone.now(),
    }


def _point(idea: Idea) -> dict[str, Any]:
    """To three decimals, about a hundred metres: a wish often stands before a door."""
    tone = "done" if idea.fits else "work"
    return {
        "lon": round(idea.lon or 0, 3), "lat": round(idea.lat or 0, 3), "tone": tone,
        "title": idea.public_title, "url": f"#idea-{idea.pk}", "words": idea.get_state_display(),
    }  # fmt: skip


# -- The host's board ----------------------------------------


@role_required(*READERS)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """What is due next in the reader's consultations, calls and commitments, the late first."""
    user, _on = reader(request)
    context = {"rows": board_of(user, at=timezone.now()), "at": timezone.now()}
    return render(request, "consultation/board.html", context)
