"""Open data of training: courses, bases, certificates in sums. Nobody is named in them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from portal.data_shapes import Column, DataSet
from talent.models import Certificate, Course, TrainingBase
from talent.workflow.training import EnrolmentState

CHUNK = 500
# Of fewer people than this it is not told how many they were.
FEWEST = 5


def _courses(year: int) -> Iterator[tuple[Any, ...]]:
    passed = Count("enrolments", filter=Q(enrolments__state=EnrolmentState.PASSED))
    rows = Course.objects.public().filter(starts_at__year=year).annotate(passed=passed)
    for row in rows.with_names().order_by("pk").iterator(CHUNK):
        yield (
            row.pk, row.title, row.programme.code, row.programme.team.code, row.base.code,
            row.body.code, row.community.code if row.community else "", row.state, row.starts_at,
            row.ends_at, row.hours, row.places, row.taken, _told(row.passed),
        )  # fmt: skip


def _told(people: int) -> int | None:
    return people if people >= FEWEST else None


def _bases(year: int) -> Iterator[tuple[Any, ...]]:
    rows = TrainingBase.objects.filter(valid_from__year__lte=year).exclude(valid_to__year__lt=year)
    held = Count("courses", filter=Q(courses__starts_at__year=year) & ~Q(courses__state="planned"))
    for row in rows.annotate(held=held).select_related("body").order_by("pk").iterator(CHUNK):
        body = row.body.code if row.body else ""
        yield (
            row.code, row.name, row.address, row.seats, body, row.held, row.valid_from, row.valid_to,
        )  # fmt: skip


def _certificates(year: int) -> Iterator[tuple[Any, ...]]:
    course = "enrolment__course__programme"
    rows = (
        Certificate.objects.filter(at__year=year)
        .annotate(month=TruncMonth("at"))
        .values_list("month", "body__code", f"{course}__code", f"{course}__team__code")
        .annotate(issued=Count("pk"), revoked=Count("pk", filter=Q(revocation__isnull=False)))
        .order_by("month", "body__code", f"{course}__code")
    )
    for month, body, programme, team, issued, revoked in rows.iterator(CHUNK):
        yield f"{month:%Y-%m}", body, programme, team, issued, revoked


SETS = (
    DataSet("courses", _("Courses of training"), _("Courses that began in a year, with their places and how many passed."), (
        Column("id", "number", _("number of the course: /talent/courses/…/")),
        Column("title", "text", _("title of the course")),
        Column("programme", "text", _("code of the programme")),
        Column("team", "text", _("code of the talent team")),
        Column("base", "text", _("code of the training base")),
        Column("body", "text", _("code of the body that holds it")),
        Column("community", "text", _("code of the community; empty: a whole town")),
        Column("state", "text", _("open, finished or cancelled")),
        Column("begins", "moment", _("when it begins")),
        Column("ends", "moment", _("when it ends")),
        Column("hours", "number", _("hours of teaching")),
        Column("places", "number", _("how many may take part")),
        Column("taken", "number", _("places that are taken")),
        Column("passed", "number", _("how many passed; empty where they were fewer than five")),
    ), _courses),
    DataSet("training-bases", _("Training bases"), _("Bases of practical training that there were in a year."), (
        Column("code", "text", _("code of the training base")),
        Column("name", "text", _("name of the training base")),
        Column("address", "text", _("where it is")),
        Column("seats", "number", _("how many people find room")),
        Column("body", "text", _("code of the body that leads it; empty: none")),
        Column("courses", "number", _("courses that began there in the year")),
        Column("valid_from", "date", _("first day")),
        Column("valid_to", "date", _("day after the last; empty: no end")),
    ), _bases),
    DataSet("training-certificates", _("Certificates of training"), _("How many were issued in a year, by month, body and programme. Each is checked by its code."), (
        Column("month", "text", _("year and month")),
        Column("body", "text", _("code of the body that issued them")),
        Column("programme", "text", _("code of the programme")),
        Column("team", "text", _("code of the talent team")),
        Column("issued", "number", _("how many were issued")),
        Column("revoked", "number", _("how many of these do not hold any more")),
    ), _certificates),
)  # fmt: skip
