"""Proofs for everybody: results of checks on record, and each day's heads of all chains."""

import datetime

from funding.models import LedgerRoot, Line
from lib.chain import fingerprint


def make_ledger_root(day: datetime.date, *, at: datetime.datetime) -> LedgerRoot:
    """The heads of all lines, soon after `day` ended; asked for again it is the same row."""
    known = LedgerRoot.objects.filter(day=day).first()
    if known is not None:
        return known
    heads = list(Line.objects.order_by("code").values_list("code", "version", "head"))
    values = {"heads": [list(head) for head in heads], "root": root_of(heads), "made_at": at}
    made, _is_new = LedgerRoot.objects.get_or_create(day=day, defaults=values)
    return made


def root_of(heads: list[tuple[str, int, str]]) -> str:
    """SHA-256 over the heads in their order, as everybody can compute it from the open data."""
    return fingerprint({"heads": [list(head) for head in heads]})
