"""How minutes move: lock both accounts, decide, append; the database moves the balances."""

import datetime
import secrets
from dataclasses import dataclass
from typing import Any

from lib.chain import fingerprint, seasoned
from organizations.models import User
from volunteers.models import TimeAccount, TimeKind, TimeNote, TimeTransfer

Subject = tuple[str, str]
NOTHING: Subject = ("", "")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for under a key; a retry asks the same later, maybe by another hand."""

    kind: TimeKind
    source_id: int
    target_id: int
    amount: int
    key: str
    subject: Subject = NOTHING
    reverses_id: int | None = None

    @property
    def payload_hash(self) -> str:
        return payload_hash(
            self.kind, self.source_id, self.target_id, self.amount, self.subject, self.reverses_id
        )


def payload_hash(
    kind: str, source: int, target: int, amount: int, subject: Subject, reverses: int | None
) -> str:
    return fingerprint(
        {
            "kind": str(kind),
            "source": source,
            "target": target,
            "amount": amount,
            "subject": list(subject),
            "reverses": reverses,
        }
    )


@dataclass(slots=True)
class TimeBooks:
    """The two accounts, locked in the order of their ids, and what the key did before."""

    accounts: dict[int, TimeAccount]
    done: TimeTransfer | None

    @classmethod
    def open(cls, *account_ids: int, key: str) -> "TimeBooks":
        """Lock first, then look for the key: a retry waits for the first try."""
        rows = TimeAccount.objects.filter(pk__in=account_ids).order_by("pk")
        accounts = {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}
        return cls(accounts, TimeTransfer.objects.filter(key=key).first())

    def write(
        self, wanted: Wanted, *, by: User, at: datetime.datetime, note: str = ""
    ) -> TimeTransfer:
        """Append the transfer; the accounts in memory follow what the trigger does."""
        source, target = self.accounts[wanted.source_id], self.accounts[wanted.target_id]
        salt = secrets.token_hex(16) if note else ""
        said = seasoned(note, salt)
        transfer = TimeTransfer(**self._columns(wanted), by=by, at=at, note_digest=said)
        transfer.hash = transfer.digest()
        transfer.save(force_insert=True)
        if note:
            TimeNote.objects.create(transfer=transfer, text=note, salt=salt)
        for account, change in ((source, -wanted.amount), (target, wanted.amount)):
            account.balance += change
            account.version += 1
            account.head = transfer.hash
        return transfer

    def _columns(self, wanted: Wanted) -> dict[str, Any]:
        source, target = self.accounts[wanted.source_id], self.accounts[wanted.target_id]
        return {
            "key": wanted.key,
            "kind": wanted.kind,
            "payload_hash": wanted.payload_hash,
            "subject_kind": wanted.subject[0],
            "subject_key": wanted.subject[1],
            "source": source,
            "source_number": source.version + 1,
            "source_previous": source.head,
            "target": target,
            "target_number": target.version + 1,
            "target_previous": target.head,
            "amount": wanted.amount,
            "reverses_id": wanted.reverses_id,
        }
