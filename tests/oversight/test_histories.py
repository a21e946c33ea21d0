"""Whatever happens to a case, the fast calculation says what the obvious one says."""

import datetime
from collections import Counter

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cases.models import Case, CaseEvent, Channel, Urgency
from cases.workflow import ENDED, MOVES, WITH_DEPARTMENT, State
from oversight.measures import STOCKS
from oversight.services.deriving import derive
from oversight.services.obvious import BY_PERSON, COUNTED, OF_NOBODY, OF_THE_LAST, History
from tests.factories.cases import MONDAY

BESIDE = ("ask_callback", "answer_callback", "supervise", "urge")
RARE = {
    "return", "split", "back_to_intake", "verify", "refuse_match", "ask_extension", "reject",
    "cancel", "void", "merge", "note", "correct", "publish_text", "fund", "settle",
    "refuse_unadmitted",
}  # fmt: skip
NEW_LIMIT = {"fail", "send_back", "resume"}
GIVES = {"dispatch", "act_first", "adjudicate"}
PEOPLE = {post: post * 100 for post in range(1, 7)}


class Walk:
    """A random way through the table of moves, told as events."""

    def __init__(self, chance):
        self.chance = chance
        self.case = Case(
            pk=1,
            state=State.SUBMITTED,
            channel=chance.choice([Channel.WEB, Channel.GRID]),
            urgency=chance.choice([Urgency.URGENT, Urgency.ORDINARY]),
            town_id=1,
            community_id=2,
            created_at=MONDAY,
            logged_by_id=7,
            handled_by_id=chance.choice([7, 8]),
        )
        self.at, self.events = MONDAY, []
        first = State.SUBMITTED if self.case.channel == Channel.WEB else State.FILED
        self.add("log", "", first, {})

    def add(self, move, before, after, facts):
        if before in WITH_DEPARTMENT and before != after:
            facts = {**facts, "due": self.case.handle_due_at.isoformat()}
        self.events.append(
            CaseEvent(
                case=self.case,
                number=len(self.events) + 1,
                move=move,
                from_state=before,
                to_state=after,
                by_id=9,
                at=self.at,
                facts=facts,
            )
        )
        self.case.state = after

    def step(self):
        """Time passes, then a move that the table allows, or something beside it."""
        self.at += datetime.timedelta(hours=self.chance.randint(0, 14), minutes=1)
        state = self.case.state
        open_moves = [name for name, row in MOVES.items() if row.starts_from(state)]
        likely = [name for name in open_moves if name not in RARE] * 6
        move = self.chance.choice([*likely, *open_moves, *BESIDE])
        if move in BESIDE:
            said = {name: self.chance.random() < 0.5 for name in ("solved", "satisfied")}
            self.add(move, state, state, said if move == "answer_callback" else {})
            return
        self.add(move, state, MOVES[move].leads_to(state), self.facts_of(move))
        self.case.ended_at = self.at if self.case.state in ENDED else None
        if move in GIVES | NEW_LIMIT:
            self.limit()

    def facts_of(self, move):
        case = self.case
        if move in GIVES:
            case.lead_body_id = self.chance.randint(1, 3)
            case.lead_post_id = self.chance.randint(1, 6)
            return {"body": case.lead_body_id, "post": case.lead_post_id}
        if move == "reassign":
            case.lead_post_id = self.chance.randint(1, 6)
            return {"post": case.lead_post_id}
        if move == "confirm":
            return {"late": self.at > case.handle_due_at}
        if move == "review_extension":
            granted = self.chance.random() < 0.5
            return {"kind": "extension", "state": "granted" if granted else "refused"}
        return {}

    def limit(self):
        self.case.handle_due_at = self.at + datetime.timedelta(
            hours=self.chance.randint(-10, 60), seconds=30
        )


def history_of(chance):
    walk = Walk(chance)
    for _step in range(chance.randint(0, 30)):
        walk.step()
    late = any(event.facts.get("late") for event in walk.events)
    walk.case.timeout_exempt = late and chance.random() < 0.3
    walk.case.version = len(walk.events)
    return walk.case, walk.events


def obvious_facts(past):
    found = Counter()
    for measure in COUNTED:
        for place in past.counted(measure):
            found[measure, past.events[place].number, *who(past, measure, place)] += 1
    return found


def who(past, measure, place):
    if measure in OF_NOBODY:
        return None, None, None
    if measure in BY_PERSON:
        from_web = measure == "reported" and past.case.channel == Channel.WEB
        return None, None, None if from_web else past.events[place].by_id
    body, post = past.last_lead(place) if measure in OF_THE_LAST else past.lead(place)
    return body, post, PEOPLE.get(post)


@settings(max_examples=300, deadline=None, phases=[Phase.generate])
@given(st.randoms(use_true_random=False))
def test_the_fast_and_the_obvious_calculation_agree(chance):
    case, events = history_of(chance)
    past, derived = History(case, events), derive(case, events, PEOPLE)
    fast = Counter(
        (one.measure, one.number, one.body_id, one.post_id, one.person_id) for one in derived.facts
    )
    assert fast == obvious_facts(past)
    for event in events:
        moment = event.at + datetime.timedelta(hours=chance.randint(0, 20), seconds=7)
        shown = Counter(
            (one.measure, one.body_id)
            for one in derived.standings
            if one.since <= moment and (one.until is None or one.until > moment)
        )
        assert shown == Counter(
            (measure, past.lead_at(moment)) for measure in STOCKS if past.stands(measure, moment)
        )
