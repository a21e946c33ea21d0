"""Hot topics: what many people raise, where, since when; and the way to proactive work."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.forms.topics import ProactiveForm
from cases.models import Case, Topic, TopicRun
from cases.models.queries import OVERSEES_TERRITORY, CaseQuerySet
from cases.services import topics
from cases.services.topics import SEARCHERS, STARTERS
from cases.views.detail import visible
from lib import tones
from lib.errors import RuleViolation
from lib.roles import Role
from organizations.http import role_required, roles_of, signed_in

READERS = OVERSEES_TERRITORY | {Role.DEPARTMENT_HEAD, Role.SYSTEM_ADMIN}
MOST = 30
MOST_CASES = 200


@require_GET
@role_required(*READERS)
def topic_list(request: HttpRequest) -> HttpResponse:
    shown = {"topics": _seen(request).current().hottest_first().for_list()[:MOST], **_run(request)}
    return render(request, "cases/topics.html", shown)


def _seen(request: HttpRequest) -> Any:
    return Topic.objects.visible_to(signed_in(request), on=timezone.localdate())


def _run(request: HttpRequest) -> dict[str, Any]:
    return {
        "run": TopicRun.objects.newest(),
        "may_search": not roles_of(request).isdisjoint(SEARCHERS),
    }


@require_POST
@role_required(*SEARCHERS)
def search(request: HttpRequest) -> HttpResponse:
    topics.ask_for_topics(by=signed_in(request), at=timezone.now())
    return redirect("cases:topics")


@require_GET
@role_required(*READERS)
def progress(request: HttpRequest) -> HttpResponse:
    """The line that says how far the search is; it asks again by itself until it has ended."""
    answer = render(request, "cases/_topic_run.html", _run(request))
    run = TopicRun.objects.newest()
    if run is None or not run.is_open:
        answer["HX-Refresh"] = "true"
    return answer


@require_http_methods(["GET", "POST"])
@role_required(*READERS)
def topic(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_seen(request).for_list(), pk=pk)
    form = ProactiveForm(request.POST) if request.method == "POST" else ProactiveForm.of(found)
    if form.is_bound and form.is_valid():
        try:
            case = _start(request, found, form)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("cases:detail", case.number)
    return _page(request, found, form)


def _start(request: HttpRequest, found: Topic, form: ProactiveForm) -> Case:
    return topics.start_proactive(
        found, by=signed_in(request), at=timezone.now(), **form.cleaned_data
    )


def _page(request: HttpRequest, found: Topic, form: ProactiveForm) -> HttpResponse:
    mine = visible(request)
    seen = mine.filter(topic_rows__topic=found)
    cases = list(seen.order_by("topic_rows__rank").for_list()[:MOST_CASES])
    days = days_of(found, cases)
    shown = {
        "topic": found,
        "cases": cases,
        "hidden": found.number - len(cases),
        "days": days,
        "figures": _chart(days),
        "points": [_point(case) for case in cases if case.lon is not None],
        "proactive": mine.filter(proactive_for__topic=found).for_list().newest_first(),
        "may_start": not roles_of(request).isdisjoint(STARTERS),
        "form": form,
    }
    return render(request, "cases/topic.html", shown, status=422 if form.is_bound else 200)


def days_of(found: Topic, cases: Sequence[Case]) -> list[tuple[datetime.date, int]]:
    """How many cases came in on each day of the topic; weeks where it lasts longer than a month."""
    counts = Counter(timezone.localdate(case.created_at) for case in cases)
    first, last = timezone.localdate(found.first_at), timezone.localdate(found.last_at)
    step = 1 if (last - first).days <= 31 else 7
    days = [
        first + datetime.timedelta(days=number)
        for number in range(0, (last - first).days + 1, step)
    ]
    return [(day, _within(counts, day, step)) for day in days]


def _within(counts: Mapping[datetime.date, int], day: datetime.date, step: int) -> int:
    return sum(counts.get(day + datetime.timedelta(days=number), 0) for number in range(step))


def _chart(days: Sequence[tuple[datetime.date, int]]) -> dict[str, Any]:
    return {
        "kind": "bar",
        "labels": [f"{day:%m-%d}" for day, _number in days],
        "series": [{"name": _("Cases"), "data": [number for _day, number in days]}],
    }


def _point(case: Case) -> dict[str, Any]:
    return {
        "lon": case.lon,
        "lat": case.lat,
        "tone": tones.of_state(case.state).name,
        "title": f"{case.number} {case.title}",
        "words": case.get_state_display(),
    }


def of_case(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """For the page of a case: the topics that it belongs to, or the one that it was opened for."""
    belongs = list(_seen(request).current().filter(rows__case=case).hottest_first()[:3])
    opened_for = _seen(request).filter(proactive__case=case).first()
    if not (belongs or opened_for):
        return None
    cases: CaseQuerySet | list[Case] = []
    if opened_for:
        mine = visible(request).filter(topic_rows__topic=opened_for)
        cases = mine.order_by("topic_rows__rank")[:10]
    return {"belongs": belongs, "opened_for": opened_for, "cases": cases}
