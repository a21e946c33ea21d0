"""Appraisals of the demo town: a quarter published after an appeal, months at every step of the
review, people's results that may still be appealed against, one that was cancelled."""

import datetime

from django.utils import timezone

from funding.models import Line
from grids.models import Territory
from grids.scopes import scopes_of
from lib.roles import Role
from organizations.models import Post
from organizations.models.people import PostQuerySet
from oversight.models import Appraisal, Appraised, Scheme, Score
from oversight.models.schemes import Of
from oversight.periods import Kind, Period, period_of
from oversight.services import appealing, appraising, reviewing, rewarding
from oversight.services.outcomes import numbers_of_edition
from oversight.services.rewarding import Proposal

# From the end of the period to the publication: reviews, five work days of appeals, the answer.
_TAKES = datetime.timedelta(days=40)
_DAY = datetime.timedelta(days=1)
# A month is appraised when it is over: the demo opens its months so many days before today.
_OPENED = 4 * _DAY


def appraise(*, at: datetime.datetime) -> None:
    """Nothing where the demo has no assessor (a database of another kind)."""
    if _posts(Role.ASSESSOR, at).exists():
        _Year(at).tell()


def _posts(role: Role, at: datetime.datetime) -> PostQuerySet:
    posts = Post.objects.valid_on(timezone.localdate(at)).filter(role=role)
    return posts.select_related("person").order_by("pk")


class _Year:
    """Those who appraise, and what they did."""

    def __init__(self, at: datetime.datetime) -> None:
        self.at = at
        self.assessor, self.supervisor, self.member, self.secretary = (
            _posts(role, at)[0].person
            for role in (
                Role.ASSESSOR, Role.SUPERVISOR, Role.COMMITTEE_MEMBER, Role.PARTY_SECRETARY,
            )
        )  # fmt: skip
        scopes = scopes_of(self.assessor, on=timezone.localdate(at))
        towns = {key for scope in scopes for key in scope.towns}
        self.town = Territory.objects.filter(pk__in=towns).order_by("code")[0]

    def tell(self) -> None:
        self._quarter()
        at = self.at - _OPENED
        month = period_of(Kind.MONTH, timezone.localdate(at)).before()
        self._opened(Of.COMMUNITY, month, at)
        self._signed(self._opened(Of.GRID, month, at), 1, at + _DAY)
        self._reviewed(self._opened(Of.DEPARTMENT, month, at), at + 2 * _DAY)
        wrong = self._opened(Of.PERSON, month, at, role=Role.GRID_WORKER)
        reason = "网格员本月轮岗，改按季度考核。"
        appraising.cancel(wrong, reason=reason, by=self.assessor, at=at + _DAY)
        people = self._opened(Of.PERSON, month, at, role=Role.HANDLER)
        self._publicised(people, at + 3 * _DAY)

    def _opened(
        self, of: str, period: Period, at: datetime.datetime, *, role: str = ""
    ) -> Appraisal:
        scheme = Scheme.objects.filter(of=of, role=role).order_by("pk")[0]
        row = appraising.open_appraisal(
            scheme, self.town, span=period.kind, day=period.first, by=self.assessor, at=at
        )
        while appraising.collect(row, at=at):
            pass
        return row

    def _signed(self, row: Appraisal, level: int, at: datetime.datetime) -> None:
        """By whoever may; nobody for his own body."""
        for person in {1: [self.supervisor], 2: [self.member, self.secretary]}[level]:
            fresh = Appraisal.objects.get(pk=row.pk)
            mine = reviewing.to_sign(fresh, level, by=person, on=timezone.localdate(at))
            if mine.exists():
                reviewing.sign(fresh, level, by=person, at=at)

    def _reviewed(self, row: Appraisal, at: datetime.datetime) -> None:
        self._signed(row, 1, at)
        self._signed(row, 2, at)

    def _publicised(self, row: Appraisal, at: datetime.datetime) -> Appraisal:
        self._reviewed(row, at)
        return appraising.publicise(row, by=self.assessor, at=at)

    def _quarter(self) -> None:
        """The newest one that is long enough ago: appealed against, corrected, published."""
        period = period_of(Kind.QUARTER, timezone.localdate(self.at - _TAKES)).before()
        began = datetime.datetime.combine(period.last + 9 * _DAY, datetime.time(10))
        at = timezone.make_aware(began)
        row = self._publicised(self._opened(Of.DEPARTMENT, period, at), at + _DAY)
        self._appeal(row, at + 2 * _DAY)
        done = appraising.publish(row, by=self.assessor, at=at + 20 * _DAY)
        self._rewards(done, at + 21 * _DAY)

    def _appeal(self, row: Appraisal, at: datetime.datetime) -> None:
        """The first department with something late says that an extension was overlooked."""
        numbers = numbers_of_edition(row, row.edition)
        heads = Post.objects.valid_on(timezone.localdate(at)).filter(role=Role.DEPARTMENT_HEAD)
        by_body = {post.body_id: post.person for post in heads.select_related("person")}
        for one in Appraised.objects.filter(appraisal=row).order_by("pk"):
            late = numbers[one.pk].get("closed_late", 0)
            if late and one.body_id in by_body:
                in_time = numbers[one.pk].get("closed_on_time", 0) + 1
                asked = appealing.appeal(
                    one, text="其中一件已于到期前批准延期，系统仍按原时限计为超期，附延期批复。",
                    wanted={"closed_late": late - 1, "closed_on_time": in_time},
                    by=by_body[one.body_id], at=at,
                )  # fmt: skip
                appealing.grant(
                    asked, answer="经核对延期批复属实，更正一件。", by=self.secretary, at=at + _DAY
                )
                return

    def _rewards(self, row: Appraisal, at: datetime.datetime) -> None:
        """The best is commended; a bonus waits for a decision."""
        best = Score.objects.newest().filter(edition__appraisal=row, rank=1).order_by("pk").first()
        if best is None or best.final not in {"excellent", "good"}:
            return
        praise = rewarding.propose(
            best.appraised, Proposal("praise", "闭环及时，群众评价好。"), by=self.assessor, at=at
        )
        rewarding.approve(praise, by=self.secretary, at=at + _DAY)
        line = Line.objects.filter(purposes__isnull=False, available__gte=500_000).first()
        if line is not None:
            purpose = line.purposes.select_related("purpose")[0].purpose
            bonus = Proposal("bonus", "季度考核第一名团队奖励", 300_000, line, purpose)
            rewarding.propose(best.appraised, bonus, by=self.assessor, at=at)
