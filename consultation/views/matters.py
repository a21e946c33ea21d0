"""The host's list and the overview of one consultation, with what may be done next."""

import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultation.forms.matters import DraftForm, ReasonForm, ReopenForm, ReviewForm
from consultation.matter_offers import waiting_for_party
from consultation.models import Consultation, MissedLimit, Objection, Reopening, Topic
from consultation.services import gates, stages
from consultation.services.actors import actors_of
from consultation.views.reach import places_of, visible
from consultation.wording import EVENTS
from consultation.workflow import HOSTS, MOVES, READERS, State
from lib.workflow import moves_open_to
from organizations.acting import acted, answer_form, page_of
from organizations.http import reader, role_required, signed_in

# What else the list can be narrowed to: by what waits for somebody.
NARROWED: dict[str, Callable[[Any, Any], Any]] = {
    "late": lambda rows, at: rows.late(at=at),
    "party": lambda rows, _at: waiting_for_party(rows),
    "objections": lambda rows, _at: rows.filter(
        pk__in=Objection.objects.waiting().values("consultation")
    ),
    "wishes": lambda rows, _at: rows.filter(
        pk__in=Reopening.objects.filter(state="asked").values("consultation")
    ),
}
NARROWED_WORDS = (
    ("late", gettext_lazy("Late")),
    ("party", gettext_lazy("Wait for the party organisation")),
    ("objections", gettext_lazy("With objections")),
    ("wishes", gettext_lazy("To be reopened?")),
)


@role_required(*READERS)
@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    """What is late stands on top; then the newest."""
    user, on = reader(request)
    now = timezone.now()
    seen = Consultation.objects.visible_to(user, on=on)
    rows, state = seen.with_names(), request.GET.get("state", "")
    if state in State.values:
        rows = rows.filter(state=state)
    elif state in NARROWED:
        rows = NARROWED[state](rows, now)
    late: Any = seen.late(at=now).with_names().order_by("pk") if not request.GET else []
    context = {
        "page": page_of(request, rows), "state": state, "at": now, "late": list(late[:20]),
        "states": [*State.choices, *NARROWED_WORDS],
        "may_begin": bool(user.roles_on(on) & HOSTS),
    }  # fmt: skip
    return render(request, "consultation/list.html", context)


@role_required(*HOSTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    user, on = reader(request)
    topics = Topic.objects.visible_to(user, on=on)
    topic = topics.filter(number=request.GET.get("topic", "")).first()
    begun: dict[str, Any] = {}
    if topic is not None:
        begun = {"topic": topic, "title": topic.public_title, "text": topic.public_text}
    form = DraftForm(request.POST or None, on=on, topics=topics, initial=begun)

    def write(given: dict[str, Any]) -> str:
        place = places_of(user, on=on, topic=given["topic"])
        made = stages.draft(**given, **place, by=user, at=timezone.now())
        return reverse("consultation:consultation", args=[made.number])

    return answer_form(
        request,
        form,
        write,
        title=_("New consultation"),
        back=reverse("consultation:consultations"),
        template="consultation/form.html",
    )


@role_required(*READERS)
@require_safe
def consultation(request: HttpRequest, number: str) -> HttpResponse:
    found, now = visible(request, number), timezone.now()
    context = {
        "consultation": found, "here": "overview", "at": now,
        "stages": list(found.stages.standing().with_parts()),
        "hindrances": _hindrances(found, at=now),
        "moves": open_moves(request, found),
        "missed": MissedLimit.objects.first_step().filter(consultation=found).order_by("due_at"),
        "events": [(row, EVENTS[row.move]) for row in found.events.for_page()[:30]],
    }  # fmt: skip
    return render(request, "consultation/overview.html", context)


# Where what keeps a stage from being left is put right, by the code of the refusal.
MENDED_IN = {
    "not_published": "publications", "must_stand": "publications",
    "objections_may_come": "objections", "objections_wait": "objections",
    "opinions_wait": "opinions", "opinions_unanswered": "opinions",
    "no_session": "sessions", "session_open": "sessions", "no_quorum": "sessions",
    "minutes_open": "sessions", "no_vote": "sessions", "vote_open": "sessions",
    "not_answered": "carrying_out", "promises_open": "carrying_out",
}  # fmt: skip


def _hindrances(found: Consultation, *, at: datetime.datetime) -> list[tuple[str, str]]:
    """What keeps the open stage from being left, and where it is put right ("": nowhere here)."""
    if found.stage is None:
        return []
    return [
        (one.sentence, reverse(f"consultation:{page}", args=[found.number]) if page else "")
        for one in gates.refusals(found.stage, at=at)
        for page in [MENDED_IN.get(one.code, "")]
    ]


def open_moves(request: HttpRequest, found: Consultation) -> list[dict[str, Any]]:
    """Buttons of this person: name, words, whether a form comes before."""
    actors = actors_of(signed_in(request), found, at=timezone.now())
    names = moves_open_to(MOVES, state=found.state, actors=actors)
    if found.stage is None or not found.stage.needs_party:
        names = [name for name in names if name != "review"]
    return [
        {"name": name, "label": WORDS[name], "asks": name in ASKS}
        for name in names
        if name in WORDS
    ]


WORDS = {
    "start": gettext_lazy("Begin"),
    "advance": gettext_lazy("Next stage"),
    "review": gettext_lazy("Decide for the party organisation"),
    "reopen": gettext_lazy("Begin again"),
    "stop": gettext_lazy("Stop"),
}
ASKS: dict[str, tuple[type[forms.Form], Callable[..., Any]]] = {
    "review": (ReviewForm, stages.review),
    "reopen": (ReopenForm, stages.reopen),
    "stop": (ReasonForm, stages.stop),
}
DOES: dict[str, tuple[Callable[..., Any], Any]] = {
    "start": (stages.start, gettext_lazy("It has begun: everybody sees it.")),
    "advance": (stages.advance, gettext_lazy("The next stage has begun.")),
}


@role_required(*READERS)
@require_POST
def do(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """`start` or `advance`; `stage` is the one that the page showed."""
    found = visible(request, number)
    if name not in DOES:
        raise Http404
    shown = request.POST.get("stage", "")
    if name == "advance" and shown.isdigit():
        found.stage_id = int(shown)
    service, done = DOES[name]
    acted(request, service, done=done, consultation=found)
    return redirect("consultation:consultation", number)


@role_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """A move that wants its reason: review, reopen, stop."""
    found, user = visible(request, number), signed_in(request)
    if name not in ASKS:
        raise Http404
    if not MOVES[name].is_for(actors_of(user, found, at=timezone.now())):
        raise PermissionDenied
    kind: Any
    kind, service = ASKS[name]
    more = {"consultation": found} if name == "reopen" else {}
    back = reverse("consultation:consultation", args=[number])

    def write(given: dict[str, Any]) -> str:
        service(found, **given, by=user, at=timezone.now())
        return back

    return answer_form(
        request,
        kind(request.POST or None, **more),
        write,
        title=WORDS[name],
        back=back,
        template="consultation/form.html",
    )
