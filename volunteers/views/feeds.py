"""The newest published activities as an Atom feed."""

import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from volunteers.models import Activity, Shift

NEWEST = 30


class ActivityFeed(Feed):
    """Activities that take sign-ups, the newest first; nobody is named in it."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _("Voluntary service: new activities")

    subtitle = title

    def link(self) -> str:
        return reverse("volunteers:activities")

    def items(self) -> Any:
        ahead = Shift.objects.ahead(timezone.now()).values("activity")
        rows = Activity.objects.published().filter(pk__in=ahead).with_names()
        return rows.order_by("-published_at", "-pk")[:NEWEST]

    def item_title(self, item: Any) -> str:
        return str(item)

    def item_description(self, item: Any) -> str:
        return f"{item.summary}\n{item.address} · {item.community}"

    def item_link(self, item: Any) -> str:
        return reverse("volunteers:activity", args=[item.pk])

    def item_pubdate(self, item: Any) -> datetime.datetime:
        published: datetime.datetime = item.published_at
        return published

    item_updateddate = item_pubdate

    def item_categories(self, item: Any) -> list[str]:
        return [str(item.topic)]


feed = require_safe(ActivityFeed())
