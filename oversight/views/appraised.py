"""One result: what it is made of, appeals and forgiveness, rewards and penalties."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from funding.models import Line
from organizations.acting import answer_act, answer_form, page_of
from organizations.http import reader, role_required
from oversight import results
from oversight.forms.appraisals import (
    AnswerForm,
    AppealForm,
    ForgivenessForm,
    ProposalForm,
    ReasonForm,
)
from oversight.models import Appeal, Appraised, Consequence, Score
from oversight.scoring import COUNTED
from oversight.services import appealing, reviewing, rewarding
from oversight.services.appraisal_moves import open_to, roles_in
from oversight.services.outcomes import numbers_of_edition
from oversight.workflow import MOVES, OPENERS, OVERSEERS

SHOWN = 50


def _visible(request: HttpRequest, pk: int) -> Appraised:
    user, today = reader(request)
    rows = Appraised.objects.visible_to(user, on=today).with_names()
    return get_object_or_404(rows.select_related("appraisal__town"), pk=pk)


@require_safe
@login_required
def appraised(request: HttpRequest, pk: int) -> HttpResponse:
    found, (user, today) = _visible(request, pk), reader(request)
    scores = Score.objects.filter(appraised=found).select_related("edition", "conferral")
    history = list(scores.order_by("-edition__number"))
    score = history[0] if history else None
    context = {
        "appraised": found,
        "appraisal": found.appraisal,
        "score": score,
        "history": history,
        "lines": results.lines_of(found, score.edition, user=user, on=today) if score else [],
        "sample": results.sample_of(found, score, user=user, on=today) if score else None,
        "appeals": Appeal.objects.visible_to(user, on=today)
        .filter(appraised=found)
        .order_by("-pk"),
        "consequences": Consequence.objects.visible_to(user, on=today)
        .filter(appraised=found)
        .with_names()
        .order_by("-pk"),
        "signatures": score.signatures.select_related("by").order_by("level") if score else [],
        "reason_form": ReasonForm(),
        "twice": _year_before(request, score),
        **_ways(request, found, score),
    }
    return render(request, "oversight/appraised.html", context)


def _year_before(request: HttpRequest, score: Score | None) -> dict[str, Any] | None:
    """Of the second year not competent in a row: the first, linked for who may read it."""
    if score is None or not Score.objects.poor_two_years().filter(pk=score.pk).exists():
        return None
    user, today = reader(request)
    row = score.edition.appraisal
    year = row.first.year - 1
    first = Appraised.objects.visible_to(user, on=today).filter(
        person=score.appraised.person_id, appraisal__first__year=year, appraisal__span=row.span
    )
    return {"first": first.first(), "year": year, "scheme": row.scheme}


def _ways(request: HttpRequest, found: Appraised, score: Score | None) -> dict[str, bool]:
    """What this reader may begin here."""
    (user, _today), row, at = reader(request), found.appraisal, timezone.now()
    speaks = appealing.speaks_for(user, found, at=at)
    is_assessor = bool(roles_in(user, row.town_id, at=at) & OPENERS)
    confers = score is not None and "confer" in open_to(user, row, at=at)
    return {
        "may_appeal": speaks and row.state == "publicised" and at < (row.appeal_until or at),
        "may_forgive": (speaks or is_assessor) and MOVES["forgive"].starts_from(row.state),
        "may_propose": is_assessor and row.state == "published" and found.person_id != user.pk,
        "may_confer": confers and found.pk in reviewing.eligible(score.edition),  # type: ignore[union-attr]  # where it confers there is one
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def appeal(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """`kind`: appeal or forgiveness."""
    found, (user, _today) = _visible(request, pk), reader(request)
    row, at = found.appraisal, timezone.now()
    if kind not in Appeal.Kind or not row.edition:
        raise Http404
    if not _ways(request, found, None)["may_appeal" if kind == "appeal" else "may_forgive"]:
        raise PermissionDenied
    numbers = numbers_of_edition(row, row.edition)[found.pk]
    is_appeal = kind == Appeal.Kind.APPEAL
    asked = AppealForm if is_appeal else ForgivenessForm
    form = asked(request.POST or None, numbers=numbers, codes=results.codes_of(row))

    def write(given: dict[str, Any]) -> str:
        said: dict[str, Any] = {"text": given["text"], "wanted": form.wanted, "by": user, "at": at}
        if is_appeal:
            made = appealing.appeal(found, **said)
        else:
            made = appealing.ask_forgiveness(found, legal_basis=given["legal_basis"], **said)
        messages.success(request, _("Sent. Somebody without a part in the result answers it."))
        return reverse("oversight:appeal", args=[made.pk])

    template = "oversight/appeal_new.html"
    return answer_form(request, form, write, template=template, appraised=found, kind=kind)


@require_POST
@login_required
def confer(request: HttpRequest, pk: int) -> HttpResponse:
    found, (user, _today) = _visible(request, pk), reader(request)
    score = get_object_or_404(Score.objects.newest().select_related("edition"), appraised=found)
    reason = request.POST.get("reason", "")[:300]
    return answer_act(
        request,
        lambda: reviewing.confer(score, reason=reason, by=user, at=timezone.now()),
        done=_("The free place is given."),
        back=reverse("oversight:appraised", args=[pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*OPENERS)
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    found, (user, today) = _visible(request, pk), reader(request)
    lines = Line.objects.valid_on(today).select_related("source").order_by("code")
    twice = Score.objects.poor_two_years().filter(appraised=found).exists()
    initial = {"kind": found.appraisal.scheme.poor_twice} if twice else {}
    form = ProposalForm(request.POST or None, lines=lines, initial=initial)

    def write(_given: dict[str, Any]) -> str:
        rewarding.propose(found, form.proposal, by=user, at=timezone.now())
        return reverse("oversight:appraised", args=[pk])

    return answer_form(
        request, form, write, template="oversight/proposal_new.html", appraised=found
    )


@require_safe
@role_required(*OVERSEERS)
def desk(request: HttpRequest) -> HttpResponse:
    """Appeals that wait for an answer, rewards and penalties that wait for a decision."""
    user, today = reader(request)
    appeals = Appeal.objects.visible_to(user, on=today).with_names()
    seen = Consequence.objects.visible_to(user, on=today).waiting().with_names()
    waiting = list(seen.order_by("pk")[:SHOWN])
    moves = rewarding.open_to_each(user, waiting, at=timezone.now())
    context = {
        "open": appeals.open().order_by("due_at")[:SHOWN],
        "waiting": [{"row": row, "moves": moves[row.pk]} for row in waiting],
        "poor_twice": rewarding.to_follow_up(user, on=today)[:SHOWN],
        "page": page_of(request, appeals.exclude(state="open")),
        "reason_form": ReasonForm(),
    }
    return render(request, "oversight/appeals.html", context)


def _appeal(request: HttpRequest, pk: int) -> Appeal:
    user, today = reader(request)
    rows = Appeal.objects.visible_to(user, on=today).with_names().prefetch_related("changes")
    return get_object_or_404(rows, pk=pk)


@require_safe
@login_required
def one_appeal(request: HttpRequest, pk: int) -> HttpResponse:
    found, (user, _today) = _appeal(request, pk), reader(request)
    context = {
        "appeal": found,
        "appraised": found.appraised,
        "moves": appealing.open_to_each(user, [found], at=timezone.now())[found.pk],
        "changes": [{"row": row, "name": COUNTED[row.code]} for row in found.changes.all()],
        "form": AnswerForm(),
    }
    return render(request, "oversight/appeal.html", context)


@require_POST
@login_required
def answer(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: grant, refuse or withdraw."""
    found, (user, _today) = _appeal(request, pk), reader(request)
    words = request.POST.get("answer", "")[:1000]
    who: dict[str, Any] = {"by": user, "at": timezone.now()}
    acts: dict[str, Any] = {
        "grant": lambda: appealing.grant(found, answer=words, **who),
        "refuse": lambda: appealing.refuse(found, answer=words, **who),
        "withdraw": lambda: appealing.withdraw(found, **who),
    }
    if name not in acts:
        raise Http404
    back = reverse("oversight:appeal", args=[pk])
    return answer_act(request, acts[name], done=_("Done."), back=back)


@require_POST
@role_required(*OVERSEERS)
def decide(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A reward or penalty: approve or refuse."""
    user, today = reader(request)
    rows = Consequence.objects.visible_to(user, on=today).with_names()
    found, at = get_object_or_404(rows, pk=pk), timezone.now()
    reason = request.POST.get("reason", "")[:300]
    acts: dict[str, Any] = {
        "approve": lambda: rewarding.approve(found, by=user, at=at),
        "refuse": lambda: rewarding.refuse(found, reason=reason, by=user, at=at),
    }
    if name not in acts:
        raise Http404
    return answer_act(request, acts[name], done=_("Decided."), back=reverse("oversight:appeals"))
