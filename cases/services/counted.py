"""The mark on a case up to which its history has been counted."""

from collections.abc import Iterable, Sequence

from cases.models import Case
from cases.services.rows import write_marks


def mark_counted(marks: Iterable[Sequence[int]]) -> None:
    """Move marks: (key of the case, mark as it was read, new mark). Raises Overtaken when
    somebody else has moved one of them, so that the caller's transaction ends without effect.
    """
    write_marks(Case._meta.db_table, "counted_version", sorted((a, b, c) for a, b, c in marks))
