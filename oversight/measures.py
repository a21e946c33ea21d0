"""What is counted, and how rates are made of it: data only.

Names and formulae follow GB/T 30428.4 as cities apply it, and the three rates of the Beijing
regulation on immediate response to complaints (Article 32). A *flow* is something that happened on
a day; a *stock* is something that stands at the end of a period and came about by time passing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

INTAKE, WORK, CLOSING, RESIDENTS = "intake", "work", "closing", "residents"
GROUPS = {
    INTAKE: _("Intake"),
    WORK: _("Handling"),
    CLOSING: _("Closing"),
    RESIDENTS: _("Residents"),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """`parts`: the stored measures that it is the sum of; of a stored one only itself."""

    code: str
    group: str
    name: Promise
    meaning: Promise
    parts: tuple[str, ...] = ()
    shown: bool = True

    @property
    def stored(self) -> tuple[str, ...]:
        return self.parts or (self.code,)


@dataclass(frozen=True, slots=True)
class Rate:
    """(`over` − `but`) / (`under` − `less`), each a sum of measures. `formula` says it in words."""

    code: str
    group: str
    name: Promise
    formula: Promise
    over: tuple[str, ...]
    under: tuple[str, ...]
    less: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    good_is_high: bool = True

    def exactly(self, numbers: Mapping[str, int]) -> Fraction | None:
        """The rate (0 … 1) of stored numbers; None where nothing stands below the line."""
        below = total(self.under, numbers) - total(self.less, numbers)
        above = total(self.over, numbers) - total(self.but, numbers)
        return Fraction(above, below) if below > 0 else None

    def of(self, numbers: Mapping[str, int]) -> float | None:
        """The same for showing."""
        exact = self.exactly(numbers)
        return None if exact is None else float(exact)


_FLOWS = (
    Measure("reported", INTAKE, _("Reported"),
            _("Matters that came in, by any channel.")),
    Measure("accepted", INTAKE, _("Accepted"),
            _("Matters taken up: sent to be verified on site, or filed. Once for each case.")),
    Measure("rejected", INTAKE, _("Refused"),
            _("Reports not accepted, with the reason told.")),
    Measure("filed", INTAKE, _("Filed"),
            _("Matters that met a filing standard. Once for each case.")),
    Measure("voided", INTAKE, _("Voided"),
            _("Cases ended without work because they should not have been filed.")),
    Measure("dispatched", WORK, _("Dispatched"),
            _("Orders to a department, each one counted.")),
    Measure("redispatched", WORK, _("Dispatched anew"),
            _("Orders that followed a return: the one before had gone to the wrong place.")),
    Measure("handled_on_time", WORK, _("Handled in time"),
            _("Results that the department confirmed within the limit.")),
    Measure("handled_late", WORK, _("Handled late"),
            _("Results that the department confirmed after the limit.")),
    Measure("rework", WORK, _("Rework"),
            _("Results that failed the check, each time counted.")),
    Measure("returned", WORK, pgettext_lazy("case", "Returned"),
            _("Orders that a department sent back as not its matter.")),
    Measure("shirked", WORK, _("Shirked"),
            _("Returns that were wrong: the committee gave the case to the same body again.")),
    Measure("suspended", WORK, pgettext_lazy("case", "Suspended"),
            _("Suspensions granted; the handling clock stands still.")),
    Measure("extended", WORK, _("Extended"), _("Extensions granted.")),
    Measure("supervised", WORK, _("Supervised"), _("Orders of supervision.")),
    Measure("urged", WORK, _("Urged"), _("Times that a department was urged.")),
    Measure("exempted", WORK, _("Exempted"),
            _("Late results that count as in time because an appeal was granted.")),
    Measure("closed_on_time", CLOSING, _("Closed in time"),
            _("Cases closed whose work kept its limit.")),
    Measure("closed_late", CLOSING, _("Closed late"),
            _("Cases closed whose work came after its limit.")),
    Measure("closed_unlimited", CLOSING, _("Closed without a limit"),
            _("Cases closed that never had a limit, as archives of other systems have them.")),
    Measure("urgent_on_time", CLOSING, _("Urgent, closed in time"),
            _("Urgent cases among those closed in time.")),
    Measure("urgent_late", CLOSING, _("Urgent, closed late"),
            _("Urgent cases among those closed late.")),
    Measure("passed", CLOSING, _("Checks passed"),
            _("Checks on site or by document that found the closing condition met.")),
    Measure("self_handled", CLOSING, _("Settled by the finder"),
            _("Cases closed that the person who logged them handled themselves.")),
    Measure("reopened", CLOSING, _("Reopened"),
            _("Closed cases taken up again.")),
    Measure("responded", RESIDENTS, _("Answered in time"),
            _("Orders from residents' matters signed, and the resident contacted, within 24 h.")),
    Measure("unresponded", RESIDENTS, _("Not answered in time"),
            _("Orders where that came later, or ended without it.")),
    Measure("asked", RESIDENTS, pgettext_lazy("call-back", "Asked"),
            _("Residents asked what became of their matter.")),
    Measure("solved", RESIDENTS, _("Solved"),
            _("Residents who said that their matter was solved.")),
    Measure("unsolved", RESIDENTS, _("Not solved"),
            _("Residents who said that it was not.")),
    Measure("satisfied", RESIDENTS, _("Satisfied"),
            _("Very satisfied, satisfied, or basically satisfied.")),
    Measure("dissatisfied", RESIDENTS, _("Not satisfied"),
            _("Not satisfied, or not at all.")),
)  # fmt: skip
_STOCKS = (
    Measure("overdue_unhandled", WORK, _("Overdue, not handled"),
            _("Work whose limit has passed and whose result is not confirmed, at the end of "
              "the period (now, if it is not over).")),
    Measure("overdue_unclosed", CLOSING, _("Overdue, not closed"),
            _("Cases whose limit has passed and that are not closed, at the end of the period.")),
    Measure("urgent_unclosed", CLOSING, _("Urgent, overdue, not closed"),
            _("Urgent cases among those overdue and not closed.")),
    Measure("deferred", CLOSING, _("Deferred"),
            _("Cases suspended at the end of the period.")),
    Measure("awaiting_response", RESIDENTS, _("Waiting for an answer beyond 24 h"),
            _("Orders from residents' matters not yet signed and answered after 24 h, at the end "
              "of the period.")),
)  # fmt: skip
_SUMS = (
    Measure("handled", WORK, _("Handled"), _("Handled in time and late."),
            ("handled_on_time", "handled_late")),
    Measure("to_handle", WORK, _("To be handled"),
            _("Handled, and overdue without being handled."),
            ("handled_on_time", "handled_late", "overdue_unhandled")),
    Measure("closed", CLOSING, _("Closed"), _("Closed in time, late, and without a limit."),
            ("closed_on_time", "closed_late", "closed_unlimited")),
    Measure("to_close", CLOSING, _("To be closed"),
            _("Closed, deferred, and overdue without being closed."),
            ("closed_on_time", "closed_late", "closed_unlimited", "overdue_unclosed", "deferred")),
    Measure("answered", RESIDENTS, _("Answers"), _("Residents who answered when asked."),
            ("solved", "unsolved")),
    Measure("to_respond", RESIDENTS, _("To be answered"),
            _("Orders from residents' matters answered in time, late, or not yet beyond 24 h."),
            ("responded", "unresponded", "awaiting_response")),
)  # fmt: skip

FLOWS: tuple[str, ...] = tuple(measure.code for measure in _FLOWS)
STOCKS: tuple[str, ...] = tuple(measure.code for measure in _STOCKS)
STORED = FLOWS + STOCKS
# In the order in which a person reads them.
_ORDER = (
    "reported", "accepted", "rejected", "filed", "voided",
    "dispatched", "redispatched", "returned", "shirked", "to_handle", "handled",
    "handled_on_time", "handled_late", "overdue_unhandled", "rework", "suspended", "extended",
    "supervised", "urged", "exempted",
    "to_close", "closed", "closed_on_time", "closed_late", "closed_unlimited", "overdue_unclosed",
    "deferred", "urgent_on_time", "urgent_late", "urgent_unclosed", "passed", "self_handled",
    "reopened",
    "to_respond", "responded", "unresponded", "awaiting_response", "asked", "answered", "solved",
    "unsolved", "satisfied", "dissatisfied",
)  # fmt: skip
_BY_CODE = {measure.code: measure for measure in (*_FLOWS, *_STOCKS, *_SUMS)}
MEASURES: Mapping[str, Measure] = {code: _BY_CODE[code] for code in _ORDER}

_CLOSED = ("closed",)
RATES: Mapping[str, Rate] = {
    rate.code: rate
    for rate in (
        Rate("filing_rate", INTAKE, _("Filing rate"), _("filed ÷ reported"),
             ("filed",), ("reported",)),
        Rate("handling_rate", WORK, _("Handling rate"), _("handled ÷ to be handled"),
             ("handled",), ("to_handle",)),
        Rate("handling_on_time_rate", WORK, _("Handling in time"),
             _("handled in time ÷ to be handled"), ("handled_on_time",), ("to_handle",)),
        Rate("rework_rate", WORK, _("Rework rate"), _("rework ÷ to be handled"),
             ("rework",), ("to_handle",), good_is_high=False),
        Rate("return_rate", WORK, _("Return rate"), _("returned ÷ dispatched"),
             ("returned",), ("dispatched",), good_is_high=False),
        Rate("dispatch_accuracy", WORK, _("Accurate dispatch"),
             _("(dispatched − dispatched anew) ÷ dispatched"), ("dispatched",), ("dispatched",),
             but=("redispatched",)),
        Rate("closing_rate", CLOSING, _("Closing rate"),
             _("closed ÷ (to be closed − deferred)"), _CLOSED, ("to_close",), ("deferred",)),
        Rate("closing_on_time_rate", CLOSING, _("Closing in time"),
             _("closed in time ÷ (to be closed − deferred − without a limit)"),
             ("closed_on_time",), ("to_close",), ("deferred", "closed_unlimited")),
        Rate("urgent_on_time_rate", CLOSING, _("Urgent closing in time"),
             _("urgent closed in time ÷ urgent to be closed"),
             ("urgent_on_time",), ("urgent_on_time", "urgent_late", "urgent_unclosed")),
        Rate("check_rate", CLOSING, _("Checks passed, share"),
             _("checks passed ÷ (checks passed + rework)"), ("passed",), ("passed", "rework")),
        Rate("response_rate", RESIDENTS, _("Response rate"),
             _("answered in time ÷ to be answered"), ("responded",), ("to_respond",)),
        Rate("solved_rate", RESIDENTS, _("Solution rate"), _("solved ÷ answers"),
             ("solved",), ("answered",)),
        Rate("satisfaction_rate", RESIDENTS, _("Satisfaction rate"),
             _("satisfied ÷ answers"), ("satisfied",), ("answered",)),
    )
}  # fmt: skip
THREE_RATES = ("response_rate", "solved_rate", "satisfaction_rate")


def total(codes: tuple[str, ...], numbers: Mapping[str, int]) -> int:
    """The sum of measures, each the sum of its stored parts."""
    return sum(numbers.get(part, 0) for code in codes for part in MEASURES[code].stored)
