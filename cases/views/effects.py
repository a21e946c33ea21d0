"""What a drafted change of the duty list would do to the last cases, on the page of the change."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from cases.models import ReplayRun
from cases.services import effects
from cases.templatetags.cases import refusal_words
from cases.views.detail import visible
from cases.workflow import MATCH
from organizations.acting import answer_act, page_of
from organizations.http import role_required, roles_of, signed_in
from organizations.models import Body
from routing.models import DutyChange
from routing.rights import DRAFTERS, READERS
from routing.workflow import ChangeState


class LastForm(forms.Form):
    last = forms.IntegerField(
        label=_("How many of the last cases"), min_value=1, max_value=effects.MOST, initial=10_000
    )


def panel(request: HttpRequest, change: DutyChange) -> dict[str, Any] | None:
    runs = list(change.replays.order_by("-pk")[:5])
    is_open = change.state in {ChangeState.DRAFT, ChangeState.REVIEW}
    may_ask = is_open and not roles_of(request).isdisjoint(DRAFTERS)
    if not runs and not may_ask:
        return None
    return {"change": change, "runs": runs, "form": LastForm(), "may_ask": may_ask}


@role_required(*DRAFTERS)
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    change, form = get_object_or_404(DutyChange, pk=pk), LastForm(request.POST)
    back = reverse("routing:change", args=[pk])
    if not form.is_valid():
        return redirect(back)
    who: dict[str, Any] = {"by": signed_in(request), "at": timezone.now()}
    return answer_act(
        request, lambda: effects.ask_effect(change, last=form.cleaned_data["last"], **who),
        done=_("The last cases are judged again."), back=back,
    )  # fmt: skip


@role_required(*READERS)
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The line of one replay; it asks again by itself until it has ended."""
    run = get_object_or_404(ReplayRun, pk=pk)
    answer = render(request, "cases/_effect_run.html", {"run": run})
    if not run.is_open:
        answer["HX-Refresh"] = "true"
    return answer


@role_required(*READERS)
@require_safe
def effect(request: HttpRequest, pk: int) -> HttpResponse:
    """From whom to whom, with the load and the money of each body, and the cases."""
    run = get_object_or_404(ReplayRun.objects.select_related("change"), pk=pk)
    page = page_of(request, run.differences.with_names(), order=("-case_id", "pk"))
    seen = visible(request).filter(pk__in=[row.case_id for row in page.rows])
    context = {
        "run": run,
        "page": page,
        "rows": [
            (row, _words(row.before, row.before_lead), _words(row.after, row.after_lead))
            for row in page.rows
        ],
        "seen": set(seen.values_list("pk", flat=True)),
        "figures": _figures(run.figures),
    }
    return render(request, "cases/effect.html", context)


def _words(outcome: str, lead: Body | None) -> str:
    body = str(lead or "")
    return body if outcome == MATCH else " · ".join(filter(None, (refusal_words(outcome), body)))


def _figures(figures: dict[str, list[int]]) -> Iterable[tuple[Body, list[int]]]:
    """Of the bodies for which something would change."""
    changed = {
        int(key): row for key, row in figures.items()
        if any(row[place] != row[place + 1] for place in (0, 2, 4))
    }  # fmt: skip
    bodies = Body.objects.filter(pk__in=changed).order_by("code")
    return [(body, changed[body.pk]) for body in bodies]
