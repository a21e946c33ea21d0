"""Pay of community workers and basic services of the demo: planned, entered, checked; a project
of donations with a report on its use."""

import datetime

from funding.models import DonationProject, Line, PayGrade, ServiceStandard
from funding.services import disclosing, standards
from grids.models import BodyTerritory, Level
from organizations.models import Body, User
from organizations.models.bodies import Nature
from organizations.services import changes

_YUAN = 100
# Post, level, yuan of pay and of benefits for one and a month, people of the first community.
_GRADES = (
    ("head", 1, 7200, 2600, 6),
    ("deputy", 1, 6100, 2200, 9),
    ("worker", 1, 4300, 1600, 31),
    ("worker", 2, 4700, 1700, 22),
)
# Code, names, units, planned for a year; the communities fall short by turns.
_SERVICES = (
    ("home-visits", "独居老人上门探访", "Visits to old people living alone", "次", "visits", 480),
    ("legal-advice", "法律顾问坐班", "Hours of the legal adviser", "小时", "hours", 96),
    ("health-checks", "老年人健康体检", "Health checks for the old", "人", "people", 260),
)
_COMMUNITIES, _SHORT = 3, 0.9
_GIFTS = "用于困难家庭、独居老人和突发困难居民的临时帮扶。每一笔都公开。"
_USED = "本期收到的捐款已全部用于一户困难家庭的微心愿，付款凭证见经费线。"


def keep_standards(*, since: datetime.date, at: datetime.datetime) -> None:
    """What the books say of last month and of this year."""
    maker, checker = (User.objects.get(username=name) for name in ("maker", "checker"))
    bodies = _communities()
    _pay(bodies[:1], maker, checker, since, at)
    _serve(bodies, maker, checker, since, at)
    _tell_of_gifts(maker, since, at)


def _communities() -> list[Body]:
    covered = BodyTerritory.objects.filter(territory__level=Level.COMMUNITY)
    rows = Body.objects.filter(kind__nature=Nature.COMMUNITY, pk__in=covered.values("body"))
    return list(rows.order_by("code")[:_COMMUNITIES])


def _pay(
    bodies: list[Body], maker: User, checker: User, since: datetime.date, at: datetime.datetime
) -> None:
    last_month = at.date().replace(day=1) - datetime.timedelta(days=1)
    for post, level, pay, benefits, people in _GRADES:
        grade = PayGrade(
            post=post, level=level, pay=pay * _YUAN, benefits=benefits * _YUAN, valid_from=since
        )
        changes.create(grade, by=maker, at=at)
        paid = standards.Paid(people, people * pay * _YUAN, people * benefits * _YUAN)
        for body in bodies:
            row = standards.enter_pay(body, grade, month=last_month, paid=paid, by=maker, at=at)
            standards.check_actual(row, by=checker, at=at)


def _serve(
    bodies: list[Body], maker: User, checker: User, since: datetime.date, at: datetime.datetime
) -> None:
    for index, (code, name, name_en, unit, unit_en, amount) in enumerate(_SERVICES):
        standard = ServiceStandard(
            code=code, name=name, name_en=name_en, unit=unit, unit_en=unit_en, amount=amount,
            valid_from=since,
        )  # fmt: skip
        changes.create(standard, by=maker, at=at)
        for turn, body in enumerate(bodies):
            had = int(amount * _SHORT) if turn == index else amount
            row = standards.enter_service(body, standard, year=at.year, amount=had, by=maker, at=at)
            standards.check_actual(row, by=checker, at=at)


def _tell_of_gifts(maker: User, since: datetime.date, at: datetime.datetime) -> None:
    line = Line.objects.filter(source__code="donation", project=None).order_by("pk").first()
    if line is None:
        return
    project: DonationProject = disclosing.make_project(
        line, by=maker, at=at, name="爱心帮扶", name_en="Help for those in need", about=_GIFTS,
        begins=since,
    )  # fmt: skip
    disclosing.report_use(project, text=_USED, by=maker, at=at)
