"""Kinds of money, purposes, lines, and the ledger's core."""

from funding.models.freezes import LedgerFreeze
from funding.models.ledger import Bucket, Entry, Hold, Kind, Posting
from funding.models.lines import Line, LinePurpose, Purpose, Source, SourcePurpose

__all__ = [
    "Bucket",
    "Entry",
    "Hold",
    "Kind",
    "LedgerFreeze",
    "Line",
    "LinePurpose",
    "Posting",
    "Purpose",
    "Source",
    "SourcePurpose",
]
