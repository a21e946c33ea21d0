"""What is open to everybody: courses, selections, and what talent is made of here."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from talent.models import Course, Discipline, Programme, Selection, Team, TrainingBase
from talent.workflow.selection import SelectionState

SHOWN = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now, today = timezone.now(), timezone.localdate()
    courses = Course.objects.open().filter(sign_up_until__gt=now).with_names()
    open_ones = Selection.objects.filter(
        state__in=[SelectionState.OPEN, SelectionState.PUBLISHED]
    ).with_names()
    context = {
        "courses": courses.order_by("starts_at", "pk")[:SHOWN],
        "selections": open_ones.order_by("apply_until", "pk")[:SHOWN],
        "teams": Team.objects.valid_on(today).annotate(
            plans=Count("programmes", distinct=True)
        ).order_by("place"),
        "disciplines": Discipline.objects.valid_on(today).select_related("body").order_by("code"),
        "bases": TrainingBase.objects.valid_on(today).order_by("code"),
        "programmes": Programme.objects.valid_on(today).select_related("team").order_by("code"),
        "at": now,
    }  # fmt: skip
    return render(request, "talent/home.html", context)
