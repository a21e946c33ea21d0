"""A person's deadlines as a calendar that telephones subscribe to (RFC 5545)."""

import datetime
from urllib.parse import urljoin

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe
from icalendar import Alarm, Calendar, Event

from cases.models import Case
from cases.workflow import CLOCK_RUNS, State
from organizations.http import signed_in
from organizations.models import Post, User
from organizations.services.wishes import (
    make_feed_address,
    owner_of_feed,
    revoke_feed_address,
)

ALARM_BEFORE = datetime.timedelta(hours=1)
BETWEEN_LOOKS = datetime.timedelta(minutes=30)


@require_safe
@cache_control(private=True, max_age=300)
def feed(_request: HttpRequest, secret: str) -> HttpResponse:
    """Whoever has the address reads it: no sign-in, so that a calendar app can."""
    person = owner_of_feed(secret)
    if person is None:
        raise Http404
    wishes = getattr(person, "preference", None)
    with translation.override((wishes and wishes.language) or settings.LANGUAGE_CODE):
        body = _calendar(person, timezone.now()).to_ical()
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


@login_required
@never_cache
@require_POST
def feed_make(request: HttpRequest) -> HttpResponse:
    """The secret address of the person's calendar, shown on this page only."""
    secret = make_feed_address(signed_in(request), at=timezone.now())
    return render(request, "cases/feed_made.html", {"secret": secret})


@login_required
@require_POST
def feed_revoke(request: HttpRequest) -> HttpResponse:
    revoke_feed_address(signed_in(request))
    messages.success(request, _("The calendar address opens nothing any more."))
    return redirect("organizations:account")


def _calendar(person: User, at: datetime.datetime) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Gongzhi//deadlines//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("My deadlines"))
    calendar.add("refresh-interval", BETWEEN_LOOKS)
    posts = Post.objects.held_by(person, on=timezone.localdate(at))
    for case in Case.objects.on_posts(posts).filter(state__in=CLOCK_RUNS):
        calendar.add_component(_event(case, at))
    return calendar


def _event(case: Case, at: datetime.datetime) -> Event:
    """The limit that runs: for signing until somebody has signed, then for handling."""
    signs = case.state == State.DISPATCHED
    what = _("Sign") if signs else _("Handle")
    event = Event()
    event.add("uid", f"{case.number}-{'sign' if signs else 'handle'}@gongzhi")
    event.add("dtstamp", at)
    event.add("dtstart", case.sign_due_at if signs else case.handle_due_at)
    event.add("summary", f"{what}: {case.title}")
    event.add("description", case.number)
    event.add("url", urljoin(settings.SITE_URL, reverse("cases:detail", args=[case.number])))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", case.title)
    alarm.add("trigger", -ALARM_BEFORE)
    event.add_component(alarm)
    return event
