"""The checks of the ledger in words that everybody understands."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from funding.models import CheckRun

# What each named check (`funding.checks`) makes sure of.
SENTENCES = {
    "triggers_stand": _("The locks of the database that keep the books from being rewritten are all in place."),
    "lines_equal_their_entries": _("Every balance equals the sum of its entries."),
    "holds_equal_their_entries": _("Every reservation equals the sum of its entries."),
    "holds_add_up_to_their_lines": _("What budget lines have kept and paid is the sum of their reservations."),
    "versions_have_no_gaps": _("Entries are numbered without a gap; none is missing."),
    "chains_are_intact": _("Every entry still carries the fingerprint of the one before it."),
    "postings_say_what_was_asked": _("What was booked is what was ordered."),
    "purposes_are_allowed": _("No money was used for a purpose that its source does not allow."),
    "vouchers_have_no_gaps": _("Vouchers are numbered without a gap; none is missing."),
    "applications_are_intact": _("The history of every application for money is as it was written."),
    "payments_are_what_applications_say": _("What an application says was paid is the sum of its payments."),
    "quotas_are_what_was_released": _("What counts as released to spend is the sum of all releases."),
    "totals_equal_their_entries": _("The monthly figures on these pages equal a recount of all entries."),
    "statements_are_intact": _("Published statements and reports are as they were published."),
    "donations_are_money_of_their_lines": _("Every donation is in the books with its amount, for its donor's purpose."),
    "offices_do_not_conflict": _("Nobody supervises a collective whose books they or their relatives keep."),
    "publications_are_in_time": _("Statements and reports on donations were published in time."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    name: str
    words: Any
    findings: int


def check_sentences(run: CheckRun | None) -> list[Sentence]:
    """Each check of a run with its sentence; one that has none yet is shown by its name."""
    results = run.results if run else []
    return [
        Sentence(row["name"], SENTENCES.get(row["name"], row["name"]), row["findings"])
        for row in results
    ]
