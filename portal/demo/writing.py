"""Stories into the database, many at once: rows in bulk, money through the ledger's own batches."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils.timezone import localdate

from cases.models import (
    LOADING,
    Assistant,
    CallBack,
    CallBackAnswer,
    Case,
    CaseEvent,
    EventNote,
    NumberBlock,
    Photo,
    Reporter,
    RoutingTrace,
    Task,
)
from cases.services.searching import index
from cases.workflow import MATCH
from funding import services as funding
from funding.models import Hold
from organizations.models import User
from portal.demo.lives import Story
from portal.demo.pictures import Picture
from routing.matching import Match
from routing.models import Load

_BATCH = 1000


class Writer:
    """Saves stories chunk by chunk; what a chunk needs does not grow with what was saved before."""

    def __init__(self, *, pictures: dict[str, Picture], traced_from: int) -> None:
        self.system = User.objects.system()
        self.pictures = pictures
        self.traced_from = traced_from  # traces of older cases would outweigh all other rows
        self.points: Counter[int] = Counter()
        self.tasks: Counter[int] = Counter()
        self.numbers: Counter[datetime.date] = Counter()

    @transaction.atomic
    def write(self, stories: Sequence[Story], *, at: datetime.datetime) -> None:
        Case.objects.bulk_create([story.case for story in stories], batch_size=_BATCH)
        reporters = self._reporters(stories)
        Reporter.objects.bulk_create(reporters, batch_size=_BATCH)
        index([story.case for story in stories], reporters)
        self._history(stories)
        self._voices(stories)
        self._money(stories, at)
        tasks = [story.task for story in stories if story.task]
        Task.objects.bulk_create(tasks, batch_size=_BATCH)
        self._count(tasks)
        self._traces(stories)
        self._photos(stories)

    @staticmethod
    def _reporters(stories: Sequence[Story]) -> list[Reporter]:
        for story in stories:
            story.reporter.case = story.case
        return [story.reporter for story in stories]

    @staticmethod
    def _history(stories: Sequence[Story]) -> None:
        events = [event for story in stories for event in story.events]
        CaseEvent.objects.bulk_create(events, batch_size=_BATCH)
        notes = [
            EventNote(event=event, text=text, salt=salt)
            for story in stories
            for event, text, salt in story.notes
        ]
        EventNote.objects.bulk_create(notes, batch_size=_BATCH)

    @staticmethod
    def _voices(stories: Sequence[Story]) -> None:
        asked = [story.callback for story in stories if story.callback]
        CallBack.objects.bulk_create(asked, batch_size=_BATCH)
        answers = [story.answer for story in stories if story.answer]
        CallBackAnswer.objects.bulk_create(answers, batch_size=_BATCH)

    def _money(self, stories: Sequence[Story], at: datetime.datetime) -> None:
        """Day by day: reserve, settle or release, pay, as a line may need back what was settled."""
        funded = [story for story in stories if story.task and story.task.estimate and story.match]
        days: dict[datetime.date, list[Story]] = defaultdict(list)
        for story in funded:
            for when in _moments(story):
                days[localdate(when)].append(story)
        for day in sorted(days):
            self._money_of_day(day, list(dict.fromkeys(days[day])), at)

    def _money_of_day(
        self, day: datetime.date, stories: Sequence[Story], at: datetime.datetime
    ) -> None:
        self._reserve([s for s in stories if localdate(_task(s).made_at) == day], at)
        for moment, act, key in (
            (_settled, funding.settle_many, "settle"),
            (_released, funding.release_many, "release"),
            (_paid, funding.pay_many, "pay"),
        ):
            due = [(when, s) for s in stories if (when := moment(s)) and localdate(when) == day]
            self._resolve(due, act, key, at)

    def _reserve(self, funded: list[Story], at: datetime.datetime) -> None:
        if not funded:
            return
        funded.sort(key=lambda story: _task(story).made_at)
        holds = funding.reserve_many(
            [self._asked(story) for story in funded], by=self.system, at=at
        )
        for story, hold in zip(funded, holds, strict=True):
            if hold is None:
                raise LookupError(f"{story.case.number}: the line has no money left")
            _task(story).hold = hold

    @staticmethod
    def _asked(story: Story) -> funding.ReserveRequest:
        match, task = story.match, _task(story)
        if match is None or match.line_id is None or match.purpose_id is None:
            raise LookupError(story.case.number)
        return funding.ReserveRequest(
            line_id=match.line_id,
            purpose_id=match.purpose_id,
            amount=task.estimate,
            subject=story.case.subject,
            key=f"case:{story.case.pk}:reserve",
            at=task.made_at,
        )

    def _resolve(
        self,
        due: list[tuple[datetime.datetime, Story]],
        act: Callable[..., list[Hold | None]],
        key: str,
        at: datetime.datetime,
    ) -> None:
        due.sort(key=lambda pair: (pair[0], pair[1].case.pk))
        requests = [
            funding.HoldRequest(
                hold=_hold(story),
                key=f"case:{story.case.pk}:{key}",
                amount=0 if key == "release" else _task(story).actual or 0,
                at=when,
            )
            for when, story in due
        ]
        if requests:
            act(requests, by=self.system, at=at)

    def _count(self, tasks: Iterable[Task]) -> None:
        for task in tasks:
            if task.state in LOADING:
                self.points[task.post_id] += task.points
                self.tasks[task.post_id] += 1

    def _traces(self, stories: Sequence[Story]) -> None:
        decided = [
            (story.case, story.match, _task(story).made_at)
            for story in stories
            if story.match and story.case.pk >= self.traced_from
        ]
        RoutingTrace.objects.bulk_create(
            [_trace(case, match, at) for case, match, at in decided], batch_size=_BATCH
        )
        Assistant.objects.bulk_create(
            [
                Assistant(case=case, body_id=body)
                for case, match, _at in decided
                for body in match.assistant_ids
            ],
            batch_size=_BATCH,
        )

    def _photos(self, stories: Sequence[Story]) -> None:
        """Pictures where the standard wants them: one drawing serves many cases."""
        photos: list[Photo] = []
        for story in stories:
            standard, case = story.case.standard, story.case
            if standard is None:
                continue
            if standard.photo_before:
                photos.append(self._photo(story, Photo.Kind.BEFORE, case.created_at))
            if standard.photo_after and case.reported_at:
                photos.append(self._photo(story, Photo.Kind.AFTER, case.reported_at))
        Photo.objects.bulk_create(photos, batch_size=_BATCH)

    def _photo(self, story: Story, kind: str, at: datetime.datetime) -> Photo:
        picture = self.pictures[kind]
        by = story.case.handled_by if kind == Photo.Kind.AFTER else story.case.logged_by
        return Photo(
            case=story.case,
            task=story.task if kind == Photo.Kind.AFTER else None,
            kind=kind,
            by=by or self.system,
            at=at,
            is_public=True,
            **picture.columns(),
        )

    def finish(self) -> None:
        """Loads, counters of numbers and of keys: what stands once for all cases."""
        now = {row.post_id: row for row in Load.objects.filter(post__in=self.points)}
        for post, points in sorted(self.points.items()):
            row = now.get(post) or Load(post_id=post)
            row.points += points
            row.tasks += self.tasks[post]
            row.save()
        for day, last in self.numbers.items():
            NumberBlock.objects.update_or_create(day=day, defaults={"last": last})
        reset = connection.ops.sequence_reset_sql(no_style(), [Case, Task, CallBack])
        with connection.cursor() as cursor:
            for statement in reset:
                cursor.execute(statement)


def _task(story: Story) -> Task:
    if story.task is None:
        raise LookupError(story.case.number)
    return story.task


def _settled(story: Story) -> datetime.datetime | None:
    return story.settled_at


def _released(story: Story) -> datetime.datetime | None:
    return story.released_at


def _paid(story: Story) -> datetime.datetime | None:
    return story.paid_at


def _moments(story: Story) -> list[datetime.datetime]:
    """When money moved."""
    moved = (_task(story).made_at, story.settled_at, story.released_at, story.paid_at)
    return [when for when in moved if when]


def _hold(story: Story) -> Hold:
    hold = _task(story).hold
    if hold is None:
        raise LookupError(story.case.number)
    return hold


def _trace(case: Case, match: Match, at: datetime.datetime) -> RoutingTrace:
    return RoutingTrace(
        case=case,
        at=at,
        outcome=MATCH,
        lead_id=match.lead_id,
        reasons=match.reasons,
        facts=match.facts,
        candidates=match.candidates,
    )
