"""What the clock has done in the demo town: limits watched, people warned, messages that failed."""

import datetime

from cases.models import Channel
from cases.services import log, warn_due, watch_forgotten
from organizations import services as organizations
from organizations.models import Delivery, DeliveryAttempt, User
from organizations.services.wishes import set_wishes
from portal.demo.invention import Inventor
from portal.demo.world import World

_FIRE = "出租屋二楼厨房着火，有人被困在里面，请快来！"
_HOUR = datetime.timedelta(hours=1)
# Channel, masked address, why: what an administrator finds in the morning.
_FAILED = (
    ("sms", "138****0011", "503 provider is down for maintenance", 8),
    ("sms", "139****2207", "400 no such number", 1),
    ("wechat", "wx***", "ConnectTimeout", 8),
    ("email", "z***@gongzhi.example", "550 5.1.1 no such user", 1),
)


def keep_time(inventor: Inventor, *, began: datetime.datetime, at: datetime.datetime) -> None:
    """Call after the cases are there; `began` is when the first of them came in."""
    by = User.objects.system()
    _note_a_typhoon(by, before=began, at=at)
    _wish(by, at=at)
    _report_a_fire(inventor, by, at=at)
    while watch_forgotten(at=at):
        pass
    while warn_due(at=at):
        pass
    _fail_some(at=at)


def _note_a_typhoon(by: User, *, before: datetime.datetime, at: datetime.datetime) -> None:
    """A day that the city decided itself, before any limit of the demo began."""
    day = (before - datetime.timedelta(days=14)).date()
    day -= datetime.timedelta(days=max(0, day.weekday() - 4))
    organizations.make_calendar_day(
        day=day, is_working=False, reason="台风停工停课（示例）", by=by, at=at
    )


def _wish(by: User, *, at: datetime.datetime) -> None:
    duty = User.objects.filter(username="duty").first()
    handler = User.objects.filter(username="handler").first()
    if duty and handler:
        organizations.change_person(duty, by=by, at=at, email="duty@gongzhi.example")
        quiet = {"quiet_from": datetime.time(22), "quiet_to": datetime.time(7)}
        set_wishes(handler, quiet)


def _report_a_fire(inventor: Inventor, by: User, *, at: datetime.datetime) -> None:
    spot = World(on=at.date()).spot(inventor.random)
    log(by=by, at=at, channel=Channel.WEB, text=_FIRE, lon=spot.lon, lat=spot.lat)


def _fail_some(*, at: datetime.datetime) -> None:
    people = list(User.objects.exclude(phone="").order_by("pk")[: len(_FAILED)])
    for number, (person, row) in enumerate(zip(people, _FAILED, strict=False), start=1):
        channel, address, why, attempts = row
        begun = at - 3 * _HOUR - number * datetime.timedelta(minutes=7)
        delivery = Delivery.objects.create(
            key=f"demo:{number}",
            channel=channel,
            to=person,
            shown_address=address,
            kind="case-escalate",
            params={"number": "—", "title": "示例", "limit": "handle", "due": begun.isoformat()},
            state=Delivery.State.FAILED,
            made_at=begun,
            due_at=begun,
            attempts=attempts,
            error=why,
        )
        DeliveryAttempt.objects.bulk_create(
            DeliveryAttempt(
                delivery=delivery,
                number=each,
                begun_at=begun + datetime.timedelta(minutes=2 ** (each - 1)),
                ended_at=begun + datetime.timedelta(minutes=2 ** (each - 1), seconds=2),
                error=why,
            )
            for each in range(1, attempts + 1)
        )
