"""What everybody reads and sends: a board with its feeds, topics and objections."""

import datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe
from icalendar import Calendar, Event

from consultation.forms.public import ObjectionForm, TopicForm
from consultation.services import boards, content, objecting
from consultation.views.reach import community_of, public
from grids.models import Territory
from lib import throttle
from lib.errors import RuleViolation
from organizations.acting import page_of
from organizations.http import address_of
from organizations.models import User

MOST_AN_HOUR = 10
NEWEST = 30
PROMISES = 10
BETWEEN_LOOKS = datetime.timedelta(hours=1)


@require_safe
def board(request: HttpRequest, code: str) -> HttpResponse:
    """公告栏: what is late, under way, to come, promised and published."""
    found, now = community_of(code), timezone.now()
    papers = page_of(request, boards.papers_of(found), order=("-changed_at", "-pk"))
    context = {
        "community": found, "page": papers, "under_way": boards.under_way(found)[:NEWEST],
        "late": boards.late_in(found)[:NEWEST], "at": now,
        "dates": boards.dates_of(found, at=now)[:NEWEST],
        "promised": boards.promised_in(found)[:PROMISES], "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "consultation/public/board.html", context)


class BoardFeed(Feed):
    """The newest papers of a community as RSS."""

    def get_object(self, _request: HttpRequest, code: str) -> Territory:
        return community_of(code)

    def title(self, obj: Territory) -> str:
        return _("%(place)s: published in consultations") % {"place": obj}

    def link(self, obj: Territory) -> str:
        return reverse("consultation:board", args=[obj.code])

    def description(self, obj: Territory) -> str:
        return _(
            "Notices, materials, minutes, results and how they are carried out in %(place)s."
        ) % {"place": obj}

    def items(self, obj: Territory) -> Any:
        return boards.papers_of(obj).order_by("-changed_at", "-pk")[:NEWEST]

    def item_title(self, item: Any) -> str:
        return f"{item.get_kind_display()}: {item.title}"

    def item_description(self, item: Any) -> str:
        return str(item.consultation.title)

    def item_link(self, item: Any) -> str:
        return reverse("consultation:paper", args=[item.pk])

    def item_guid(self, item: Any) -> str:
        """A new version is news."""
        return f"{item.pk}.{item.version}"

    item_guid_is_permalink = False

    def item_pubdate(self, item: Any) -> Any:
        return item.changed_at


feed = require_safe(BoardFeed())


@require_safe
@cache_control(public=True, max_age=600)
def calendar(_request: HttpRequest, code: str) -> HttpResponse:
    """Sessions, ends of standing times and limits of a community, for a calendar app (RFC 5545)."""
    found, now = community_of(code), timezone.now()
    told = Calendar()
    told.add("prodid", "-//Gongzhi//consultations//")
    told.add("version", "2.0")
    told.add("x-wr-calname", _("Consultations in %(place)s") % {"place": found})
    told.add("refresh-interval", BETWEEN_LOOKS)
    for date in boards.dates_of(found, at=now):
        told.add_component(_event(date, now))
    return HttpResponse(told.to_ical(), content_type="text/calendar; charset=utf-8")


def _event(date: boards.Date, now: datetime.datetime) -> Event:
    number = date.consultation.number
    event = Event()
    event.add("uid", f"{number}-{date.kind}-{date.key}@gongzhi")
    event.add("dtstamp", now)
    event.add("dtstart", date.at)
    if date.until:
        event.add("dtend", date.until)
    event.add("summary", f"{date.word}: {date.title}")
    event.add("description", f"{number} {date.consultation.title}")
    if date.where:
        event.add("location", date.where)
    page = reverse("consultation:published_consultation", args=[number])
    event.add("url", urljoin(settings.SITE_URL, page))
    return event


def _within_limit(request: HttpRequest, form: Any) -> bool:
    tries = throttle.count("consultation", address_of(request), seconds=3600)
    if tries > MOST_AN_HOUR or form.cleaned_data.pop("website", ""):
        form.add_error(None, _("Too much was sent from your connection. Try again in an hour."))
        return False
    return True


def _by(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """A resident proposes a topic, with an account or without."""
    form = TopicForm(request.POST or None, on=timezone.localdate(), initial=request.GET.dict())
    if request.method == "POST" and form.is_valid() and _within_limit(request, form):
        given = form.cleaned_data
        try:
            made = content.propose(
                **given, source="resident", town=given["community"].parent, by=_by(request),
                at=timezone.now(),
            )  # fmt: skip
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            return _received(request, made.number, made.code)
    title = _("Propose what should be consulted on")
    lead = _(
        "A clerk of the community looks at it first, then the party organisation says whether it "
        "is taken up, and why. You get a number and a code to follow it."
    )
    return _sent(request, form, title, lead=lead)


@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, number: str) -> HttpResponse:
    """Anybody objects within the time after the result."""
    found, form = public(number), ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _within_limit(request, form):
        try:
            made = objecting.raise_objection(
                found, by=_by(request), at=timezone.now(), **form.cleaned_data
            )
        except RuleViolation as refusal:
            form.add_error(None, str(refusal))
        else:
            return _received(request, made.number, made.code)
    is_open = objecting.may_object(found, at=timezone.now())
    return _sent(request, form, _("Object to the result"), about=found, is_closed=not is_open)


def _sent(request: HttpRequest, form: Any, title: str, **more: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "title": title, **more}
    return render(request, "consultation/public/send.html", context, status=status)


def _received(request: HttpRequest, number: str, code: str) -> HttpResponse:
    context = {"number": number, "code": code}
    return render(request, "consultation/public/received.html", context)
