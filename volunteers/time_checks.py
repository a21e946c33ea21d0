"""Named checks of the whole time bank; each yields what is wrong, nothing when all is well."""

from collections.abc import Callable, Iterator

from django.db import connection
from django.db.models import F, Sum

from lib.chain import GENESIS, seasoned
from lib.triggers import triggers_of
from volunteers.models import TimeAccount, TimeNote, TimeTransfer
from volunteers.time_ledger import payload_hash

ROWS_AT_ONCE = 2_000
TRIGGERS = {
    "postgresql": {
        "volunteers_timetransfer": {
            "volunteers_timetransfer_append_only", "volunteers_timetransfer_no_truncate",
            "volunteers_timetransfer_apply",
        },
        "volunteers_timeaccount": {
            "volunteers_timeaccount_begins_empty", "volunteers_timeaccount_guard",
            "volunteers_timeaccount_no_truncate",
        },
    },
    "sqlite": {
        "volunteers_timetransfer": {
            "volunteers_timetransfer_no_update", "volunteers_timetransfer_no_delete",
            "volunteers_timetransfer_no_replace", "volunteers_timetransfer_apply",
        },
        "volunteers_timeaccount": {
            "volunteers_timeaccount_begins_empty", "volunteers_timeaccount_keeps_its_owner",
            "volunteers_timeaccount_moves_by_transfers", "volunteers_timeaccount_no_delete",
        },
    },
}  # fmt: skip
Check = Callable[[], Iterator[str]]


def time_triggers_stand() -> Iterator[str]:
    """The database still has every trigger that guards the time bank."""
    for table, wanted in TRIGGERS[connection.vendor].items():
        for name in sorted(wanted - triggers_of(connection, table)):
            yield f"{table}: trigger {name} is missing"


def all_accounts_are_zero() -> Iterator[str]:
    """What some have saved others owe, to the minute."""
    total = TimeAccount.objects.aggregate(sum=Sum("balance"))["sum"] or 0
    if total:
        yield f"all balances together are {total} minutes, not 0"


def accounts_equal_their_transfers() -> Iterator[str]:
    """Every balance and version, rebuilt from the transfers, is the stored one."""
    rebuilt: dict[int, list[int]] = {}
    for pk, sign in (("source", -1), ("target", 1)):
        rows = TimeTransfer.objects.values_list(pk, "amount").order_by("pk")
        for account, amount in rows.iterator(ROWS_AT_ONCE):
            stands = rebuilt.setdefault(account, [0, 0])
            stands[0] += sign * amount
            stands[1] += 1
    for row in TimeAccount.objects.order_by("pk").iterator(ROWS_AT_ONCE):
        if [row.balance, row.version] != rebuilt.get(row.pk, [0, 0]):
            wanted = rebuilt.get(row.pk, [0, 0])
            yield f"account {row.pk}: stored {[row.balance, row.version]}, transfers say {wanted}"


def accounts_keep_their_limits() -> Iterator[str]:
    beyond = TimeAccount.objects.filter(balance__lt=F("floor")) | TimeAccount.objects.filter(
        balance__gt=F("ceiling")
    )
    for pk in beyond.order_by("pk").values_list("pk", flat=True):
        yield f"account {pk}: beyond its limits"


def chains_are_whole() -> Iterator[str]:
    """Each transfer's hash holds, continues both accounts, and the last is their head."""
    heads: dict[int, tuple[int, str]] = {}
    for row in TimeTransfer.objects.order_by("pk").iterator(ROWS_AT_ONCE):
        if not row.is_intact():
            yield f"transfer {row.pk}: its hash is not that of its content"
        for account, number, previous in (
            (row.source_id, row.source_number, row.source_previous),
            (row.target_id, row.target_number, row.target_previous),
        ):
            last, head = heads.get(account, (0, GENESIS))
            if (number, previous) != (last + 1, head):
                yield f"transfer {row.pk}: it does not continue account {account}"
            heads[account] = (number, row.hash)
    for pk, version, head in TimeAccount.objects.order_by("pk").values_list(
        "pk", "version", "head"
    ):
        if heads.get(pk, (0, GENESIS)) != (version, head):
            yield f"account {pk}: its head is not its last transfer"


def transfers_say_what_was_asked() -> Iterator[str]:
    """The fingerprint of each key is that of what its transfer did."""
    for row in TimeTransfer.objects.order_by("pk").iterator(ROWS_AT_ONCE):
        subject = (row.subject_kind, row.subject_key)
        asked = payload_hash(
            row.kind, row.source_id, row.target_id, row.amount, subject, row.reverses_id
        )
        if row.payload_hash != asked:
            yield f"transfer {row.pk}: it is not what its key asked for"


def reversals_mirror() -> Iterator[str]:
    """What takes a transfer back moves the same minutes the other way."""
    rows = TimeTransfer.objects.filter(reverses__isnull=False).exclude(
        source=F("reverses__target"), target=F("reverses__source"), amount=F("reverses__amount")
    )
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        yield f"transfer {pk}: it does not mirror what it takes back"


def notes_are_as_written() -> Iterator[str]:
    """The words that still stand beside a transfer are those that its chain took a digest of."""
    rows = TimeNote.objects.exclude(text="").select_related("transfer").order_by("pk")
    for row in rows.iterator(ROWS_AT_ONCE):
        if row.transfer.note_digest != seasoned(row.text, row.salt):
            yield f"transfer {row.pk}: its note was changed"


CHECKS: tuple[Check, ...] = (
    time_triggers_stand,
    all_accounts_are_zero,
    accounts_equal_their_transfers,
    accounts_keep_their_limits,
    chains_are_whole,
    transfers_say_what_was_asked,
    reversals_mirror,
    notes_are_as_written,
)


def run() -> Iterator[tuple[str, list[str]]]:
    """(name of the check, what it found) for all."""
    for check in CHECKS:
        yield check.__name__, list(check())
