"""What residents do: answer an invitation, check in, vote, look for their ballot; the calendar."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from consultation import box
from consultation.forms.sessions import AnswerForm, CodeForm, ReasonForm
from consultation.models import Entitlement, Invitation, Session, Vote
from consultation.services import attending, counting, voting
from consultation.session_workflow import VoteState
from lib.errors import RuleViolation
from organizations.acting import acted
from organizations.http import account_required, signed_in

SHOWN = 20


@account_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My invitations and votes: what waits first."""
    user, at = signed_in(request), timezone.now()
    invitations = Invitation.objects.of(user).select_related("session__consultation")
    votes = Vote.objects.public().for_voter(user).with_names()
    context = {
        "invitations": invitations.coming(at=at).order_by("session__starts_at"),
        "attended": invitations.present().filter(session__state="closed").order_by("-pk")[:SHOWN],
        "open": votes.open_at(at).order_by("closes_at"),
        "over": votes.exclude(pk__in=votes.open_at(at)).order_by("-pk")[:SHOWN],
        "laid_out": invitations.present()
        .filter(session__minutes__state="draft")
        .select_related("session__minutes")
        .distinct(),
        "at": at,
    }
    return render(request, "consultation/public/mine.html", context)


@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: read (the page itself), accept, decline."""
    user, at = signed_in(request), timezone.now()
    rows = Invitation.objects.of(user).select_related("session__consultation__body")
    row = get_object_or_404(rows, pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method != "POST":
        if row.state == "sent" and row.session.state == "planned":
            row = attending.answer(row, "read", by=user, at=at)
    elif name == "accept" or form.is_valid():
        reason = form.cleaned_data.get("reason", "") if form.is_valid() else ""
        acted(
            request, attending.answer, done=str(_("Thank you, noted.")), invitation=row,
            name="accept" if name == "accept" else "decline", reason=reason,
        )  # fmt: skip
        return redirect("consultation:invitation", pk, "read")
    agenda = row.session.agenda.filter(parent=None).prefetch_related("children")
    context = {"invitation": row, "session": row.session, "agenda": agenda, "form": form, "at": at}
    return render(
        request, "consultation/public/invitation.html", context, status=422 if form.errors else 200
    )


@never_cache
@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Where the code on the screen of the room leads."""
    session = get_object_or_404(Session.objects.public().with_names(), pk=pk)
    mine = session.invitations.of(signed_in(request))
    is_invited = mine.exists()
    if request.method == "POST" and is_invited:
        done = _("You are checked in.")
        acted(request, attending.check_in_by_code, done=done, session=session, code=code)
    context = {"session": session, "is_invited": is_invited, "is_in": mine.present().exists()}
    return render(request, "consultation/public/check_in.html", context)


@never_cache
@account_required
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: HttpRequest, pk: int) -> HttpResponse:
    """The voting page: one question, large answers, for each right that the person may use."""
    user, at = signed_in(request), timezone.now()
    vote = get_object_or_404(Vote.objects.public().with_names(), pk=pk)
    rights = list(voting.rights_of(vote, user))
    form = AnswerForm(request.POST or None, vote=vote)
    if request.method == "POST" and form.is_valid():
        right = next((row for row in rights if row.pk == form.cleaned_data["right"]), None)
        code = _cast(request, vote, right, form, at)
        if code:
            context = {"vote": vote, "code": code, "left": _left(vote, user)}
            return render(request, "consultation/public/voted.html", context)
    context = {
        "vote": vote,
        "rights": rights,
        "form": form,
        "is_open": vote.state == VoteState.OPEN and at < vote.closes_at,
        "options": vote.options.all(),
        "at": at,
    }
    return render(
        request, "consultation/public/ballot.html", context, status=422 if form.errors else 200
    )


def _cast(request: HttpRequest, vote: Vote, right: Entitlement | None, form: Any, at: Any) -> str:
    if right is None:
        form.add_error(None, str(_("You are not entitled in this vote.")))
        return ""
    try:
        option = form.cleaned_data["option"]
        return voting.cast(vote, right, option, by=signed_in(request), at=at)
    except RuleViolation as refusal:
        form.add_error(None, str(refusal))
        return ""


def _left(vote: Vote, user: Any) -> int:
    return sum(right.voted_at is None for right in voting.rights_of(vote, user))


@require_http_methods(["GET", "HEAD", "POST"])
def published_vote(request: HttpRequest, pk: int) -> HttpResponse:
    """What everybody sees of a vote: question, rules, turnout, result with why, and the proof."""
    vote = get_object_or_404(Vote.objects.public().with_names(), pk=pk)
    form = CodeForm(request.POST or None)
    is_in_box = is_cancelled = None
    if request.method == "POST" and form.is_valid():
        is_in_box = counting.is_in_box(vote, form.cleaned_data["code"])
        is_cancelled = counting.is_cancelled(vote, form.cleaned_data["code"])
    context = {
        **box.seen(vote),
        "form": form,
        "is_in_box": is_in_box,
        "is_cancelled": is_cancelled,
        "at": timezone.now(),
    }
    return render(request, "consultation/public/vote.html", context)


@require_safe
def receipts(_request: HttpRequest, pk: int) -> HttpResponse:
    """The receipts of all ballots in the box, one on a line: whoever wants counts them and makes
    the digest that stands in the history again. What a ballot says is not in it."""
    vote = get_object_or_404(Vote.objects.public().filter(state__in=box.COUNTED), pk=pk)
    answer = HttpResponse(voting.receipts_of(vote), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="receipts-{pk}.txt"'
    return answer


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Sessions to come, in the order of their days."""
    at = timezone.now()
    rows = Session.objects.public().coming(at=at).with_names()
    if code := request.GET.get("community", "")[:24]:
        rows = rows.filter(consultation__community__code=code)
    context = {"sessions": rows[:200], "code": code, "at": at}
    return render(request, "consultation/public/calendar.html", context)
