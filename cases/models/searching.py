"""What a case is found by: its words beside it, in a table of their own."""

from typing import Self

from django.db import models
from django.db.models import Q

from cases.models.cases import Case
from lib.pairs import PairsField


class CaseSearchQuerySet(models.QuerySet["CaseSearch"]):
    def holding(self, query: str, *, whole: bool, row_by_row: bool = False) -> Self:
        """Rows that hold every part of the query; `whole`: personal details are searched too.

        `row_by_row` keeps PostgreSQL from its index: for a few rows that are already at hand.
        """
        lookup = "holds_here" if row_by_row else "holds"
        found = Q((f"words__{lookup}", query))
        return self.filter(found | Q((f"whole__{lookup}", query)) if whole else found)

    def published_with(self, query: str) -> Self:
        return self.filter(public__holds=query)


class CaseSearch(models.Model):
    """One row per case, written by the services that write its words.

    `words`: number, title, text, address, place, category, with personal details masked. `whole`:
    the same unmasked, NULL where masking changed nothing. `public`: the wording for everybody with
    place and category, NULL where there is none.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="search")
    words = PairsField()
    whole = PairsField(null=True)
    public = PairsField(null=True)

    objects = CaseSearchQuerySet.as_manager()

    class Meta:
        verbose_name = "words of a case"
        verbose_name_plural = "words of cases"
