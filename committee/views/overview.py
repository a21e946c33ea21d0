"""What a committee has before it today, and what is under way by each of its four verbs."""

import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from committee.models import Directive, Meeting
from committee.models.members import bodies_known_to, bodies_led_by
from committee.services.members import due_terms
from committee.services.owed import bodies_without_members, meetings_owed
from committee.workflow import DirectiveState, Verb
from lib.registry import MatterSource, agenda_sources, verb_sources
from organizations.http import reader
from organizations.models import Body, User

SHOWN, SUGGESTIONS = 8, 12


def matters_of(sources: list[MatterSource], user: User) -> list[dict[str, Any]]:
    """What each source has for this person, those with something only."""
    found = [{"source": source, "rows": list(source.rows(user))} for source in sources]
    return [one for one in found if one["rows"]]


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    user, today = reader(request)
    now = timezone.now()
    known, led = bodies_known_to(user, on=today), bodies_led_by(user, on=today)
    tasks = Directive.objects.visible_to(user, on=today).with_names()
    mine = Directive.objects.owned_by(user, on=today).going_on().with_names()
    meetings = Meeting.objects.visible_to(user, on=today).with_names()
    context = {
        "coming": meetings.coming(now).order_by("starts_at")[:SHOWN],
        "owed": meetings_owed(led, on=today),
        "empty": bodies_without_members(led, on=today),
        "terms": due_terms(known, on=today),
        "overdue": tasks.overdue(today).order_by("due_on")[:SHOWN],
        "overdue_count": tasks.overdue(today).count(),
        "reported": tasks.filter(state=DirectiveState.REPORTED, body__in=led)[:SHOWN],
        "mine": mine.order_by("due_on", "pk")[:SHOWN],
        "waiting": matters_of(list(agenda_sources), user) if led else [],
        "verbs": Verb,
        "leads": bool(led),
        "today": today,
        "at": now,
    }
    return render(request, "committee/overview.html", context)


@login_required
@require_safe
def verb(request: HttpRequest, verb: str) -> HttpResponse:
    """What is under way by one of the four verbs: tasks, and what other apps do towards it."""
    if verb not in Verb.values:
        raise Http404
    user, today = reader(request)
    tasks = Directive.objects.visible_to(user, on=today).filter(verb=verb)
    rows = tasks.going_on().with_names().order_by("due_on", "pk")[:100]
    context = {
        "verb": Verb(verb),
        "verbs": Verb,
        "rows": rows,
        "late": sum(row.is_late(today) for row in rows),
        "done": tasks.filter(state=DirectiveState.DONE).count(),
        "others": matters_of([one for one in verb_sources if one.verb == verb], user),
        "today": today,
        "at": timezone.now(),
    }
    return render(request, "committee/verb.html", context)


@login_required
@require_safe
def people(request: HttpRequest) -> JsonResponse:
    """People with a post whose name matches, for those who lead a body: `{"options": […]}`."""
    user, today = reader(request)
    words = request.GET.get("q", "").strip()[:40]
    options = _named(words, today) if words and bodies_led_by(user, on=today) else []
    return JsonResponse({"options": options})


@login_required
@require_safe
def named_bodies(request: HttpRequest) -> JsonResponse:
    """Bodies whose name matches, for who holds a post: `{"options": […]}`."""
    user, today = reader(request)
    words = request.GET.get("q", "").strip()[:40]
    rows = Body.objects.visible_to(user, on=today).valid_on(today)
    named = Q(name__icontains=words) | Q(name_en__icontains=words) | Q(code__istartswith=words)
    found = rows.filter(named).order_by("code")[:SUGGESTIONS] if words else []
    return JsonResponse({"options": [f"{body.code} {body}" for body in found]})


def _named(words: str, on: datetime.date) -> list[str]:
    posts = Q(posts__valid_from__lte=on) & (Q(posts__valid_to=None) | Q(posts__valid_to__gt=on))
    rows = User.objects.filter(
        posts | Q(memberships__valid_to=None, memberships__isnull=False),
        is_active=True, is_resident=False,
    )  # fmt: skip
    named = rows.filter(Q(full_name__icontains=words) | Q(username__istartswith=words))
    found = named.distinct().order_by("username")[:SUGGESTIONS]
    return [f"{person.username} {person}" for person in found]
