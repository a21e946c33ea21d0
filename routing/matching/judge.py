"""The judge: a snapshot of all rules, people and money, and decisions made from it."""

import datetime
from dataclasses import dataclass
from typing import Self

from lib.worktime import CITY_ZONE, WorkCalendar
from organizations.calendars import working_calendar
from routing.matching.catalogue import Standard
from routing.matching.communities import Admitted
from routing.matching.duty import Duty
from routing.matching.facts import Facts, Match, Refusal
from routing.matching.money import Money, Purse
from routing.matching.orders import Orders, under
from routing.matching.people import People, Worker
from routing.matching.rules import Rules
from routing.matching.weighing import Undecided, Weighing


@dataclass(frozen=True, slots=True)
class Found:
    """What the steps found, before it is taken from the snapshot."""

    duty: Duty
    assistant_ids: tuple[int, ...]
    admitted: Admitted | None
    standard: Standard
    worker: Worker
    purse: Purse | None
    estimate: int
    payer_id: int


class Judge:
    """Decides from what was true when it was loaded, less what it has itself given since: in a
    batch the work spreads and no line is promised twice. Who applies a match still takes load and
    money by conditional update, for other processes judge at the same time.
    """

    def __init__(
        self,
        calendar: WorkCalendar,
        rules: Rules,
        means: tuple[People, Money],
        orders: Orders,
    ) -> None:
        self.calendar = calendar
        self.rules = rules
        self.places, self.catalogue = rules.places, rules.catalogue
        self.duties, self.communities = rules.duties, rules.communities
        self.people, self.money = means
        self.orders = orders

    @classmethod
    def load(cls, *, at: datetime.datetime) -> Self:
        """A fixed number of queries, however many rules, people and lines there are."""
        on = at.astimezone(CITY_ZONE).date()
        calendar = working_calendar()
        rules = Rules.load(on)
        means = (People.load(at, calendar, rules.duties.covered), Money.load(on))
        return cls(calendar, rules, means, Orders.load(at))

    def decide(self, facts: Facts) -> Match | Refusal:
        """Seven steps: place, matter, duty, right of a community, person, money, limits."""
        weighing = Weighing(facts)
        try:
            return self._match(weighing, self._find(weighing))
        except Undecided as refusal:
            return weighing.refusal(refusal.code)

    def give_back(self, match: Match, *, points: int = 0, money: int = 0) -> None:
        """Put back into the snapshot what a match took, but for `points` and `money` (fen) that it
        still keeps: for those who judge what happened long ago.
        """
        self.people.worker(match.lead_id, match.post_id).load -= match.points - points
        if match.line_id is not None:
            for purse in self.money.line(match.line_id):
                purse.available += match.estimate - money

    def _find(self, weighing: Weighing) -> Found:
        self.catalogue.stop_emergency(weighing)
        place = self.places.chain(weighing)
        order = self.orders.over(self.catalogue.codes(weighing.facts.category_id), place)
        standard = self.catalogue.standard(weighing, urgent=order is not None)
        categories = self.catalogue.chain(standard.category_id)
        if order is not None:
            standard = under(order, standard, weighing)
        duty = self.rules.duty(weighing, categories, place)
        admitted = self.rules.right(weighing, duty, categories, standard.points)
        assistants = self._assistants(weighing, duty, admitted, categories)
        territories = frozenset(place)
        body = self.duties.bodies[duty.lead_id]
        worker = self.people.choose(
            weighing, (body.id, body.names, body.is_community), standard, territories,
            sent=(admitted.posts if admitted else frozenset(), self.communities.posts),
        )  # fmt: skip
        special = self.money.special(weighing, order, standard, territories)
        payer_id, purses = special or self._payer(duty, admitted)
        weighing.payer_id = payer_id
        payer = (self.duties.name(payer_id), purses)
        purse = self.money.choose(weighing, payer, standard, territories)
        cost = weighing.facts.cost
        estimate = standard.cost if cost is None else cost
        return Found(duty, assistants, admitted, standard, worker, purse, estimate, payer_id)

    def _assistants(
        self,
        weighing: Weighing,
        duty: Duty,
        admitted: Admitted | None,
        categories: tuple[int, ...],
    ) -> tuple[int, ...]:
        """The list's assistants; the department that handed the matter to a community; the
        community whose list of assistance has it."""
        assistants = list(duty.assistant_ids)
        if admitted is not None:
            assistants.append(admitted.department_id)
        community = self.duties.community_of(weighing.facts.community_id)
        if community is not None and self.communities.assists(community, categories):
            assistants.append(community)
        found = tuple(key for key in dict.fromkeys(assistants) if key != duty.lead_id)
        if found:
            weighing.because("assistants", bodies=[self.duties.name(key) for key in found])
        return found

    def _payer(self, duty: Duty, admitted: Admitted | None) -> tuple[int, list[Purse]]:
        """Who delegates, pays, from the line that was admitted with the matter; what came along
        with one matter pays for no other."""
        if admitted is not None:
            return admitted.department_id, self.money.line(admitted.line_id)
        payer_id = duty.payer_id or duty.lead_id
        tied = self.communities.lines
        return payer_id, [purse for purse in self.money.of(payer_id) if purse.id not in tied]

    def _match(self, weighing: Weighing, found: Found) -> Match:
        facts, standard = weighing.facts, found.standard
        sign_due = self.calendar.deadline(facts.at, *standard.sign)
        handle_due = self.calendar.deadline(facts.at, *standard.handle)
        weighing.because(
            "limits",
            sign=standard.sign,
            sign_due=sign_due.isoformat(),
            handle=standard.handle,
            handle_due=handle_due.isoformat(),
        )
        found.worker.take(standard.points, facts.at)
        if found.purse is not None:
            found.purse.available -= found.estimate
        return Match(
            duty_id=found.duty.id,
            lead_id=found.duty.lead_id,
            assistant_ids=found.assistant_ids,
            post_id=found.worker.id,
            line_id=found.purse.id if found.purse else None,
            purpose_id=standard.purpose_id if found.purse else None,
            payer_id=found.payer_id,
            estimate=found.estimate,
            points=standard.points,
            standard_id=standard.id,
            sign_due_at=sign_due,
            handle_due_at=handle_due,
            reasons=weighing.reasons,
            candidates=weighing.candidates,
            facts=facts.record(),
            admission_id=found.admitted.id if found.admitted else None,
        )
