"""What residents of the demo town say about its consultations, and what they are answered.

Said by the services while each stage was open: some sign, for most a community worker writes it
down, one speaks in confidence, one signs nothing and waits to be released.
"""

import datetime
import random
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from consultation.models import Consultation, DraftArticle, Form, Opinion, Stage, Stand
from consultation.opinion_workflow import TAKES_OPINIONS
from consultation.services import answering, drafts, grouping, moderating, opinions
from consultation.workflow import StageKind
from lib.roles import Role
from organizations.models import Level, Post, User
from portal.demo.invention import rows
from portal.demo.residents import found_residents

_SEED = 20262
_DRAFT = Path(__file__).parent / "data" / "draft.md"
_MOST, _SIGNED = 9, 3
_ANSWERS = (
    ("adopted", "写入方案，施工前在公告栏公布时间表和费用。"),
    ("partly", "先试行三个月，期满后再听取一次意见。"),
    ("not", "现场条件不允许，已当面说明；改用邻近的公共场地。"),
)
_REPLY = "同意楼上，时间表贴出来大家就放心了。"
_RUDE = "出这个主意的人没有脑子。"


class Voices:
    """Speaks for a town: the same seed says the same."""

    def __init__(self, seed: int = 0) -> None:
        self.chance = random.Random(_SEED + seed)  # noqa: S311 -- invention, not secrecy
        self.words = list(rows("opinions"))
        self.residents = found_residents()

    def speak(self, found: Consultation, stage: Stage, *, until: datetime.datetime) -> None:
        """A handful in a stage that takes opinions, between its beginning and `until`."""
        if stage.kind not in TAKES_OPINIONS or stage.opened_at is None:
            return
        about = [row for row in self.words if row["match"] and row["match"] in found.title]
        common = [row for row in self.words if not row["match"]]
        many = _MOST if stage.kind == StageKind.OPINIONS else 2
        chosen = [*about, *self.chance.sample(common, len(common))][:many]
        if stage.kind != StageKind.OPINIONS:
            chosen = self.chance.sample(common, many)
        step = (until - stage.opened_at) / (len(chosen) + 1)
        for number, row in enumerate(chosen, start=1):
            self._say(found, row, number, at=stage.opened_at + number * step)

    def _say(
        self, found: Consultation, row: dict[str, str], number: int, *, at: datetime.datetime
    ) -> Opinion:
        person = self.residents[number - 1] if number <= min(_SIGNED, len(self.residents)) else None
        words = opinions.Words(
            row["text"], row["stand"], is_confidential=number == _MOST, key=self.key(),
            article=self._article(found, number),
        )  # fmt: skip
        if person is not None:
            speaker = opinions.Speaker(person, address="demo")
        else:
            speaker = opinions.Speaker(None, clerk=_worker_of(found), shown_as=row["name"])
        return opinions.say(found, words, speaker=speaker, at=at)

    def key(self) -> uuid.UUID:
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)

    def _article(self, found: Consultation, number: int) -> DraftArticle | None:
        rows_of = DraftArticle.objects.filter(draft__consultation=found).order_by("place")
        known = list(rows_of)
        return known[(number + 1) % len(known)] if known and number % 4 else None

    def answer(self, found: Consultation, *, at: datetime.datetime) -> None:
        """Everybody who spoke, before the result stands; those who say the same at once."""
        for stand, (outcome, reason) in zip(Stand, (_ANSWERS[0], _ANSWERS[2], _ANSWERS[1]),
                                            strict=True):  # fmt: skip
            keys = Opinion.objects.unanswered().filter(consultation=found, stand=stand)
            given: dict[str, Any] = {"outcome": outcome, "reason": reason}
            if mine := list(keys.values_list("pk", flat=True)):
                answering.answer(found, mine, by=found.host, at=at, **given)


def _worker_of(found: Consultation) -> User:
    posts = Post.objects.filter(body=found.body, role=Role.COMMUNITY_WORKER).with_names()
    post = posts.order_by("pk").first()
    return post.person if post is not None else found.host


def opine(*, at: datetime.datetime) -> None:
    """What is said now, in the consultations that take opinions today."""
    voices = Voices()
    running = Consultation.objects.running().select_related("stage", "host", "body", "blueprint")
    open_now = [
        row
        for row in running
        if row.stage is not None and row.stage.kind in TAKES_OPINIONS
    ]  # fmt: skip
    for found in sorted(open_now, key=lambda one: one.number):
        stage = found.stage
        if stage is None or stage.opened_at is None:
            continue
        if found.blueprint.form == Form.LEGISLATION and not found.drafts.exists():
            _bring_in(found, at=stage.opened_at)
        voices.speak(found, stage, until=at)
    busy = [row for row in open_now if row.stage and row.stage.kind == StageKind.OPINIONS]
    if busy:
        _moderate(voices, busy, at=at)


def _bring_in(found: Consultation, *, at: datetime.datetime) -> None:
    text = _DRAFT.read_text(encoding="utf-8")
    drafts.bring_in(found, title=found.title, text=text, by=found.host, at=at)


def _moderate(voices: Voices, busy: Sequence[Consultation], *, at: datetime.datetime) -> None:
    """In the first: threads, one hidden with an appeal, one that waits; some answered, grouped."""
    found, people = busy[0], voices.residents
    if found.stage is None or len(people) < _SIGNED:
        return
    earlier = at - datetime.timedelta(hours=5)
    answering.set_level(found.stage, level=Level.NONE, by=found.host, at=earlier)
    unsigned = opinions.Words("路过的人说一句：晚上太暗，请先装灯。", key=voices.key())
    opinions.say(found, unsigned, speaker=opinions.Speaker(None, address="demo"), at=earlier)
    rude = opinions.say(
        found, opinions.Words(_RUDE, Stand.AGAINST, key=voices.key()),
        speaker=opinions.Speaker(people[1], address="demo"), at=earlier,
    )  # fmt: skip
    moderating.hide(rude, reason="insult", note="骂人", by=found.host, at=earlier)
    moderating.appeal(rude, text="我只是着急，请显示后半句。", by=people[1], at=at)
    _agree(found, voices, at=earlier)
    for row in busy:
        grouping.group_alike(row, by=row.host, at=at)
    some = Opinion.objects.unanswered().filter(consultation=found, stand=Stand.FOR)[:2]
    outcome, reason = _ANSWERS[0]
    keys = [row.pk for row in some]
    if keys:
        answering.answer(found, keys, outcome=outcome, reason=reason, by=found.host, at=at)


def _agree(found: Consultation, voices: Voices, *, at: datetime.datetime) -> None:
    people = voices.residents
    said = Opinion.objects.top().public().filter(consultation=found, state="shown")
    for number, opinion in enumerate(said.select_related("consultation__stage").order_by("pk")):
        for person in people[: 1 + number % len(people)]:
            if opinion.author_id != person.pk:
                opinions.like(opinion, by=person, at=at)
    first = said.order_by("pk").first()
    if first is not None:
        reply = opinions.Words(
            "同意楼上，时间表贴出来大家就放心了。", parent=first, key=voices.key()
        )
        opinions.say(found, reply, speaker=opinions.Speaker(people[-1], address="demo"), at=at)
