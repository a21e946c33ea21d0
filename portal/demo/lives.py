"""How invented cases go: each is lived step by step until the present, then it stays where it is.

Nothing is saved here. Decisions are the judge's own; moments keep the official working calendar.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cases.models import (
    LOADING,
    CallBack,
    CallBackAnswer,
    Case,
    CaseEvent,
    Channel,
    Reporter,
    Task,
    TaskState,
)
from cases.services import intake, moves, numbering
from cases.workflow import DESK_OF, MOVES, Desk, State
from lib.chain import seasoned
from lib.worktime import is_continuous
from organizations.calendars import working_calendar
from organizations.models import User
from portal.demo.facts import facts_for_judge, facts_of, facts_of_match, place_of
from portal.demo.habits import Habits, Pace
from portal.demo.invention import Inventor
from portal.demo.voices import CONTACT_NOTES, ask, is_asked
from portal.demo.world import Spot, World
from routing.matching import Judge, Match
from routing.models import Category, FilingStandard

# Out of a hundred cases; the rest come from grid workers.
_CHANNELS = ((Channel.WEB, 20), (Channel.WINDOW, 13), (Channel.HOTLINE, 10), (Channel.VIDEO, 3))
_LATELY = 9.0  # days
# Older returns have long been sent elsewhere.
_RETURNED_LATELY = datetime.timedelta(days=2)
_RESULTS = (
    "已安排人员到场处理完毕，现场恢复正常，并告知周边住户。",
    "已清理干净，责任人已签整改承诺，后续由网格员每日巡查。",
    "已更换损坏部件并复测，使用正常。",
    "已联系当事人当面说明，问题解决，当事人表示认可。",
    "已维修加固，围挡已撤除，道路恢复通行。",
)
_REWORK_NOTES = ("现场还有残留，请补做。", "照片角度看不清结果，请补拍并复核。")
_RETURN_NOTES = ("现场属道路红线外，不在本单位职责范围，请改派。", "该设施产权属供电部门，请改派。")
_REJECTED = "该事项正在诉讼程序中，请按法院渠道反映。"


@dataclass(slots=True, eq=False)
class Story:
    """One case with everything that hangs on it, in memory."""

    case: Case
    reporter: Reporter
    events: list[CaseEvent] = field(default_factory=list)
    notes: list[tuple[CaseEvent, str, str]] = field(default_factory=list)
    task: Task | None = None
    match: Match | None = None
    settled_at: datetime.datetime | None = None
    released_at: datetime.datetime | None = None
    paid_at: datetime.datetime | None = None
    callback: CallBack | None = None
    answer: CallBackAnswer | None = None


class Biographer:
    """Tells the lives of cases up to `now`."""

    def __init__(
        self, world: World, inventor: Inventor, judge: Judge, now: datetime.datetime
    ) -> None:
        self.world, self.inventor, self.judge, self.now = world, inventor, judge, now
        self.random = inventor.random
        self.habits, self.calendar = Habits(inventor.random), working_calendar()
        self.system = User.objects.system()

    def tell(self, key: int, at: datetime.datetime, number: str) -> Story:
        """A life that began at `at`."""
        category, standard = self.random.choices(self.world.matters, self.world.weights)[0]
        story = self._begin(key, at, number, category, standard)
        for step in self._steps(story):
            if step > self.now or self._lingers(step):
                break
        self._give_back(story)
        return story

    def _lingers(self, at: datetime.datetime) -> bool:
        """Of what should have happened lately, some has not: that is what waits on the desks."""
        age = (self.now - at).total_seconds() / 86_400
        return age < _LATELY and self.random.random() < 0.32 * (1 - age / _LATELY)

    def _give_back(self, story: Story) -> None:
        """What is over takes nothing any more of people's time, and of money what it cost."""
        if story.match is None:
            return
        task = _task(story)
        over = task.ended_at is not None
        kept = (task.actual or 0) if story.settled_at else 0 if over else task.estimate
        points = story.match.points if task.state in LOADING else 0
        self.judge.give_back(story.match, points=points, money=kept)

    def _begin(
        self,
        key: int,
        at: datetime.datetime,
        number: str,
        category: Category,
        standard: FilingStandard,
    ) -> Story:
        spot = self.world.spot(self.random)
        matter = self.inventor.matter(category.name, standard.condition, spot.community_name)
        channel = self._channel()
        case = Case(
            pk=key,
            number=number,
            query_code=numbering.make_query_code(),
            channel=channel,
            title=matter.title,
            text=matter.text,
            public_text=matter.text,
            public_text_by=self.world.anyone("acceptor", self.random),
            public_text_at=at,
            category=category,
            standard=standard,
            address=matter.address,
            publicity=category.publicity,
            created_at=at,
            logged_by=self._logger(channel, spot),
            **place_of(spot),
            **_first_desk(channel, at),
        )
        reporter = intake.first_reporter(case, self._words_of_reporter(channel))
        story = Story(case, reporter)
        self._record(story, "log", "", by=case.logged_by, at=at, facts=facts_of(case, reporter))
        return story

    def _channel(self) -> Channel:
        draw = self.random.randrange(100)
        for channel, share in _CHANNELS:
            if draw < share:
                return channel
            draw -= share
        return Channel.GRID

    def _logger(self, channel: Channel, spot: Spot) -> User:
        if channel == Channel.WEB:
            return self.system
        if channel == Channel.GRID:
            return self.world.grid_worker(spot, self.random)
        return self.world.anyone("acceptor", self.random)

    def _words_of_reporter(self, channel: Channel) -> intake.Matter:
        if channel not in {Channel.WEB, Channel.WINDOW, Channel.HOTLINE}:
            return {}
        return {"reporter_name": self.inventor.name()[0], "reporter_phone": self.inventor.phone()}

    # -- the steps: each yields the moment at which it would happen; past `now` nothing more happens

    def _steps(self, story: Story) -> Iterator[datetime.datetime]:
        case, at = story.case, story.case.created_at
        if case.channel == Channel.WEB:
            yield (at := self._worked(at, 0.1, 3))
            if self.random.random() < 0.04:
                self._move(story, "reject", by=self._clerk(), at=at, note=_REJECTED, ended_at=at)
                return
            self._move(story, "file", by=self._clerk(), at=at, filed_at=at)
        case.route_at = case.filed_at
        yield (at := at + datetime.timedelta(seconds=self.random.uniform(0.2, 1.5)))
        if not self._dispatch(story, at):
            return
        yield from self._with_department(story, at)

    def _with_department(self, story: Story, at: datetime.datetime) -> Iterator[datetime.datetime]:
        task, pace = _task(story), self._pace(story, at)
        handler = self.world.people[task.post_id]
        answered = self.habits.answered(task.body_id, at)
        yield (at := min(pace.at(self.random.uniform(0.02, 0.15)), answered))
        if self.now - at < _RETURNED_LATELY and self.random.random() < 0.15:
            self._return(story, by=handler, at=at)
            return
        task.state, task.signed_at = TaskState.HANDLING, at
        self._move(story, "sign", by=handler, at=at, signed_at=at)
        if is_asked(story) and self.random.random() < 0.97:
            yield (at := min(pace.at(self.random.uniform(0.16, 0.4)), answered))
            words = self.random.choice(CONTACT_NOTES)
            self._move(story, "contact", by=handler, at=at, note=words, contacted_at=at)
        yield from self._handle(story, pace, handler)

    def _handle(self, story: Story, pace: Pace, handler: User) -> Iterator[datetime.datetime]:
        """The work, the head's word and the check; what fails the check is done once more."""
        task = _task(story)
        head = self.world.head_of(task.body_id) or handler
        for attempt in range(2):
            yield (at := pace.at(self.random.uniform(0.5, 0.9)))
            self._report(story, by=handler, at=at)
            yield (at := pace.at(1))
            task.state, task.confirmed_at = TaskState.CHECKING, at
            self._confirm(story, by=head, at=at)
            yield (at := self._worked(at, 0.3, 9))
            if attempt or self.random.random() > 0.06:
                break
            self._fail(story, at)
            pace = self._pace(story, at)
        self._pass(story, at, handler)

    def _dispatch(self, story: Story, at: datetime.datetime) -> bool:
        """The judge decides; a case that it refuses is left for the real router."""
        case = story.case
        decision = self.judge.decide(facts_for_judge(case, at))
        if not isinstance(decision, Match):
            return False
        story.match = decision
        story.task = Task(
            case=case,
            state=TaskState.DISPATCHED,
            body_id=decision.lead_id,
            post_id=decision.post_id,
            points=decision.points,
            estimate=decision.estimate,
            duty_id=decision.duty_id,
            made_at=at,
            sign_due_at=decision.sign_due_at,
            handle_due_at=decision.handle_due_at,
        )
        self._move(
            story,
            "dispatch",
            by=self.system,
            at=at,
            to=State.DISPATCHED,
            facts=facts_of_match(decision),
            desk_body_id=decision.lead_id,
            lead_body_id=decision.lead_id,
            lead_post_id=decision.post_id,
            dispatched_at=at,
            route_at=None,
            sign_due_at=decision.sign_due_at,
            handle_due_at=decision.handle_due_at,
        )
        return True

    def _pace(self, story: Story, since: datetime.datetime) -> Pace:
        """How the work goes from here on, towards the limit that holds now."""
        task, standard = _task(story), story.case.standard
        around = standard is not None and is_continuous(standard.handle_unit)
        due = max(task.handle_due_at, since)
        share = self.habits.share(task.body_id)
        return Pace(since, due, share, None if around else self.calendar)

    def _report(self, story: Story, *, by: User, at: datetime.datetime) -> None:
        task, result = _task(story), self.random.choice(_RESULTS)
        task.state, task.reported_at, task.result = TaskState.REPORTED, at, result
        task.actual = int(task.estimate * self.random.uniform(0.55, 1.0)) // 100 * 100
        self._move(
            story,
            "report",
            by=by,
            at=at,
            note=result,
            facts={"actual": task.actual, "missing": 0},
            reported_at=at,
            handled_by=by,
            desk_body_id=task.body_id,
        )

    def _confirm(self, story: Story, *, by: User, at: datetime.datetime) -> None:
        case = story.case
        late = case.handle_due_at is not None and at > case.handle_due_at
        known = late or bool(case.handled_late)
        facts = {"late": late}
        self._move(story, "confirm", by=by, at=at, facts=facts, confirmed_at=at, handled_late=known)

    def _fail(self, story: Story, at: datetime.datetime) -> None:
        case, task = story.case, _task(story)
        task.state, task.reported_at, task.confirmed_at = TaskState.REWORK, None, None
        due = self.calendar.deadline(at, 8, "work_hour")
        task.handle_due_at = due
        self._move(
            story,
            "fail",
            by=self.world.anyone("verifier", self.random),
            at=at,
            note=self.random.choice(_REWORK_NOTES),
            handle_due_at=due,
            reworks=case.reworks + 1,
            reported_at=None,
            confirmed_at=None,
            desk_body_id=task.body_id,
        )

    def _pass(self, story: Story, at: datetime.datetime, handler: User) -> None:
        task = _task(story)
        verifier = self.world.anyone("verifier", self.random, but=handler)
        task.state, task.ended_at = TaskState.DONE, at
        facts = {"actual": task.actual}
        self._move(story, "pass", by=verifier, at=at, facts=facts, ended_at=at, checked_by=verifier)
        story.settled_at = at
        ask(story, self.random, by=self.system, at=at, now=self.now)
        paid = self.calendar.deadline(at, self.random.randrange(2, 8), "work_day")
        story.paid_at = paid if paid <= self.now else None

    def _return(self, story: Story, *, by: User, at: datetime.datetime) -> None:
        task = _task(story)
        task.state, task.ended_at = TaskState.RETURNED, at
        self._move(
            story,
            "return",
            by=by,
            at=at,
            note=self.random.choice(_RETURN_NOTES),
            returns=1,
            lead_body_id=None,
            lead_post_id=None,
            desk_body_id=None,
        )
        story.released_at = at

    def _clerk(self) -> User:
        return self.world.anyone("acceptor", self.random)

    def _worked(self, since: datetime.datetime, least: float, most: float) -> datetime.datetime:
        """Some working hours later."""
        hours = self.random.triangular(least, most, least)
        begun = self.calendar.next_working(since)
        whole = (
            self.calendar.deadline(begun, max(1, int(hours)), "work_hour") if hours >= 1 else begun
        )
        rest = datetime.timedelta(hours=hours % 1)
        return self.calendar.next_working(whole + rest)

    # -- one move of the table, in memory

    def _move(  # noqa: PLR0913 -- what every move says
        self,
        story: Story,
        name: str,
        *,
        by: User,
        at: datetime.datetime,
        note: str = "",
        to: str | None = None,
        facts: dict[str, Any] | None = None,
        **changes: Any,
    ) -> None:
        case, before = story.case, story.case.state
        target = to or MOVES[name].leads_to(before)
        facts = {**(facts or {}), **moves.limit_left(case, target)}
        case.state = target
        case.desk = DESK_OF[State(case.state)]
        for column, value in changes.items():
            setattr(case, column, value)
        self._record(story, name, before, by=by, at=at, note=note, facts=facts)

    def _record(  # noqa: PLR0913 -- what every event says
        self,
        story: Story,
        name: str,
        before: str,
        *,
        by: User,
        at: datetime.datetime,
        note: str = "",
        facts: dict[str, Any] | None = None,
    ) -> None:
        salt = f"{self.random.getrandbits(128):032x}" if note else ""
        digest = seasoned(note, salt)
        event = moves.next_event(
            story.case, name, before=before, by=by, at=at, note_digest=digest, facts=facts
        )
        story.events.append(event)
        if note:
            story.notes.append((event, note, salt))


def _first_desk(channel: Channel, at: datetime.datetime) -> dict[str, Any]:
    if channel == Channel.WEB:
        return {"state": State.SUBMITTED, "desk": Desk.ACCEPTANCE}
    return {"state": State.FILED, "desk": Desk.ROUTER, "filed_at": at}


def _task(story: Story) -> Task:
    if story.task is None:
        raise LookupError(story.case.number)
    return story.task
