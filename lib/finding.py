"""Rows in which words stand that somebody looks for."""

from collections.abc import Iterable

from django.db.models import Q


def words_in(words: str, columns: Iterable[str]) -> Q:
    """Rows that have the words in one of the columns, whatever their case."""
    return Q.create([(f"{column}__icontains", words) for column in columns], connector=Q.OR)
