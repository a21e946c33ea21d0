"""The last cases judged again under today's rules: which would go elsewhere now."""

from collections.abc import Mapping
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases import services
from cases.forms.replay import ReplayForm
from cases.models import Case
from cases.services.replaying import Answer, Difference
from cases.templatetags.cases import refusal_words
from cases.views.detail import visible
from cases.workflow import MATCH
from lib.roles import COMMITTEE, Role
from organizations.http import role_required
from organizations.models import Body


class Row(NamedTuple):
    """A case that would lie elsewhere: where it went then, where it would go now."""

    case: Case
    before: str
    after: str


@require_GET
@role_required(Role.DISPATCHER, Role.SYSTEM_ADMIN, *COMMITTEE)
def replay(request: HttpRequest) -> HttpResponse:
    """Nothing is written: neither loads nor money nor cases."""
    form = ReplayForm(request.GET or None)
    shown: dict[str, object] = {"form": form}
    if form.is_valid():
        result = services.replay(last=form.cleaned_data["last"], at=timezone.now())
        shown["seen"] = _seen(request, result.differences)
        shown |= {"asked": result.asked, "rows": _rows(result.differences)}
    return render(request, "cases/replay.html", shown)


def _seen(request: HttpRequest, differences: list[Difference]) -> set[int]:
    """Cases whose title this person may read; of the others only the number stands there."""
    mine = visible(request).filter(pk__in=[one.case.pk for one in differences])
    return set(mine.values_list("pk", flat=True))


def _rows(differences: list[Difference]) -> list[Row]:
    answers = [answer for one in differences for answer in (one.before, one.after)]
    bodies = Body.objects.in_bulk([answer.lead_id for answer in answers if answer.lead_id])
    return [
        Row(one.case, _words(one.before, bodies), _words(one.after, bodies)) for one in differences
    ]


def _words(answer: Answer, bodies: Mapping[int, Body]) -> str:
    body = str(bodies.get(answer.lead_id or 0, ""))
    if answer.outcome == MATCH:
        return body
    return " · ".join(filter(None, (refusal_words(answer.outcome), body)))
