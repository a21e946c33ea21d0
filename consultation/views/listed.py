"""The content list of a community, its topics with what residents want, and following by code."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consultation.forms.public import FollowForm, ImportanceForm
from consultation.models import Consultation, Objection, Topic
from consultation.models.content import TopicQuerySet
from consultation.services import content, objecting
from consultation.services.tracking import found_by_code
from consultation.views.reach import community_of
from lib import throttle
from lib.errors import RuleViolation
from organizations.acting import page_of
from organizations.http import address_of, resident_of, resident_required, signed_in

MOST_WRONG, WINDOW = 20, 3600


@require_safe
def content_list(request: HttpRequest, code: str) -> HttpResponse:
    """协商内容清单: what is consulted on here and what is not, and the topics that wait."""
    found = community_of(code)
    entries = content.list_of(found, on=timezone.localdate())
    context = {
        "community": found, "positive": entries["positive"], "negative": entries["negative"],
        "topics": content.wanted_in(found)[:50], "at": timezone.now(),
    }  # fmt: skip
    return render(request, "consultation/public/content_list.html", context)


@require_safe
def public_topics(request: HttpRequest) -> HttpResponse:
    """Topics that were screened in, of all communities, the newest first."""
    context = {"page": page_of(request, _published()), "at": timezone.now()}
    return render(request, "consultation/public/topics.html", context)


@require_safe
def public_topic(request: HttpRequest, number: str) -> HttpResponse:
    return render(request, "consultation/public/topic.html", _about(request, _public(number)))


def _published() -> TopicQuerySet:
    rows = cast("TopicQuerySet", Topic.objects.all())
    return rows.published().with_names().rated()


def _public(number: str) -> Topic:
    found: Topic = get_object_or_404(_published(), number=number)
    return found


def _about(request: HttpRequest, found: Topic) -> dict[str, Any]:
    """Its released words, why it is on the list, who wants it, and what became of it."""
    resident = resident_of(request)
    mine = found.ratings.filter(by=resident).first() if resident else None
    begun = {"importance": mine.importance} if mine else None
    return {
        "topic": found, "mine": mine, "form": ImportanceForm(initial=begun),
        "consultations": Consultation.objects.published().filter(topic=found).order_by("-pk"),
        "may_rate": found.state == "listed", "is_resident": resident is not None,
        "at": timezone.now(),
    }  # fmt: skip


@resident_required
@require_POST
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """How much a resident wants it; said again it replaces what was said before."""
    found, form = _public(number), ImportanceForm(request.POST)
    if not form.is_valid():
        context = {**_about(request, found), "form": form}
        return render(request, "consultation/public/topic.html", context, status=422)
    try:
        content.rate(found, by=signed_in(request), at=timezone.now(), **form.cleaned_data)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Thank you. What you say counts once; you may change it."))
    return redirect("consultation:public_topic", number)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """What became of a topic or an objection, for whoever has its number and code."""
    form = FollowForm(request.POST or None, initial={"number": request.GET.get("number", "")})
    found: Topic | Objection | None = None
    if request.method == "POST" and form.is_valid():
        found = _looked_up(request, form)
        if isinstance(found, Objection) and "withdraw" in request.POST:
            _taken_back(request, found, form.cleaned_data["code"])
            found.refresh_from_db()
    context = {
        "form": form, "at": timezone.now(),
        "topic": found if isinstance(found, Topic) else None,
        "objection": found if isinstance(found, Objection) else None,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "consultation/public/follow.html", context, status=status)


def _looked_up(request: HttpRequest, form: FollowForm) -> Topic | Objection | None:
    """Wrong pairs are counted by address, so that nobody tries them all."""
    address = address_of(request)
    if throttle.tries("consultation-follow", address) >= MOST_WRONG:
        form.add_error(None, _("Too many wrong codes came from here. Try again in an hour."))
        return None
    found = found_by_code(form.cleaned_data["number"], form.cleaned_data["code"])
    if found is None:
        throttle.count("consultation-follow", address, seconds=WINDOW)
        form.add_error(None, _("Number and code do not belong together."))
    return found


def _taken_back(request: HttpRequest, found: Objection, code: str) -> None:
    try:
        objecting.withdraw(found, code=code, at=timezone.now())
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The objection is taken back."))
