"""Open data of volunteers: activities, hours, wishes and neighbours' help, in sums or in released words."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.data_shapes import Column, DataSet
from volunteers.models import Activity, Certificate, HelpDeal, HelpPost, Presence, Shift, Take, Wish
from volunteers.workflow.wishes import DealState

CHUNK = 500
# Of fewer people than this it is not told how many they were.
FEWEST = 5


def _activities(year: int) -> Iterator[tuple[Any, ...]]:
    """Shifts of what everybody can or could see, with those who came in numbers only."""
    public = Activity.objects.visible_to(AnonymousUser(), on=timezone.localdate())
    came = {
        shift: (people, minutes)
        for shift, people, minutes in Presence.objects.confirmed()
        .filter(signup__shift__starts_at__year=year)
        .values_list("signup__shift")
        .annotate(Count("volunteer", distinct=True), Sum("minutes"))
        .order_by()
    }
    rows = Shift.objects.with_activity().select_related("activity__town", "activity__body")
    shown = rows.filter(activity__in=public.values("pk"), starts_at__year=year)
    for row in shown.order_by("starts_at", "pk").iterator(CHUNK):
        one = row.activity
        people, minutes = came.get(row.pk, (0, 0))
        yield (
            one.pk, row.pk, one.title, one.topic.code, one.town.code,
            one.community.code if one.community else "", one.body.code,
            one.organisation.name if one.organisation else "", one.form, one.danger, one.min_age,
            one.state, row.starts_at, row.ends_at, row.called_off_at, row.places, row.taken,
            *((people, minutes) if people >= FEWEST else (None, None)),
        )  # fmt: skip


def _hours(year: int) -> Iterator[tuple[Any, ...]]:
    at = "signup__shift__activity"
    rows = (
        Presence.objects.confirmed()
        .filter(signup__shift__starts_at__year=year)
        .annotate(month=TruncMonth("signup__shift__starts_at"))
        .values_list("month", f"{at}__community__code", f"{at}__town__code", f"{at}__topic__code")
        .annotate(
            times=Count("pk"), people=Count("volunteer", distinct=True), minutes=Sum("minutes")
        )
        .order_by("month", f"{at}__town__code", f"{at}__community__code", f"{at}__topic__code")
    )
    for month, community, town, topic, times, people, minutes in rows.iterator(CHUNK):
        told = people if people >= FEWEST else None
        yield f"{month:%Y-%m}", town, community or "", topic, times, told, minutes


def _wishes(year: int) -> Iterator[tuple[Any, ...]]:
    rows = Wish.objects.listed().filter(screened_at__year=year).select_related("community", "town")
    told = {
        take.wish_id: (take.told, take.public_thanks)
        for take in Take.objects.told().filter(wish__screened_at__year=year).order_by("-pk")
    }
    for row in rows.order_by("pk").iterator(CHUNK):
        yield (
            row.number, row.town.code, row.community.code if row.community else "", row.kind,
            row.public_title, row.quantity, row.taken, row.received, row.amount, row.state,
            row.screened_at, row.needed_by, row.ended_at, *told.get(row.pk, ("", "")),
        )  # fmt: skip


def _help(year: int) -> Iterator[tuple[Any, ...]]:
    done = {
        (month, community, kind, field): (count, minutes)
        for month, community, kind, field, count, minutes in HelpDeal.objects.filter(
            state=DealState.DONE, post__at__year=year
        )
        .annotate(month=TruncMonth("post__at"))
        .values_list("month", "post__community__code", "post__kind", "post__field")
        .annotate(Count("pk"), Sum("minutes"))
        .order_by()
    }
    rows = (
        HelpPost.objects.filter(at__year=year)
        .annotate(month=TruncMonth("at"))
        .values_list("month", "community__code", "kind", "field")
        .annotate(Count("pk"))
        .order_by("month", "community__code", "kind", "field")
    )
    for month, community, kind, field, count in rows.iterator(CHUNK):
        times, minutes = done.get((month, community, kind, field), (0, 0))
        yield f"{month:%Y-%m}", community or "", kind, field, count, times, minutes


def _certificates(year: int) -> Iterator[tuple[Any, ...]]:
    rows = (
        Certificate.objects.filter(at__year=year)
        .annotate(month=TruncMonth("at"))
        .values_list("month", "body__code")
        .annotate(issued=Count("pk"), revoked=Count("pk", filter=Q(revocation__isnull=False)))
        .order_by("month", "body__code")
    )
    for month, body, issued, revoked in rows.iterator(CHUNK):
        yield f"{month:%Y-%m}", body, issued, revoked


_MONTH = Column("month", "text", _("year and month"))
_TOWN = Column("town", "text", _("code of the town"))
_PLACE = Column("community", "text", _("code of the community; empty: a whole town"))
SETS = (
    DataSet("activities", _("Activities of volunteers"), _("Every shift of a year of the activities that were published."), (
        Column("activity", "number", _("number of the activity: /volunteers/activities/…/")),
        Column("shift", "number", _("number of the shift")),
        Column("title", "text", _("title as everybody reads it")),
        Column("topic", "text", _("code of the topic")),
        _TOWN,
        _PLACE,
        Column("body", "text", _("code of the body that answers for it")),
        Column("organisation", "text", _("organisation that carries it out; empty: the body itself")),
        Column("form", "text", _("once, recurring or open")),
        Column("danger", "text", _("none, raised or dangerous")),
        Column("from_age", "number", _("youngest age")),
        Column("state", "text", _("state of the activity, as in the diagrams of states")),
        Column("begins", "moment", _("when the shift begins")),
        Column("ends", "moment", _("when it ends")),
        Column("called_off", "moment", _("when it was called off; empty: it was not")),
        Column("places", "number", _("places; empty: as many as come")),
        Column("taken", "number", _("places that were taken")),
        Column("people", "number", _("how many came; empty where they were fewer than five")),
        Column("minutes", "number", _("their confirmed minutes; empty where they were fewer than five")),
    ), _activities),
    DataSet("volunteer-hours", _("Hours of volunteers"), _("Confirmed hours of a year, summed by month, place and topic."), (
        _MONTH,
        _TOWN,
        _PLACE,
        Column("topic", "text", _("code of the activity's topic")),
        Column("times", "number", _("how often somebody came")),
        Column("people", "number", _("how many people; empty where they were fewer than five")),
        Column("minutes", "number", _("confirmed minutes in all")),
    ), _hours),
    DataSet("wishes", _("Small wishes"), _("Every wish that came on the public list in a year, in the words of the list."), (
        Column("number", "text", _("number of the wish")),
        _TOWN,
        _PLACE,
        Column("kind", "text", _("goods, money or service")),
        Column("title", "text", _("public wording; it names nobody")),
        Column("quantity", "number", _("how many pieces were wished")),
        Column("taken", "number", _("pieces that were taken up")),
        Column("received", "number", _("pieces that arrived")),
        Column("amount", "fen", _("the amount, or what one piece is worth")),
        Column("state", "text", _("state, as in the diagrams of states")),
        Column("listed", "moment", _("when it came on the list")),
        Column("needed_by", "date", _("day by which it is needed")),
        Column("ended", "moment", _("when it was granted; empty: not yet")),
        Column("told", "text", _("how it went, as the asker allowed; empty: not told")),
        Column("thanks", "text", _("the asker's thanks, as the asker allowed")),
    ), _wishes),
    DataSet("neighbours-help", _("Neighbours' help"), _("Offers and requests of a year, summed by month and place."), (
        _MONTH,
        _PLACE,
        Column("kind", "text", _("offer or request")),
        Column("field", "text", _("skill, tool, company or other")),
        Column("posts", "number", _("how many were written")),
        Column("done", "number", _("how often somebody was helped")),
        Column("minutes", "number", _("minutes of help that was done")),
    ), _help),
    DataSet("certificates", _("Certificates of service"), _("How many were issued in a year, by month and body."), (
        _MONTH,
        Column("body", "text", _("code of the body that issued them")),
        Column("issued", "number", _("how many were issued")),
        Column("revoked", "number", _("how many of these do not hold any more")),
    ), _certificates),
)  # fmt: skip
