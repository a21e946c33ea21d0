"""Neighbours' help: what is offered and asked for near by, one of them, and what was agreed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grids.locate import Place
from organizations.acting import answer_act, answer_form, content_of, page_of
from organizations.http import signed_in
from volunteers.forms.hours import ReasonForm
from volunteers.forms.wishes import AnswerForm, HelpForm
from volunteers.http import person_required
from volunteers.models import HelpDeal, HelpPost, TimeAccount
from volunteers.services import helping
from volunteers.services.ways import DEAL, HELP

MATCHES = 6


@require_safe
@person_required
def listed(request: HttpRequest) -> HttpResponse:
    """What is open, mine first."""
    user, now = signed_in(request), timezone.now()
    rows = HelpPost.objects.open(timezone.localtime(now)).with_names()
    kind = request.GET.get("kind", "")
    if kind in HelpPost.Kind.values:
        rows = rows.filter(kind=kind)
    deals = HelpDeal.objects.visible_to(user, on=timezone.localdate(now)).with_names()
    context = {
        "page": page_of(request, rows.exclude(person=user)),
        "kind": kind,
        "mine": HelpPost.objects.filter(person=user).with_names().order_by("-pk")[:10],
        "deals": deals.order_by("-pk")[:10],
        "at": now,
    }
    return render(request, "volunteers/help.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def new(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = HelpForm(request.POST or None)

    def write(given: dict[str, Any]) -> str:
        community = given.pop("community")
        place = Place(community.parent_id, community.pk, None)
        made = helping.post_help(place, by=user, at=timezone.now(), **given)
        return reverse("volunteers:help_post", args=[made.pk])

    return answer_form(request, form, write, template="volunteers/help_form.html")


def _post(request: HttpRequest, pk: int) -> HelpPost:
    visible = HelpPost.objects.visible_to(signed_in(request), on=timezone.localdate())
    return get_object_or_404(visible.with_names(), pk=pk)


@require_safe
@person_required
def post(request: HttpRequest, pk: int) -> HttpResponse:
    found, user, now = _post(request, pk), signed_in(request), timezone.now()
    deals = found.deals.with_names()
    mine = found.person_id == user.pk
    seen = deals if mine else deals.filter(person=user)
    context = {
        "post": found,
        "mine": mine,
        "moves": set(HELP.open_to(found, by=user, at=now)),
        "deals": [
            {"deal": row, "moves": set(DEAL.open_to(row, by=user, at=now))}
            for row in seen.order_by("-pk")
        ],
        "matches": HelpPost.objects.matching(found).with_names()[:MATCHES] if mine else [],
        "form": AnswerForm(initial={"minutes": found.minutes, "settles": found.settles}),
        "may_answer": not mine and found.state == "open",
        "has_account": TimeAccount.objects.filter(person=user).exists(),
        "reason_form": ReasonForm(),
        "at": now,
    }
    return render(request, "volunteers/help_post.html", context)


@require_POST
@person_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    found, user = _post(request, pk), signed_in(request)
    form = AnswerForm(request.POST)
    given: dict[str, Any] = content_of(form)

    def act() -> object:
        words = {"words": given.get("words", ""), "settles": given.get("settles", False)}
        minutes = given.get("minutes") or 0
        return helping.answer_help(found, minutes=minutes, by=user, at=timezone.now(), **words)

    back = reverse("volunteers:help_post", args=[pk])
    return answer_act(request, act, done=pgettext("message", "Sent."), back=back)


@require_POST
@person_required
def end(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: end or take_down."""
    found = _post(request, pk)
    who: dict[str, Any] = {"by": signed_in(request), "at": timezone.now()}
    reason = request.POST.get("reason", "")[:300]

    def act() -> object:
        if name == "end":
            return helping.end_help(found, **who)
        return helping.take_down(found, reason=reason, **who)

    return answer_act(request, act, done=_("Done."), back=reverse("volunteers:help"))


@require_POST
@person_required
def deal(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`name`: agree, decline, call_off or done."""
    user = signed_in(request)
    visible = HelpDeal.objects.visible_to(user, on=timezone.localdate()).with_names()
    found = get_object_or_404(visible, pk=pk)
    who: dict[str, Any] = {"by": user, "at": timezone.now()}
    reason = request.POST.get("reason", "")[:300]
    acts = {
        "agree": lambda: helping.agree(found, **who),
        "decline": lambda: helping.decline_help(found, **who),
        "call_off": lambda: helping.call_off(found, reason=reason, **who),
        "done": lambda: helping.finish_help(found, **who),
    }
    back = reverse("volunteers:help_post", args=[found.post_id])
    return answer_act(request, acts[name], done=_("Done."), back=back)
