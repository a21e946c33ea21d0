"""Draft regulations: articles with what was said about each, versions beside each other."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from consultation.articles import compared, paired
from consultation.forms.opinions import DraftForm
from consultation.models import Draft
from consultation.services import drafts as services
from consultation.services.opinions import stage_open
from consultation.views.reach import public, visible
from consultation.workflow import READERS
from lib.errors import NotYours, RuleViolation
from organizations.http import role_required, signed_in

PUBLIC = Q(
    opinions__parent=None, opinions__is_confidential=False, opinions__state__in=["shown", "hidden"]
)


@require_safe
def draft(request: HttpRequest, number: str, version: int | None = None) -> HttpResponse:
    """The newest version, or the one asked for, each article with its opinions."""
    found = public(number)
    rows = Draft.objects.filter(consultation=found).order_by("-number")
    shown = get_object_or_404(rows, number=version) if version else rows.first()
    if shown is None:
        return redirect("consultation:public_opinions", number)
    context = {
        "consultation": found,
        "draft": shown,
        "versions": rows,
        "articles": shown.articles.annotate(said=Count("opinions", filter=PUBLIC)),
        "stage": stage_open(found),
        "at": timezone.now(),
    }
    return render(request, "consultation/public/draft.html", context)


@require_safe
def comparison(request: HttpRequest, number: str, old: int, version: int) -> HttpResponse:
    """What changed between two versions, article by article."""
    found = public(number)
    rows = Draft.objects.filter(consultation=found)
    one, other = get_object_or_404(rows, number=old), get_object_or_404(rows, number=version)
    context = {"consultation": found, "old": one, "new": other, "pairs": pairs_of(one, other)}
    return render(request, "consultation/public/draft_compare.html", context)


def pairs_of(one: Draft, other: Draft) -> list[dict[str, Any]]:
    before, after = list(one.articles.all()), list(other.articles.all())
    found = []
    for old, new in paired([row.text for row in before], [row.text for row in after]):
        left = before[old] if old is not None else None
        right = after[new] if new is not None else None
        pieces = compared(left.text if left else "", right.text if right else "")
        is_same = bool(left and right and left.text == right.text and left.label == right.label)
        found.append({"old": left, "new": right, "pieces": pieces, "is_same": is_same})
    return found


@role_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest, number: str) -> HttpResponse:
    found = visible(request, number)
    newest = found.drafts.order_by("-number").first()
    form = DraftForm(
        request.POST or None,
        request.FILES or None,
        initial={"title": newest.title if newest else ""},
    )
    if form.is_valid():
        by, at = signed_in(request), timezone.now()
        try:
            services.bring_in(found, by=by, at=at, **form.cleaned_data)
        except NotYours:
            raise
        except RuleViolation as refusal:
            form.add_error("reason" if refusal.code == "no_reason" else "text", str(refusal))
        else:
            return redirect("consultation:draft_new", number)
    context = {
        "consultation": found,
        "here": "opinions",
        "form": form,
        "versions": found.drafts.order_by("-number"),
        "title": _("Draft regulation"),
    }
    status = 422 if form.errors else 200
    return render(request, "consultation/draft_new.html", context, status=status)
