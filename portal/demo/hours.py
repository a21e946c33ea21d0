"""Hours of the demo's volunteers: arrived, left, confirmed, objected to, certified, revoked.

Everything comes by the services, at moments before now: twelve weeks at one community, a shift that
is under way, and a time bank into which two have saved.
"""

import datetime
from dataclasses import dataclass, field

from django.utils import timezone

from grids.models import BodyTerritory, Level, Territory
from lib.errors import RuleViolation
from lib.identifiers import resident_check
from lib.roles import COMMITTEE, Role
from organizations.models import Body, Post, User
from organizations.services import changes, residents
from portal.demo.invention import Inventor
from portal.demo.residents import found_residents
from volunteers import services
from volunteers.models import Activity, HoursRule, Presence, Shift, TimeAccount, Topic, Volunteer
from volunteers.services import certificates, checking_in, hours, saving, time_bank

_WEEKS = 12
_NOON, _HOURS = 11, 3
_INVENTED = 7
_NICKNAMES = ("凤凰花", "老街坊", "小陈", "早起的人", "晴天", "阿妹", "灯下看书")
_AGES = ("19580317", "19710605", "19850922", "19931111", "20010208", "19660730", "19880414")
_ACTIVITY = ("长者饭堂送餐", "Meals for the old", "给行动不便的老人送午餐，陪他们聊聊天。")
_TOPIC = ("elderly", "为老服务", "Help for the old")


@dataclass
class Together:
    """The people of one community who help each other, and their place."""

    community: Territory
    body: Body
    organizers: list[User]
    worker: User
    volunteers: list[Volunteer] = field(default_factory=list)
    accounts: dict[int, TimeAccount] = field(default_factory=dict)


def serve(inventor: Inventor, *, at: datetime.datetime) -> Together | None:
    """None where the demo has no organisers or no rules of hours."""
    organizers = Post.objects.filter(role=Role.VOLUNTEER_ORGANIZER).with_names().order_by("pk")
    worker = Post.objects.filter(role=Role.COMMUNITY_WORKER).with_names().order_by("pk").first()
    if len(organizers) < 2 or worker is None or not HoursRule.objects.exists():
        return None
    place = BodyTerritory.objects.filter(body=worker.body, territory__level=Level.COMMUNITY)
    community = place.select_related("territory").order_by("pk")[0].territory
    people = [post.person for post in organizers[:2]]
    told = _Teller(Together(community, worker.body, people, worker.person), inventor, at)
    told.tell()
    return told.here


class _Teller:
    def __init__(self, here: Together, inventor: Inventor, at: datetime.datetime) -> None:
        self.here, self.inventor, self.at = here, inventor, at
        self.first, self.second = here.organizers

    def ago(self, **delta: float) -> datetime.datetime:
        return self.at - datetime.timedelta(**delta)

    def _noon(self, days: int) -> datetime.datetime:
        """When lunch goes out, so many of the city's days ago: whatever time it is now, nobody who
        also does other things (`portal.demo.service`) is wanted twice."""
        day = timezone.localtime(self.ago(days=days))
        return day.replace(hour=_NOON, minute=0, second=0, microsecond=0)

    def tell(self) -> None:
        self._people()
        activity = self._activity()
        stays = [self._week(activity, weeks) for weeks in range(_WEEKS, 0, -1)]
        self._yesterday(activity)
        self._under_way(activity)
        self._objection(stays[-2][1])
        self._certificates(stays)
        self._time_bank(stays)

    # -- People --------------------------------------------------------------------------------

    def _people(self) -> None:
        at = self.ago(weeks=_WEEKS + 2)
        known = [person for person in found_residents() if person.full_name]
        made = [self._resident(number, at) for number in range(_INVENTED)]
        for number, person in enumerate([*known, *made]):
            self.here.volunteers.append(self._volunteer(person, number, at))

    def _resident(self, number: int, at: datetime.datetime) -> User:
        name, _latin = self.inventor.name()
        return residents.join(
            f"1980000{number:04d}", nickname=_NICKNAMES[number], full_name=name, agreed=True, at=at
        )

    def _volunteer(self, person: User, number: int, at: datetime.datetime) -> Volunteer:
        found = Volunteer.objects.filter(person=person).first()
        if found is not None:
            return found
        first = f"441900{_AGES[number % len(_AGES)]}{900 + number}"
        asked = services.register(
            person, identity=first + resident_check(first), community=self.here.community,
            agreed=True, by=person, at=at,
        )  # fmt: skip
        return services.confirm(asked, by=self.first, at=at + datetime.timedelta(hours=5))

    # -- Shifts --------------------------------------------------------------------------------

    def _activity(self) -> Activity:
        """Drafted by the organiser with its first shift, published by somebody of the committee."""
        at = self.ago(weeks=_WEEKS + 1)
        title, title_en, summary = _ACTIVITY
        made = services.draft(
            by=self.first, at=at, body=self.here.body, community=self.here.community,
            topic=self._topic(at), title=title, title_en=title_en, summary=summary,
            address=f"{self.here.community.name}党群服务中心",
        )  # fmt: skip
        self._shift(made, self._noon(7 * _WEEKS), at)
        services.submit(made, by=self.first, at=at)
        return services.publish(made, by=self._reviewer(), at=at + datetime.timedelta(hours=2))

    def _topic(self, at: datetime.datetime) -> Topic:
        code, name, name_en = _TOPIC
        known = Topic.objects.filter(code=code).first()
        if known is not None:
            return known
        row = Topic(code=code, name=name, name_en=name_en)
        return changes.create(row, by=User.objects.system(), at=at)

    def _reviewer(self) -> User:
        post = Post.objects.filter(role__in=COMMITTEE).with_names().order_by("pk").first()
        return post.person if post else self.second

    def _shift(self, activity: Activity, starts: datetime.datetime, at: datetime.datetime) -> Shift:
        begins = starts.replace(minute=0, second=0, microsecond=0)
        known = activity.shifts.filter(starts_at=begins).first()
        return known or services.add_shift(
            activity, by=self.first, at=at, starts_at=begins,
            ends_at=begins + datetime.timedelta(hours=_HOURS), places=12,
        )  # fmt: skip

    def _came(self, shift: Shift, who: Volunteer, *, leaves: bool = True) -> Presence:
        """Signed up two days before, came by the leader's list, and left at the end."""
        before = shift.starts_at - datetime.timedelta(days=2)
        signup = services.sign_up(shift, who, by=who.person, at=before, tight=True)
        stay = checking_in.note_arrival(signup, by=self.first, at=shift.starts_at)
        return checking_in.note_leaving(stay, by=self.first, at=shift.ends_at) if leaves else stay

    def _week(self, activity: Activity, weeks: int) -> list[Presence]:
        """Most come every week; the confirmed stays, in the order of the volunteers."""
        began = self._noon(7 * weeks)
        shift = self._shift(activity, began, began - datetime.timedelta(days=6))
        people = [one for number, one in enumerate(self.here.volunteers) if (number + weeks) % 4]
        done = shift.ends_at + datetime.timedelta(days=1)
        stays = [self._came(shift, who) for who in people]
        return [hours.confirm(stay, by=self.first, at=done) for stay in stays]

    def _yesterday(self, activity: Activity) -> None:
        """Hours that wait, one whose leaving nobody noted, and one who did not come."""
        shift = self._shift(activity, self._noon(1), self.ago(days=4))
        for who in self.here.volunteers[:3]:
            self._came(shift, who)
        self._came(shift, self.here.volunteers[3], leaves=False)
        away = self.here.volunteers[4]
        before = shift.starts_at - datetime.timedelta(days=2)
        missed = services.sign_up(shift, away, by=away.person, at=before, tight=True)
        checking_in.note_missing(missed, by=self.first, at=shift.ends_at)
        checking_in.close_forgotten(by=User.objects.system(), at=self.at)

    def _under_way(self, activity: Activity) -> None:
        """A shift that began an hour ago: three are here, two are expected."""
        shift = self._shift(activity, self.ago(minutes=59), self.ago(days=3))
        before = shift.starts_at - datetime.timedelta(days=1)
        for number, who in enumerate(self.here.volunteers[:5]):
            signup = services.sign_up(shift, who, by=who.person, at=before, tight=True)
            if number < 3:
                checking_in.note_arrival(signup, by=self.first, at=shift.starts_at)

    # -- What became of the hours -----------------------------------------------------------------

    def _objection(self, stay: Presence) -> None:
        """One says that minutes are missing; the other organiser has to answer."""
        person = Volunteer.objects.select_related("person").get(pk=stay.volunteer_id).person
        words = "送完餐又帮忙收拾了半小时，请核对。"
        decided = stay.confirmed_at or self.at
        at = min(self.at, decided + datetime.timedelta(days=3))
        hours.object_to(stay, text=words, by=person, at=at)

    def _certificates(self, stays: list[list[Presence]]) -> None:
        """Two hold; one counted hours that turned out to be signed for somebody else."""
        since, until = self.ago(weeks=_WEEKS + 1).date(), self.ago(days=7).date()
        for who in (*self.here.volunteers[:2], self.here.volunteers[-1]):
            certificates.issue(
                who, self.here.body, since=since, until=until, by=who.person, at=self.ago(days=6)
            )
        last = self.here.volunteers[-1].pk
        false = next(row for week in stays for row in week if row.volunteer_id == last)
        hours.revoke(
            false, reason="代他人签到，经核实不属实。", years=1, by=self.second, at=self.ago(days=2)
        )

    def _time_bank(self, stays: list[list[Presence]]) -> None:
        """The community's pool; the first two save what they have, the third owes an hour."""
        keeper, at = self.here.worker, self.ago(days=5)
        pool = time_bank.open_pool(self.here.body, by=keeper, at=at)
        for who in self.here.volunteers[:4]:
            account = time_bank.open_account(who.person, pool, by=who.person, at=at)
            self.here.accounts[who.person_id] = account
        for who in self.here.volunteers[:2]:
            for stay in (row for week in stays for row in week if row.volunteer_id == who.pk):
                try:
                    saving.save_stay(stay, by=who.person, at=at)
                except RuleViolation:
                    continue  # the hour that is objected to is not counted just now
