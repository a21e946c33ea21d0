"""Load the demo: territory, bodies, duty list, people, money, then the lives of cases."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case
from cases.services import route_waiting
from funding.models import Line
from grids import services as grids
from grids.models import Level, Territory
from grids.services.schematic import draw_schematic
from grids.synthesis import HUANGJIANG
from lib.errors import RuleViolation
from organizations.models import Body, User
from oversight.services import count_all
from portal.demo.accounts import PASSWORD, let_in
from portal.demo.appraisals import appraise
from portal.demo.areas import HOME, coordinate, make_areas, staff_areas
from portal.demo.bodies import TownBodies
from portal.demo.centres import open_centres
from portal.demo.clock import keep_time
from portal.demo.committees import govern
from portal.demo.consultations import consult
from portal.demo.duties import Needs
from portal.demo.emergencies import face_emergencies
from portal.demo.handing_over import hand_over
from portal.demo.invention import Inventor
from portal.demo.legislation import legislate
from portal.demo.lives import Biographer
from portal.demo.money import TownMoney
from portal.demo.openness import publish
from portal.demo.opinions import opine
from portal.demo.people import TownPeople
from portal.demo.pictures import draw_pictures
from portal.demo.projects import call_for_projects
from portal.demo.puzzles import pose
from portal.demo.residents import settle
from portal.demo.service import serve
from portal.demo.sessions import hold
from portal.demo.spending import Spending
from portal.demo.standards import keep_standards
from portal.demo.talent import learn
from portal.demo.talk import talk
from portal.demo.teams import staff
from portal.demo.together import meet
from portal.demo.turns import Turns
from portal.demo.visits import Walks
from portal.demo.voices import speak
from portal.demo.wishes import help_each_other
from portal.demo.world import World
from portal.demo.writing import Writer
from routing.matching import Judge
from routing.services.reference import give_duty_list

_CHUNK = 2000
_AT_ONCE = 20_000
_TRACED = 5000
# Budgets foresee somewhat more than the cases that come in.
_RESERVE = 1.15
# Shares of a day's matters, and the hours in which they come in.
_HOURS = ((0.05, 0, 7), (0.89, 7, 21), (0.06, 21, 24))
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to make: `scale` is "town" (黄江镇) or "city"; cases began within the last `days`."""

    scale: str
    cases: int
    days: int
    seed: int
    at: datetime.datetime

    @property
    def begun(self) -> datetime.datetime:
        """When the bodies were set up: some days before the first case."""
        return self.at - datetime.timedelta(days=self.days + 10)

    @property
    def since(self) -> datetime.date:
        return datetime.date(timezone.localdate(self.begun).year, 1, 1)

    @property
    def until(self) -> datetime.date:
        """The day after this year's end."""
        return datetime.date(timezone.localdate(self.at).year + 1, 1, 1)


def load(plan: Plan, *, tell: Tell) -> None:
    """Make the demo; `tell(stage, done, total)` is called as it goes. Deterministic by its seed.

    Refused (RuleViolation) where bodies exist already: invented people do not mix with real ones.
    """
    if Body.objects.exists():
        raise RuleViolation(_("There are bodies already: the demo wants an empty database."))
    # A town comes whole or not at all; of a million cases each chunk is a transaction of its own.
    with transaction.atomic() if plan.cases <= _AT_ONCE else nullcontext():
        _make_world(plan, tell)
        _tell_lives(plan, tell)


@transaction.atomic
def _make_world(plan: Plan, tell: Tell) -> None:
    by = User.objects.system()
    begun, since = plan.begun, plan.since
    inventor = Inventor(plan.seed)
    tell(_("Map"), 0, 1)
    towns_inside = None if plan.scale == "city" else [HUANGJIANG]
    draw_schematic(seed=plan.seed, since=since, by=by, at=begun, towns=towns_inside)
    tell(_("Map"), 1, 1)
    towns = list(_towns(plan))
    area = make_areas(since=since, by=by, at=begun)[HOME]
    for index, town in enumerate(towns):
        tell(_("People and duties"), index, len(towns))
        yearly = round(_RESERVE * plan.cases * 365 / plan.days / len(towns))
        _make_town(town, area, inventor, plan, yearly)
    tell(_("People and duties"), len(towns), len(towns))
    password = make_password(PASSWORD)
    staff(Inventor(plan.seed + 2), since=since, at=plan.at)
    staff_areas(Inventor(plan.seed + 5), at=begun)
    let_in(password)
    settle(password=password, at=begun)


def _towns(plan: Plan) -> Iterator[Territory]:
    towns = Territory.objects.at_level(Level.TOWN).order_by("code")
    if plan.scale == "town":
        yield towns.get(code=HUANGJIANG)
        return
    yield from towns.filter(boundaries__valid_to=None, boundaries__isnull=False)


def _make_town(town: Territory, area: Body, inventor: Inventor, plan: Plan, cases: int) -> None:
    by, since, at = User.objects.system(), plan.since, plan.begun
    bodies = TownBodies(town, since=since, by=by, at=at)
    bodies.make(area)
    give_duty_list(town, bodies.by_slug, by=by, at=at)
    open_centres(town, Inventor(int(town.code)), since=since, by=by, at=at)
    needs = Needs(town, on=timezone.localdate(at))
    prefix = "" if town.code == HUANGJIANG else f"{town.code}-"
    people = TownPeople(bodies, needs, inventor, prefix=prefix)
    people.make()
    TownMoney(bodies, needs, until=plan.until, by=by, cases=cases).make()


def _tell_lives(plan: Plan, tell: Tell) -> None:
    judge = Judge.load(at=plan.at)
    inventor = Inventor(plan.seed + 1)
    teller = Biographer(World(on=timezone.localdate(plan.at)), inventor, judge, plan.at)
    writer = Writer(pictures=draw_pictures(), traced_from=plan.cases - _TRACED)
    stories = []
    for key, (at, number) in enumerate(_beginnings(plan, inventor, writer), start=1):
        stories.append(teller.tell(key, at, number))
        if len(stories) == _CHUNK or key == plan.cases:
            writer.write(stories, at=plan.at)
            stories = []
        if key % 100 == 0 or key == plan.cases:
            tell(_("Cases"), key, plan.cases)
    writer.finish()
    tell(_("Matters for people to decide"), 0, 1)
    _live_together(plan, inventor)
    count_all()
    appraise(at=plan.at)
    keep_standards(since=timezone.localdate(plan.at).replace(month=1, day=1), at=plan.at)
    publish(at=plan.at)
    tell(_("Matters for people to decide"), 1, 1)


def _live_together(plan: Plan, inventor: Inventor) -> None:
    """What people do with and beside the cases: in the order in which it reads the others."""
    pose(inventor, at=plan.at)
    talk(inventor, at=plan.at)
    Turns(at=plan.at).take()
    spending = Spending(at=plan.at)
    spending.tell()
    _route_all(at=plan.at)
    meet(at=plan.at)
    Walks(inventor.random, at=plan.at).walk()
    _route_all(at=plan.at)
    _let_people_speak(at=plan.at)
    serve(Inventor(plan.seed + 3), at=plan.at)
    keep_time(inventor, began=plan.at - datetime.timedelta(days=plan.days), at=plan.at)
    speak(at=plan.at)
    _route_all(at=plan.at)
    help_each_other(Inventor(plan.seed + 3), at=plan.at)
    face_emergencies(at=plan.at)
    hand_over(at=plan.at)
    learn(Inventor(plan.seed + 4), at=plan.at)
    legislate(at=plan.at)
    govern(at=plan.at)
    coordinate(at=plan.at)
    spending.close_month()  # nobody writes into it from here on
    grids.ask_check(by=User.objects.system(), at=plan.at)
    grids.check_waiting(moment=lambda: plan.at)


def _let_people_speak(*, at: datetime.datetime) -> None:
    consult(at=at)
    hold(at=at)
    opine(at=at)
    call_for_projects(at=at)


def _route_all(*, at: datetime.datetime) -> None:
    while route_waiting(at=at):
        pass


def _beginnings(
    plan: Plan, inventor: Inventor, writer: Writer
) -> Iterator[tuple[datetime.datetime, str]]:
    """Moments in order, most of them by day, with the numbers that the counter would have given."""
    start = plan.at - datetime.timedelta(days=plan.days)
    step = datetime.timedelta(days=plan.days) / max(plan.cases, 1)
    today = timezone.localdate(plan.at)
    for index in range(plan.cases):
        at = _by_day(start + step * index + step * inventor.random.random(), today)
        day = timezone.localdate(at)
        writer.numbers[day] += 1
        yield at, f"{day:%Y%m%d}{writer.numbers[day]:06d}"


def _by_day(at: datetime.datetime, today: datetime.date) -> datetime.datetime:
    """Most matters come in between seven and nine; earlier stays earlier. Today is as it is."""
    local = timezone.localtime(at)
    if local.date() == today:
        return at
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    share = (local - midnight) / datetime.timedelta(days=1)
    return midnight + datetime.timedelta(hours=_hour_at(share))


def _hour_at(share: float) -> float:
    """The hour by which this share of a day's matters has come in."""
    for part, first, last in _HOURS:
        if share < part:
            return first + (last - first) * share / part
        share -= part
    return 24 - 1e-6


def summary() -> dict[str, int]:
    """What stands in the database now, for the closing line."""
    return {
        "bodies": Body.objects.count(),
        "people": User.objects.count(),
        "grids": Territory.objects.at_level(Level.GRID).count(),
        "lines": Line.objects.count(),
        "cases": Case.objects.count(),
    }
