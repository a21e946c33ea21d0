"""Open data about communities: their three lists, and what departments have handed to them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Avg
from django.utils.translation import gettext_lazy as _

from portal.data_shapes import Column, DataSet
from routing.models import AdmissionShare, CommunityDuty
from routing.workflow import ApplicationState

CHUNK = 500
_SHOWN = (ApplicationState.TRIAL, ApplicationState.ADMITTED, ApplicationState.EXPIRED)


def _lists(year: int) -> Iterator[tuple[Any, ...]]:
    rows = CommunityDuty.objects.filter(valid_from__year__lte=year).exclude(valid_to__year__lt=year)
    for row in rows.select_related("body", "category").order_by("pk").iterator(CHUNK):
        yield (
            row.body.code if row.body else "", row.category.code, row.category.name, row.list,
            row.legal_basis, row.valid_from, row.valid_to,
        )  # fmt: skip


def _admitted(year: int) -> Iterator[tuple[Any, ...]]:
    """People stand in it as a number and as hours, never by name."""
    rows = AdmissionShare.objects.filter(
        application__state__in=_SHOWN, application__begins__year__lte=year,
        application__ends__year__gte=year,
    ).annotate(score=Avg("evaluations__score"))  # fmt: skip
    named = rows.select_related(
        "application__category", "application__department", "community", "admission"
    )
    for row in named.order_by("pk").iterator(CHUNK):
        given = row.application
        yield (
            given.number, given.category.code, given.category.name, given.department.code,
            row.community.code, given.legal_basis, given.begins, given.ends, row.amount,
            row.admission.headcount if row.admission else 0, given.state, row.score,
        )  # fmt: skip


SETS = (
    DataSet("community-lists", _("Lists of communities"), _(
        "What communities must do, help with, and may not be given."
    ), (
        Column("community", "text", _("code of the community; empty: every community")),
        Column("category", "text", _("code of the matter")),
        Column("name", "text", _("name of the matter")),
        Column("list", "text", _("lawful, assist or negative")),
        Column("legal_basis", "text", _("legal basis")),
        Column("valid_from", "date", _("first day")),
        Column("valid_to", "date", _("day after the last; empty: no end")),
    ), _lists),
    DataSet("admitted", _("Admitted matters"), _(
        "What departments have handed to communities, with people and money."
    ), (
        Column("number", "text", _("number of the application")),
        Column("category", "text", _("code of the matter")),
        Column("name", "text", _("name of the matter")),
        Column("department", "text", _("code of the department")),
        Column("community", "text", _("code of the community")),
        Column("legal_basis", "text", _("legal basis")),
        Column("begins", "date", _("first day")),
        Column("ends", "date", _("day after the last")),
        Column("amount", "fen", _("money that moved to the community")),
        Column("people", "number", _("how many people came along")),
        Column("state", "text", _("trial, admitted or expired")),
        Column("score", "number", _("average of the community's evaluations, 1 to 5; empty: none")),
    ), _admitted),
)  # fmt: skip
