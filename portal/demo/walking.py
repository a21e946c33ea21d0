"""How a consultation of the demo walks through its stages: every step by the services, in the past.

A day of a walk begins at half past nine; sessions are held in the evening.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django.core.files.storage import default_storage

from cases.models import Photo
from consultation.models import (
    BlueprintStage,
    Commitment,
    Consultation,
    Measure,
    Publication,
    Purpose,
    Session,
    Stage,
    Vote,
)
from consultation.models.commitments import Adoption
from consultation.services import (
    attending,
    carrying,
    committing,
    counting,
    minutes,
    objecting,
    publishing,
    sessions,
    stages,
    voting,
)
from consultation.services.rating import rate
from consultation.services.sessions import Guest, Plan, Point
from consultation.services.voting import Question
from consultation.taking_part import took_part
from consultation.workflow import StageKind
from grids.models import Territory
from organizations.models import Body, User
from portal.demo.invention import Inventor, rows
from portal.demo.opinions import Voices
from portal.demo.pictures import draw_pictures

DAY = datetime.timedelta(days=1)
_EVENING, _LONG = datetime.timedelta(hours=10), datetime.timedelta(hours=2)
_PAPERS = {row["kind"]: (row["title"], row["text"]) for row in rows("papers")}
_HANDS = 30  # as many are counted one by one
_SAID = (
    ("for", "同意，越早做越好，老人孩子都用得上。"),
    ("for", "同意，但要先把费用说清楚。"),
    ("against", "担心施工影响休息，请避开中午。"),
    ("other", "建议先试三个月，再看效果。"),
)


@dataclass(frozen=True, slots=True)
class People:
    """Who does what in one community."""

    community: Territory
    body: Body
    host: User
    worker: User
    director: User
    secretary: User
    objector: User | None


def _lines(words: str, **facts: str) -> str:
    """The words of a paper: a bar stands for the end of a line."""
    return words.format(**facts).replace("|", "\n")


def days_of(stage: Stage | BlueprintStage) -> int:
    """How many days a walk stays in a stage that it leaves."""
    if stage.kind == StageKind.SESSION:
        return stage.notice_days + 3
    papers: Any = stage.publications if isinstance(stage, BlueprintStage) else stage.required
    stands = max((row.stands for row in papers.all()), default=0)
    longest = max(stands, stage.objection_days)
    usual = {StageKind.OPINIONS: 12, StageKind.EXECUTION: 14, StageKind.RATING: 8}
    return max(longest + 1, usual.get(StageKind(stage.kind), 1))


class Walk:
    """One consultation on its way; `now` is the moment that the walk has reached."""

    def __init__(
        self, found: Consultation, people: People, inventor: Inventor, *, at: datetime.datetime
    ) -> None:
        self.found, self.people, self.inventor, self.now = found, people, inventor, at
        self.voices = Voices(found.pk)
        self._of: dict[str, Callable[[Stage], None]] = {
            StageKind.SESSION: self.hold,
            StageKind.EXECUTION: self.carry_out,
        }

    def begin(self) -> None:
        stages.start(self.found, by=self.people.host, at=self.now)

    def stage(self) -> Stage:
        self.found.refresh_from_db()
        if self.found.stage is None:
            raise LookupError(f"{self.found.number} is in no stage")
        return self.found.stage

    def leave(self) -> None:
        """Everything that the open stage asks for, then on to the next."""
        stage, began = self.stage(), self.now
        self._of.get(stage.kind, self.publish_all)(stage)
        self.now = began + days_of(stage) * DAY
        self.voices.speak(self.found, stage, until=self.now)
        if stage.kind == StageKind.RESULT:
            self.voices.answer(self.found, at=self.now)
        stages.advance(self.found, by=self.people.host, at=self.now)

    def publish_all(self, stage: Stage) -> None:
        for row in stage.required.all():
            self.publish(row.kind)
        if stage.needs_party:
            self.pass_stage()

    def publish(self, kind: str) -> Publication:
        title, text = _PAPERS[kind]
        facts = {
            "title": self.found.title, "text": self.found.text, "form": self.found.blueprint.name,
            "place": self.people.community.name, "body": self.people.body.name,
        }  # fmt: skip
        paper = publishing.prepare(
            self.found, kind, title=f"{self.found.title}（{title}）",
            text=_lines(text, **facts), by=self.people.host, at=self.now,
        )  # fmt: skip
        return self.release(paper)

    def release(self, paper: Publication) -> Publication:
        publishing.release(
            paper, public_text=paper.draft.public_text, confirmed=True, by=self.people.host,
            at=self.now,
        )  # fmt: skip
        return paper

    def pass_stage(self) -> None:
        stages.review(
            self.found, passed=True, reason="属于协商内容清单，程序合规", by=self.people.secretary,
            at=self.now,
        )  # fmt: skip

    # -- Sessions ----------------------------------------------------------------------------

    def plan(self, stage: Stage, *, resident: User | None = None) -> Session:
        """In the evening after the notice that the form asks for, with people for each part;
        `resident` comes with an account."""
        starts = self.now + (stage.notice_days + 1) * DAY + _EVENING
        plan = Plan(
            stage.name, starts, starts + _LONG, f"{self.people.community.name}党群服务中心会议室"
        )
        session = sessions.plan_session(self.found, plan, by=self.people.host, at=self.now)
        for point, minutes_long in (("情况介绍", 15), ("讨论", 60), ("形成意见", 20)):
            sessions.add_item(session, Point(point, minutes_long), by=self.people.host, at=self.now)
        parts = (stage.must_take_part or ["residents"]) * 3
        if asked := stage.compositions.exclude(of="").first():
            parts += [asked.of] * 4 * len(parts)  # so many that the law is content
        guests = [
            Guest(self.inventor.name()[0], capacity, is_woman=place % 2 == 0)
            for place, capacity in enumerate(parts)
        ]
        if resident is not None:
            guests.insert(0, Guest(resident.full_name, parts[-1], resident))
        sessions.invite(session, guests, by=self.people.host, at=self.now)
        return session

    def meet(self, stage: Stage, *, resident: User | None = None) -> Session:
        """All but one come, some of them speak, and they vote where the form asks for it."""
        session = self.plan(stage, resident=resident)
        self.now = session.starts_at
        sessions.open_session(session, by=self.people.host, at=self.now)
        rows = list(session.invitations.order_by("pk"))
        came = rows[:-1] if len(rows) > 3 else rows
        for row in came:
            attending.check_in_by_clerk(row, by=self.people.worker, at=self.now)
        for row, (stance, text) in zip(came, _SAID, strict=False):
            said: dict[str, Any] = {"stance": stance, "text": text, "item": None}
            attending.take_down(row, said, by=self.people.worker, at=self.now)
        asked = stage.rules.filter(purpose=Purpose.MAJORITY, measure=Measure.PERSON)
        if len(came) <= _HANDS and asked.exists():
            self.vote(session)
        self.now = session.ends_at
        sessions.close_session(session, by=self.people.host, at=self.now)
        return session

    def vote(self, session: Session) -> None:
        """A show of hands, noted by a clerk; one is against it and one abstains."""
        closes = session.ends_at - _LONG / 8
        asked = Question(
            f"是否同意“{self.found.title}”的方案？", Vote.Unit.PERSON, closes, session=session
        )
        vote = voting.draft_vote(self.found, asked, by=self.people.host, at=self.now)
        vote = voting.open_vote(vote, by=self.people.host, at=self.now)
        answers = list(vote.options.all())
        present = vote.entitlements.order_by("pk")[: session.invitations.present().count()]
        for number, right in enumerate(present):
            answer = answers[(number - 1) % 2 + 1 if number in {2, 5} else 0]
            voting.cast(vote, right, answer, by=self.people.worker, at=self.now + _LONG / 2)
        vote = voting.close_vote(vote, by=self.people.host, at=closes)
        counting.judge(vote, by=self.people.host, at=closes)

    def lay_out(self, session: Session, *, until: datetime.datetime) -> None:
        text = _lines(_PAPERS["minutes"][1], text=self.found.text)
        written = minutes.write(session.minutes, text, by=self.people.host, at=self.now)
        minutes.lay_out(written, until=until, by=self.people.host, at=self.now)

    def hold(self, stage: Stage) -> None:
        session = self.meet(stage)
        self.lay_out(session, until=self.now + DAY / 2)
        self.now += DAY / 2
        session.minutes.refresh_from_db()
        done = minutes.finish(session.minutes, by=self.people.host, at=self.now)
        if done.publication is not None:
            self.release(done.publication)

    # -- After the result --------------------------------------------------------------------

    def adopt(self) -> None:
        committing.adopt(
            self.found, verdict=Adoption.Verdict.ADOPTED,
            reasons="多数居民同意，做法可行，费用可控。",
            to_dissent="施工避开午休和夜间，费用每季度公开。", by=self.people.host, at=self.now,
        )  # fmt: skip

    def promise(self, *, days: int = 40) -> Commitment:
        """What was adopted is being carried out, and is not done yet."""
        due = (self.now + days * DAY).date()
        made = committing.promise(
            self.found, title=self.found.title, owner=self.people.body, due_on=due,
            by=self.people.host, at=self.now,
        )  # fmt: skip
        begun = carrying.begin_work(made, by=self.people.director, at=self.now + DAY)
        return carrying.step_on(
            begun, share=40, by=self.people.director, at=self.now + 5 * DAY, note="材料已到场"
        )

    def fulfil(self) -> None:
        """Done in time, looked at by the host, rated by those who took part."""
        who, made = self.people.director, self.promise(days=12)
        with default_storage.open(draw_pictures()[Photo.Kind.AFTER].image) as file:
            picture = cast("BinaryIO", file)
            carrying.add_photo(
                made, picture, words="完工现场（示意）", by=who, at=self.now + 9 * DAY
            )
        made = carrying.report(
            made, proof="已完工，居民代表到场看过", by=who, at=self.now + 10 * DAY
        )
        made = carrying.confirm(made, by=self.people.host, at=self.now + 11 * DAY)
        came = [one for one in self.voices.residents if took_part(made, one)]
        for number, resident in enumerate(came):
            rate(made, stars=5 - number % 2, by=resident, at=self.now + 12 * DAY)

    def correct(self, kind: str, old: str, new: str, *, reason: str) -> None:
        """A paper's next version: what stood in it was wrong."""
        paper = Publication.objects.filter(consultation=self.found, kind=kind).latest("pk")
        newest = paper.versions.latest("number")
        again = publishing.prepare(
            self.found, kind, title=newest.title, text=newest.text.replace(old, new),
            publication=paper, reason=reason, by=self.people.host, at=self.now,
        )  # fmt: skip
        self.release(again)

    def carry_out(self, stage: Stage) -> None:
        self.adopt()
        self.fulfil()
        for row in stage.required.all():
            self.publish(row.kind)

    def object_to(self, text: str) -> Any:
        return objecting.raise_objection(
            self.found, text=text, by=self.people.objector, at=self.now
        )

    def uphold(self, objection: Any, *, key: str) -> None:
        objecting.uphold(
            objection, public_text=objection.text,
            answer="意见有道理，补充征求沿线商户意见后再议。",
            key=key, by=self.people.host, at=self.now,
        )  # fmt: skip

    def stop(self) -> None:
        stages.stop(
            self.found, reason="上级已有统一规范，不再单独协商。", by=self.people.host, at=self.now
        )
