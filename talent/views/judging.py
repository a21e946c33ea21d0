"""What judges do: the candidates of their selections, points, relatives."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.roles import Role
from organizations.acting import acted, answer_form
from organizations.http import role_required, signed_in
from organizations.models import User
from talent.forms.selection import ScoreForm
from talent.models import Candidate, Judge, Score
from talent.services import judging
from talent.workflow.selection import SelectionState

SHOWN = 20


# Judges hold a post of any kind.
staff_only = role_required(*Role)


def _mine(user: User) -> Any:
    rows = Judge.objects.filter(person=user).select_related("selection__body", "person")
    return rows.exclude(selection__state__in=[SelectionState.DRAFT, SelectionState.CANCELLED])


@require_safe
@staff_only
def listed(request: HttpRequest) -> HttpResponse:
    """My selections, newest first, each with its candidates and whether they are scored."""
    user = signed_in(request)
    judges = list(_mine(user).order_by("-pk")[:SHOWN])
    judged = {judge.selection_id: judge for judge in judges if judge.selection.state != "open"}
    rows = Candidate.objects.filter(selection__in=judged, state="applied").order_by("pk")
    done = set(Score.objects.filter(judge__in=judges).values_list("candidate", flat=True))
    kin = set(Candidate.objects.filter(kin__judge__in=judges).values_list("pk", flat=True))
    shown: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        barred = row.pk in kin or row.person_id == user.pk
        entry = {"row": row, "scored": row.pk in done, "barred": barred}
        shown.setdefault(row.selection_id, []).append(entry)
    judges_shown = [{"judge": one, "rows": shown.get(one.selection_id, [])} for one in judges]
    return render(request, "talent/judging.html", {"judges": judges_shown, "at": timezone.now()})


def _judged(request: HttpRequest, pk: int) -> tuple[Judge, Candidate]:
    visible = Candidate.objects.filter(selection__judges__person=signed_in(request))
    row = get_object_or_404(visible.with_names().exclude(selection__state="open"), pk=pk)
    judge = row.selection.judges.select_related("person", "selection").get(
        person=signed_in(request)
    )
    return judge, row


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def score(request: HttpRequest, pk: int) -> HttpResponse:
    judge, row = _judged(request, pk)
    given = dict(judge.scores.filter(candidate=row).values_list("criterion", "points"))
    form = ScoreForm(
        request.POST or None,
        criteria=list(row.selection.criteria.order_by("pk")),
        initial={f"points-{key}": points for key, points in given.items()},
    )

    def write(_given: Any) -> str:
        judging.give_scores(row, form.points, by=signed_in(request), at=timezone.now())
        return reverse("talent:judging")

    return answer_form(
        request, form, write, template="talent/score.html", candidate=row, judge=judge
    )


@require_POST
@staff_only
def kin(request: HttpRequest, pk: int) -> HttpResponse:
    judge, row = _judged(request, pk)
    acted(
        request, judging.declare_kin, judge, row,
        done=_("Declared: you do not judge this candidate."),
    )  # fmt: skip
    return redirect("talent:judging")
