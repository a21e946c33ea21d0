"""Spoilt paper ballots: noted by one clerk, cancelled and printed again by another."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from consultation import papers
from consultation.forms.sessions import SpoiltForm
from consultation.models import SpoiltPaper
from consultation.services import printing, voting
from consultation.session_workflow import VOTE_MOVES
from consultation.views.sessions import ALL
from consultation.views.votes import found
from organizations.acting import acted, saved
from organizations.http import role_required, signed_in


@role_required(*ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def spoilt(request: HttpRequest, pk: int) -> HttpResponse:
    """The spoilt papers of a vote; a clerk notes one more."""
    vote, user = found(request, pk), signed_in(request)
    actors = voting.vote_actors(user, vote, at=timezone.now())
    form = SpoiltForm(request.POST or None, initial={"number": request.GET.get("number", "")})
    given = {"vote": vote, **form.cleaned_data} if form.is_valid() else {}
    if saved(request, form, printing.note_spoilt, **given) is not None:
        messages.success(request, _("Noted. A second person now confirms it."))
        return redirect("consultation:spoilt", pk)
    rows = SpoiltPaper.objects.of(vote).select_related(
        "paper__entitlement", "noted_by", "confirmed_by"
    )
    context = {
        "vote": vote,
        "form": form,
        "waiting": rows.waiting().order_by("noted_at"),
        "cancelled": rows.confirmed().order_by("-confirmed_at"),
        "may": (move := VOTE_MOVES["hand_paper"]).starts_from(vote.state) and move.is_for(actors),
    }
    return render(request, "consultation/spoilt.html", context, status=422 if form.errors else 200)


@role_required(*ALL)
@require_POST
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person confirms: in an open vote the new paper comes as PDF, once."""
    row = get_object_or_404(SpoiltPaper.objects.select_related("paper__vote"), pk=pk)
    vote = found(request, row.paper.vote_id)
    done = _("The paper is cancelled: its code never counts.")
    printed = acted(request, printing.replace_spoilt, done=done, spoilt=row)
    if printed is None:
        return redirect("consultation:spoilt", vote.pk)
    return papers.sheet(vote, [printed])
