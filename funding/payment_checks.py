"""Named checks of the way from budget to payment; each yields what is wrong."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from django.db.models import Count, F, Max, Min, Q, Sum
from django.db.models.functions import Coalesce

from funding.models import Application, ApplicationEvent, Quota, Voucher
from lib.chain import first_break

ROWS_AT_ONCE = 2_000
_APPEND_ONLY = ("applicationevent", "voucher", "bankstatement", "bankrow", "periodclose")
_ORDERED = {"voucher", "periodclose"}
_KEPT = ("application", "approval", "interest", "payment", "match", "instruction")


def _append_only(*ends: str) -> dict[str, set[str]]:
    """Triggers of the tables that only grow; vouchers and months do so in their order."""
    found = {
        f"funding_{table}": {f"funding_{table}_{end}" for end in ends} for table in _APPEND_ONLY
    }
    for table in _ORDERED:
        found[f"funding_{table}"].add(f"funding_{table}_in_order")
    return found


TRIGGERS = {
    "postgresql": {
        "funding_entry": {"funding_entry_month_open", "funding_entry_not_banned"},
        **_append_only("append_only", "no_truncate"),
        "funding_budget": {"funding_budget_guard"},
        "funding_budgetitem": {"funding_budgetitem_guard"},
        "funding_applicationfile": {"funding_applicationfile_guard"},
        **{
            f"funding_{table}": {f"funding_{table}_guard", f"funding_{table}_no_truncate"}
            for table in _KEPT
        },
    },
    "sqlite": {
        "funding_entry": {"funding_entry_month_open", "funding_entry_not_banned"},
        **_append_only("no_update", "no_delete", "no_replace"),
        "funding_budget": {
            "funding_budget_begins", "funding_budget_guard", "funding_budget_no_delete",
        },
        "funding_budgetitem": {
            "funding_budgetitem_made", "funding_budgetitem_guard", "funding_budgetitem_no_delete",
        },
        "funding_applicationfile": {
            "funding_applicationfile_stays", "funding_applicationfile_guard",
        },
        **{
            f"funding_{table}": {
                f"funding_{table}_begins", f"funding_{table}_guard", f"funding_{table}_no_delete",
            }
            for table in _KEPT
        },
    },
}  # fmt: skip


def vouchers_have_no_gaps() -> Iterator[str]:
    """In every book the numbers run from 1 to the last without a gap."""
    rows = Voucher.objects.values("book").annotate(
        first=Min("number"), last=Max("number"), count=Count("pk")
    )
    for row in rows.filter(~Q(first=1) | ~Q(last=F("count"))).order_by("book"):
        yield f"book {row['book']}: {row['count']} vouchers, numbers to {row['last']}"


def applications_are_intact() -> Iterator[str]:
    """The history of every application is the one that was written, up to its head."""
    heads = dict(Application.objects.values_list("pk", "head"))
    events = ApplicationEvent.objects.order_by("application", "number").iterator(ROWS_AT_ONCE)
    for pk, group in groupby(events, key=attrgetter("application_id")):
        chain = list(group)
        broken = first_break(chain)
        if broken is not None:
            yield f"application {pk}: the chain breaks at {broken.number}"
        elif chain[-1].hash != heads.get(pk):
            yield f"application {pk}: its head is not the hash of its last move"


def payments_are_what_applications_say() -> Iterator[str]:
    """What an application says was paid is the sum of its payments that went out."""
    went_out = Coalesce(Sum("payments__amount", filter=Q(payments__state="paid")), 0)
    wrong = Application.objects.annotate(sum=went_out).exclude(paid=F("sum")).order_by("pk")
    for application in wrong.iterator(ROWS_AT_ONCE):
        yield f"application {application.pk}: {application.paid} is not the sum of its payments"


def quotas_are_what_was_released() -> Iterator[str]:
    """What of each quota counts as released is the sum of its releases that stand."""
    standing = Q(
        line__instructions__kind="quota",
        line__instructions__state="done",
        line__instructions__posting__reversed_by=None,
    )
    released = Coalesce(Sum("line__instructions__amount", filter=standing), 0)
    wrong = Quota.objects.annotate(sum=released).exclude(released=F("sum")).order_by("pk")
    for quota in wrong:
        yield f"line {quota.line_id}: {quota.released} released, instructions say otherwise"


CHECKS = (
    vouchers_have_no_gaps,
    applications_are_intact,
    payments_are_what_applications_say,
    quotas_are_what_was_released,
)
