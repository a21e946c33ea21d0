"""The host's list and the overview of one consultation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultation.models import Consultation
from consultation.views.reach import page_of, reader, visible
from consultation.workflow import READERS, State
from organizations.http import role_required


@role_required(*READERS)
@require_safe
def consultations(request: HttpRequest) -> HttpResponse:
    user, on = reader(request)
    rows = Consultation.objects.visible_to(user, on=on).with_names()
    state = request.GET.get("state", "")
    if state in State.values:
        rows = rows.filter(state=state)
    context = {"page": page_of(request, rows), "state": state, "states": State.choices}
    return render(request, "consultation/list.html", context)


@role_required(*READERS)
@require_safe
def consultation(request: HttpRequest, number: str) -> HttpResponse:
    found = visible(request, number)
    context = {
        "consultation": found,
        "here": "overview",
        "stages": found.stages.standing().with_parts(),
        "at": timezone.now(),
    }
    return render(request, "consultation/overview.html", context)
