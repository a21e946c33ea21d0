"""Named checks of the whole ledger; each yields what is wrong, nothing when all is well.

The database keeps most of this by itself. The checks are for what comes past it: a restored copy,
a dropped trigger, an editor with the owner's password.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter

from django.db import connection, transaction
from django.db.models import BigIntegerField, Case, Count, F, Max, Q, QuerySet, Sum, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from funding import payment_checks
from funding.ledger import payload_hash, payload_of
from funding.models import Bucket, Entry, Hold, Kind, Line, LinePurpose, Posting
from funding.public_checks import (
    donations_are_money_of_their_lines,
    offices_do_not_conflict,
    statements_are_intact,
    totals_equal_their_entries,
)
from lib.chain import first_break
from lib.triggers import triggers_of

ROWS_AT_ONCE = 2_000
BUCKETS = ("received", "available", "reserved", "payable", "spent")
TRIGGERS = {
    "postgresql": {
        "funding_posting": {"funding_posting_append_only", "funding_posting_no_truncate"},
        "funding_entry": {
            "funding_entry_append_only", "funding_entry_no_truncate", "funding_entry_apply",
        },
        "funding_line": {
            "funding_line_begins_empty", "funding_line_moves_by_entries", "funding_line_decided",
        },
        "funding_hold": {"funding_hold_made", "funding_hold_guard", "funding_hold_no_truncate"},
        "funding_linepurpose": {"funding_linepurpose_allowed", "funding_linepurpose_donors_wish"},
        "funding_sourcepurpose": {"funding_sourcepurpose_used"},
        "funding_donation": {"funding_donation_guard", "funding_donation_wish"},
        "funding_collectiveoffice": {"funding_collectiveoffice_conflict"},
        "funding_distributionplan": {"funding_distributionplan_guard"},
        "funding_planshare": {"funding_planshare_guard"},
        "funding_question": {"funding_question_guard"},
        "funding_statement": {"funding_statement_append_only", "funding_statement_no_truncate"},
        "funding_decision": {"funding_decision_append_only", "funding_decision_no_truncate"},
    },
    "sqlite": {
        "funding_posting": {
            "funding_posting_no_update", "funding_posting_no_delete", "funding_posting_no_replace",
        },
        "funding_entry": {
            "funding_entry_no_update", "funding_entry_no_delete", "funding_entry_no_replace",
            "funding_entry_apply",
        },
        "funding_line": {
            "funding_line_begins_empty", "funding_line_moves_by_entries", "funding_line_decided",
        },
        "funding_hold": {
            "funding_hold_made", "funding_hold_guard", "funding_hold_moves_by_entries",
            "funding_hold_no_delete",
        },
        "funding_linepurpose": {
            "funding_linepurpose_allowed", "funding_linepurpose_still_allowed",
            "funding_linepurpose_donors_wish", "funding_linepurpose_donors_wish_kept",
        },
        "funding_sourcepurpose": {"funding_sourcepurpose_used", "funding_sourcepurpose_stays"},
        "funding_donation": {
            "funding_donation_guard", "funding_donation_no_delete", "funding_donation_wish_made",
            "funding_donation_wish_kept",
        },
        "funding_collectiveoffice": {
            "funding_collectiveoffice_conflict", "funding_collectiveoffice_conflict_kept",
        },
        "funding_distributionplan": {
            "funding_distributionplan_adds_up", "funding_distributionplan_stays",
        },
        "funding_planshare": {
            "funding_planshare_fixed", "funding_planshare_paid_once", "funding_planshare_no_delete",
        },
        "funding_question": {"funding_question_guard", "funding_question_no_delete"},
        "funding_statement": {"funding_statement_no_update", "funding_statement_no_delete"},
        "funding_decision": {"funding_decision_no_update", "funding_decision_no_delete"},
    },
}  # fmt: skip

Check = Callable[[], Iterator[str]]


def _net(into: Q, out_of: Q) -> Coalesce:
    """What went in less what went out, over the entries of a group."""
    signed = Case(
        When(into, then=F("amount")),
        When(out_of, then=-F("amount")),
        default=0,
        output_field=BigIntegerField(),
    )
    return Coalesce(Sum(signed), 0, output_field=BigIntegerField())


def _rebuilt(bucket: str) -> Coalesce:
    if bucket == "received":
        outside = Bucket.OUTSIDE
        return _net(Q(source_bucket=outside), Q(target_bucket=outside))
    return _net(Q(target_bucket=bucket), Q(source_bucket=bucket))


def lines_equal_their_entries() -> Iterator[str]:
    """Every bucket of every line, rebuilt from its entries, is the stored one."""
    rebuilding = {f"e_{bucket}": _rebuilt(bucket) for bucket in BUCKETS}
    rows = Entry.objects.values("line").annotate(**rebuilding).order_by("line")
    rebuilt = {row[0]: row[1:] for row in rows.values_list("line", *rebuilding)}
    for pk, *stored in Line.objects.order_by("pk").values_list("pk", *BUCKETS):
        wanted = rebuilt.get(pk, (0,) * len(BUCKETS))
        if tuple(stored) != wanted:
            yield f"line {pk}: stored {stored}, entries say {list(wanted)}"


def holds_equal_their_entries() -> Iterator[str]:
    """Every hold, rebuilt from its entries, is the stored one; each holds something."""
    reserving = Q(entries__source_bucket=Bucket.AVAILABLE, entries__target_bucket=Bucket.RESERVED)
    differing = (
        Hold.objects.annotate(
            e_amount=Coalesce(Sum("entries__amount", filter=reserving), 0),
            e_open=_of_hold(Bucket.RESERVED),
            e_payable=_of_hold(Bucket.PAYABLE),
            e_paid=_of_hold(Bucket.SPENT),
        )
        .exclude(
            amount=F("e_amount"), open=F("e_open"), payable=F("e_payable"), paid=F("e_paid"),
            amount__gt=0,
        )
        .order_by("pk")
    )  # fmt: skip
    for hold in differing.iterator(ROWS_AT_ONCE):
        yield f"hold {hold.pk}: its amounts are not those of its entries"


def _of_hold(bucket: Bucket) -> Combinable:
    into = Sum("entries__amount", filter=Q(entries__target_bucket=bucket))
    out_of = Sum("entries__amount", filter=Q(entries__source_bucket=bucket))
    return Coalesce(into, 0) - Coalesce(out_of, 0)


def holds_add_up_to_their_lines() -> Iterator[str]:
    """What a line has reserved, owes and has spent is the sum of its holds."""
    rows = Hold.objects.values("line").annotate(o=Sum("open"), y=Sum("payable"), d=Sum("paid"))
    held = {row[0]: row[1:] for row in rows.order_by("line").values_list("line", "o", "y", "d")}
    for pk, *stored in Line.objects.order_by("pk").values_list("pk", *BUCKETS[2:]):
        if tuple(stored) != held.get(pk, (0, 0, 0)):
            yield f"line {pk}: stored {stored}, holds say {list(held.get(pk, (0, 0, 0)))}"


def versions_have_no_gaps() -> Iterator[str]:
    """Entries are numbered 1, 2, 3 … up to the line's version."""
    rows = Entry.objects.values("line").annotate(last=Max("number"), count=Count("pk"))
    counted = {
        pk: (last, count)
        for pk, last, count in rows.order_by("line").values_list("line", "last", "count")
    }
    for pk, version in Line.objects.order_by("pk").values_list("pk", "version"):
        if counted.get(pk, (0, 0)) != (version, version):
            yield f"line {pk}: version {version}, (last, count) of entries {counted.get(pk)}"


def chains_are_intact() -> Iterator[str]:
    """Every entry's hash covers its content and the one before; the line holds the last."""
    heads = dict(Line.objects.values_list("pk", "head"))
    entries = Entry.objects.in_order().iterator(ROWS_AT_ONCE)
    for pk, chain in groupby(entries, key=attrgetter("line_id")):
        last = _Last()
        broken = first_break(last.watch(chain))
        if broken is not None:
            yield f"line {pk}: the chain breaks at entry {broken.number}"
        elif last.hash != heads.get(pk):
            yield f"line {pk}: its head is not the hash of its last entry"


class _Last:
    """Remembers the hash of the last entry that passed by."""

    hash = ""

    def watch(self, chain: Iterator[Entry]) -> Iterator[Entry]:
        for entry in chain:
            self.hash = entry.hash
            yield entry


def postings_say_what_was_asked() -> Iterator[str]:
    """The fingerprint of each posting is that of what its entries did; transfers balance."""
    by_posting: QuerySet[Entry] = Entry.objects.select_related("posting").order_by(
        "posting", "position"
    )
    entries = by_posting.iterator(ROWS_AT_ONCE)
    for _pk, group in groupby(entries, key=attrgetter("posting_id")):
        rows = list(group)
        posting = rows[0].posting
        asked = payload_of(posting, rows)
        if posting.payload_hash != payload_hash(Kind(posting.kind), asked):
            yield f"posting {posting.key}: its entries are not what its key asked for"
        if posting.kind in {Kind.TRANSFER, Kind.ENTRUST} and _net_outside(rows):
            yield f"posting {posting.key}: a transfer that does not balance"
    for key in Posting.objects.filter(entries=None).values_list("key", flat=True):
        yield f"posting {key}: moved nothing"


def _net_outside(entries: list[Entry]) -> int:
    net: Counter[str] = Counter()
    for entry in entries:
        net[entry.source_bucket] -= entry.amount
        net[entry.target_bucket] += entry.amount
    return net[Bucket.OUTSIDE]


def purposes_are_allowed() -> Iterator[str]:
    """Lines allow only what their sources allow; entries keep line and purpose of their hold."""
    forbidden = LinePurpose.objects.exclude(line__source__allowed__purpose=F("purpose"))
    for line, purpose in forbidden.order_by("pk").values_list("line", "purpose"):
        yield f"line {line}: its source does not allow purpose {purpose}"
    strange = Entry.objects.filter(hold__isnull=False).exclude(
        line=F("hold__line"), purpose=F("hold__purpose")
    )
    for pk in strange.order_by("pk").values_list("pk", flat=True):
        yield f"entry {pk}: another line or purpose than its hold"


def triggers_stand() -> Iterator[str]:
    """The database still has every trigger that guards the ledger, and they are switched on."""
    engine = connection.vendor
    for guarded in (TRIGGERS[engine], payment_checks.TRIGGERS[engine]):
        for table, wanted in guarded.items():
            for name in sorted(wanted - triggers_of(connection, table)):
                yield f"{table}: trigger {name} is missing"


CHECKS: tuple[Check, ...] = (
    triggers_stand,
    lines_equal_their_entries,
    holds_equal_their_entries,
    holds_add_up_to_their_lines,
    versions_have_no_gaps,
    chains_are_intact,
    postings_say_what_was_asked,
    purposes_are_allowed,
    *payment_checks.CHECKS,
    totals_equal_their_entries,
    statements_are_intact,
    donations_are_money_of_their_lines,
    offices_do_not_conflict,
)


def run() -> Iterator[tuple[str, list[str]]]:
    """(name of the check, what it found) for all, as of one moment, while others go on writing."""
    with _one_moment():
        for check in CHECKS:
            yield check.__name__, list(check())


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read everything from one snapshot, without taking the lock of writers."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Django's own blocks begin IMMEDIATE, which would stop all writers of SQLite.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
