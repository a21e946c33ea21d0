"""Turns that cases take in real life: looked at, extended, suspended, disputed, taken up again.

Made through the same services as in the real town, by the people to whom each step belongs.
"""

import datetime

from django.utils import timezone

from cases import services
from cases.models import Case, Task, TaskState
from cases.workflow import State
from lib.roles import Role
from organizations.models import Post, User


class Turns:
    """Every turn takes the oldest case that fits it, and none where no case does."""

    def __init__(self, *, at: datetime.datetime) -> None:
        self.at, self.on = at, timezone.localdate(at)
        self.taken: set[int] = set()
        accounts = ("clerk", "dispatcher", "committee", "verifier")
        people = {user.username: user for user in User.objects.filter(username__in=accounts)}
        self.clerk, self.dispatcher, self.committee, self.verifier = map(people.get, accounts)

    def take(self) -> None:
        if not all((self.clerk, self.dispatcher, self.committee, self.verifier)):
            return
        self._look()
        self._extend()
        self._ask_for_more_time()
        self._suspend()
        self._appeal()
        self._decide()
        self._dispute()
        self._reopen()

    def _next(self, state: State, **more: object) -> Case | None:
        rows = Case.objects.filter(state=state, **more).exclude(pk__in=self.taken).order_by("pk")
        case = rows.select_related("lead_post__person").first()
        if case is not None:
            self.taken.add(case.pk)
        return case

    def _in_work(self) -> tuple[Case, User, User] | None:
        """A case in time, its handler, and a head who is somebody else."""
        heads = Post.objects.valid_on(self.on).filter(role=Role.DEPARTMENT_HEAD)
        led = heads.values("body")
        case = self._next(State.HANDLING, handle_due_at__gt=self.at, lead_body__in=led)
        if case is None or case.lead_post is None:
            return None
        head = heads.filter(body=case.lead_body_id).select_related("person").earliest("pk")
        return case, case.lead_post.person, head.person

    def _look(self) -> None:
        case = self._next(State.SUBMITTED, grid__isnull=False, category__is_emergency=False)
        if case is not None and self.clerk:
            services.verify(
                case, by=self.clerk, at=self.at, note="请看看问题是否还在，拍一张照片。"
            )

    def _extend(self) -> None:
        found = self._in_work()
        if found and self.dispatcher:
            case, handler, head = found
            services.ask_extension(case, by=handler, at=self.at, note="配件要从厂家调货。")
            services.review_extension(case, granted=True, by=head, at=self.at, note="情况属实。")
            services.review_extension(case, granted=True, by=self.dispatcher, at=self.at)

    def _ask_for_more_time(self) -> None:
        found = self._in_work()
        if found:
            case, handler, _head = found
            services.ask_extension(case, by=handler, at=self.at, note="连日下雨，路面无法施工。")

    def _suspend(self) -> None:
        found = self._in_work()
        if found and self.dispatcher:
            case, handler, head = found
            until = self.at + datetime.timedelta(days=45)
            said = "汛期不宜开挖，待汛期结束后施工。"
            services.ask_suspension(case, until=until, by=handler, at=self.at, note=said)
            services.review_suspension(case, granted=True, by=head, at=self.at)
            services.review_suspension(case, granted=True, by=self.dispatcher, at=self.at)

    def _appeal(self) -> None:
        heads = Post.objects.valid_on(self.on).filter(role=Role.DEPARTMENT_HEAD)
        case = self._next(State.CLOSED, handled_late=True, lead_body__in=heads.values("body"))
        if case is not None:
            head = heads.filter(body=case.lead_body_id).select_related("person").earliest("pk")
            said = "当天全镇停电，设备无法作业。"
            services.ask_appeal(case, by=head.person, at=self.at, note=said)

    def _refer(self) -> Case | None:
        case = self._next(State.RETURNED)
        if case is None or self.dispatcher is None:
            return None
        said = "两家单位都认为不是自己的职责，请委员会裁定。"
        return services.refer(case, by=self.dispatcher, at=self.at, note=said)

    def _decide(self) -> None:
        case = self._refer()
        returned = Task.objects.filter(case=case, state=TaskState.RETURNED)
        task = returned.select_related("post", "hold__line").first()
        if case is not None and task is not None and self.committee:
            services.adjudicate(
                case,
                post=task.post,
                line=task.hold.line if task.hold else None,
                cost=task.estimate,
                by=self.committee,
                at=self.at,
                note="设施由该单位管护，由其主责办理，今后同类照此办理。",
            )

    def _dispute(self) -> None:
        self._refer()

    def _reopen(self) -> None:
        case = self._next(State.CLOSED, ended_at__gt=self.at - datetime.timedelta(days=10))
        if case is not None and self.verifier:
            services.reopen(case, by=self.verifier, at=self.at, note="群众反映问题又出现了。")
