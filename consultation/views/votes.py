"""Votes at the desk: prepared, opened, helped with, counted on paper, judged, proved."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultation import box, papers
from consultation.forms.sessions import (
    AnswerForm,
    PapersForm,
    ProxyForm,
    QuestionForm,
    ReadForm,
    ReasonForm,
)
from consultation.models import Entitlement, PaperCount, Proxy, SpoiltPaper, Vote
from consultation.services import counting, printing, proxies, voting
from consultation.session_workflow import VOTE_MOVES, SessionActor, VoteState
from consultation.views.reach import visible
from consultation.views.sessions import ALL, FORM
from lib.errors import RuleViolation
from organizations.acting import acted, answer_form, page_of
from organizations.http import reader, role_required, signed_in


def found(request: HttpRequest, pk: int) -> Vote:
    user, on = reader(request)
    return get_object_or_404(Vote.objects.visible_to(user, on=on).with_names(), pk=pk)


@role_required(*ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, number: str) -> HttpResponse:
    consultation = visible(request, number)
    form = QuestionForm(request.POST or None, consultation=consultation)

    def write(given: dict[str, Any]) -> str:
        made = voting.draft_vote(
            consultation, voting.Question(**given), by=signed_in(request), at=timezone.now()
        )
        return reverse("consultation:vote", args=[made.pk])

    back = reverse("consultation:sessions", args=[number])
    return answer_form(request, form, write, template=FORM, title=_("Prepare a vote"), back=back)


@role_required(*ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """A vote that has not begun."""
    row = found(request, pk)
    said = QuestionForm.content_of(row)
    form = QuestionForm(request.POST or None, initial=said, consultation=row.consultation)

    def write(given: dict[str, Any]) -> str:
        asked = voting.Question(**given)
        voting.change_vote(row, asked, by=signed_in(request), at=timezone.now())
        return back

    back = reverse("consultation:vote", args=[pk])
    return answer_form(request, form, write, template=FORM, title=_("Change the vote"), back=back)


@role_required(*ALL)
@require_safe
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    row, at = found(request, pk), timezone.now()
    user = signed_in(request)
    actors = voting.vote_actors(user, row, at=at)
    rights = row.entitlements.select_related("paper")
    if wanted := request.GET.get("q", "").strip()[:60]:
        rights = rights.filter(label__contains=wanted)
    shown = box.seen(row)
    papers_read = shown["papers"]
    moves = {
        name for name, move in VOTE_MOVES.items()
        if move.starts_from(row.state) and move.is_for(actors)
    }  # fmt: skip
    context = {
        **shown,
        "here": "sessions",
        "options": row.options.all(),
        "page": page_of(request, rights, order=("label", "pk")),
        "q": wanted,
        "printed": row.papers.in_use().count(),
        "spoilt_waiting": SpoiltPaper.objects.of(row).waiting().count(),
        "waits": counting.waits_for(papers_read) if row.state == VoteState.CLOSED else "",
        "may_count": "count" in moves and counting.counts_next(row, user, papers_read),
        "counts": row.counts.filter(series=row.series).select_related("by"),
        "proxies": row.proxies.filter(revoked_at=None).select_related("giver", "holder"),
        "moves": moves,
        "is_clerk": SessionActor.CLERK in actors,
        "at": at,
    }  # fmt: skip
    return render(request, "consultation/vote.html", context)


PLAIN = {
    "open": (voting.open_vote, _("The vote is open.")),
    "close": (voting.close_vote, _("The vote is closed.")),
    "judge": (counting.judge, _("The result stands.")),
}


@role_required(*ALL)
@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: open, close, judge."""
    service, done = PLAIN[name]
    acted(request, service, done=str(done), vote=found(request, pk))
    return redirect("consultation:vote", pk)


@role_required(*ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def explained(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: annul or recount: with a reason."""
    row = found(request, pk)
    form = ReasonForm(request.POST or None)
    service = voting.annul if name == "annul" else counting.recount

    def write(given: dict[str, Any]) -> str:
        service(row, reason=given["reason"], by=signed_in(request), at=timezone.now())
        return reverse("consultation:vote", args=[pk])

    title = _("Annul the vote") if name == "annul" else _("Count again")
    return answer_form(
        request,
        form,
        write,
        template=FORM,
        title=title,
        back=reverse("consultation:vote", args=[pk]),
    )


@role_required(*ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def print_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Paper ballots as PDF, once: only hashes of their codes are kept."""
    row = found(request, pk)
    form = PapersForm(request.POST if request.method == "POST" else None, vote=row)
    if request.method == "POST" and form.is_valid():
        try:
            printed = printing.print_papers(
                row, number=form.cleaned_data.get("number", 0), by=signed_in(request),
                at=timezone.now(),
            )  # fmt: skip
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            return papers.sheet(row, printed)
    back = reverse("consultation:vote", args=[pk])
    context = {
        "form": form, "title": _("Print paper ballots"), "back": back,
        "said": _about_papers(row), "send": _("Print"), "is_idle": _has_nothing_to_print(row),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "consultation/session_form.html", context, status=status)


def _has_nothing_to_print(row: Vote) -> bool:
    return not row.is_secret and not row.entitlements.without_paper().exists()


def _about_papers(row: Vote) -> str:
    if _has_nothing_to_print(row):
        return gettext(
            "Everybody who has not voted has a paper. A spoilt one is printed again under "
            "“Spoilt papers”."
        )
    kept = _("Only the paper tells its code: keep the file until they are printed.")
    if row.is_secret:
        few = _(
            "Print as many as may be wanted, shuffle them, and hand out one for each signature."
        )
        return f"{few}\n{kept}"
    waiting = row.entitlements.without_paper().count()
    one_each = ngettext(
        "One paper is printed: for the one who has not voted and has none yet.",
        "%(count)d papers are printed: one for each who has not voted and has none yet.",
        waiting,
    )
    return f"{one_each % {'count': waiting}}\n{kept}"


def _right(request: HttpRequest, pk: int) -> Entitlement:
    row = get_object_or_404(Entitlement.objects.select_related("vote"), pk=pk)
    row.vote = found(request, row.vote_id)
    return row


@role_required(*ALL)
@require_POST
def hand_paper(request: HttpRequest, pk: int) -> HttpResponse:
    row = _right(request, pk)
    acted(request, printing.hand_paper, done=str(_("The paper is handed out.")), entitlement=row)
    return redirect(f"{reverse('consultation:vote', args=[row.vote_id])}?q={row.label[:40]}#people")


@role_required(*ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def assist(request: HttpRequest, pk: int) -> HttpResponse:
    """The voter stands at the window and chooses; a clerk sends it off beside him."""
    row, user, at = _right(request, pk), signed_in(request), timezone.now()
    form = AnswerForm(request.POST or None, vote=row.vote, initial={"right": pk})
    title = f"{_('Vote together with')} {row.label}"
    context = {"form": form, "title": title, "send": _("Put the vote in the box")}
    if SessionActor.CLERK not in voting.vote_actors(user, row.vote, at=at):
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            code = voting.cast(row.vote, row, form.cleaned_data["option"], by=user, at=at)
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            done = {"vote": row.vote, "code": code, "consultation": row.vote.consultation}
            return render(request, "consultation/assisted.html", done)
    back = reverse("consultation:vote", args=[row.vote_id])
    status = 422 if form.errors else 200
    said = row.vote.question
    return render(
        request, "consultation/session_form.html", {**context, "back": back, "said": said},
        status=status,
    )  # fmt: skip


@role_required(*ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def proxy(request: HttpRequest, pk: int) -> HttpResponse:
    giver = _right(request, pk)
    form = ProxyForm(request.POST or None, giver=giver)

    def write(given: dict[str, Any]) -> str:
        proxies.give_proxy(giver, **given, by=signed_in(request), at=timezone.now())
        return f"{reverse('consultation:vote', args=[giver.vote_id])}?q={giver.label[:40]}"

    back = reverse("consultation:vote", args=[giver.vote_id])
    title = f"{_('Note a written proxy of')} {giver.label}"
    return answer_form(request, form, write, template=FORM, title=title, back=back)


@role_required(*ALL)
@require_POST
def proxy_back(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Proxy.objects.select_related("vote", "giver"), pk=pk)
    found(request, row.vote_id)
    acted(request, proxies.take_proxy_back, done=str(_("The proxy is taken back.")), proxy=row)
    return redirect(f"{reverse('consultation:vote', args=[row.vote_id])}#proxies")


@role_required(*ALL)
@require_POST
def begin_count(request: HttpRequest, pk: int) -> HttpResponse:
    made = acted(request, counting.begin_count, done=str(_("Count.")), vote=found(request, pk))
    if made is None:
        return redirect("consultation:vote", pk)
    return redirect("consultation:count", made.pk)


@role_required(*ALL)
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper after the other: code, answer, next. Only who counts sees this page."""
    row = get_object_or_404(PaperCount.objects.select_related("vote"), pk=pk)
    found(request, row.vote_id)
    user = signed_in(request)
    if row.by_id != user.pk:
        raise PermissionDenied
    form = ReadForm(request.POST or None, vote=row.vote)
    if request.method == "POST" and form.is_valid():
        try:
            counting.read_paper(
                row, form.cleaned_data["code"], form.cleaned_data["option"], by=user
            )
        except RuleViolation as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, _("Read. The next one."))
            return redirect("consultation:count", pk)
    context = {
        "form": form,
        "count": row,
        "vote": row.vote,
        "read": row.entries.count(),
        "handed": printing.handed_out(row.vote),
    }
    return render(request, "consultation/count.html", context, status=422 if form.errors else 200)


@role_required(*ALL)
@require_POST
def close_count(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(PaperCount.objects.select_related("vote"), pk=pk)
    found(request, row.vote_id)
    acted(request, counting.close_count, done=str(_("This count is closed.")), count=row)
    return redirect("consultation:vote", row.vote_id)
