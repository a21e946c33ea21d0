"""What the demo town talks about: matters that several people raise, and the topics they make."""

import datetime

from cases.models import Channel
from cases.services import log
from cases.services.topics import open_run, search_topics
from organizations.models import User
from portal.demo.invention import Inventor
from portal.demo.world import World
from routing.models import Category

_DAYS_BEFORE = (9, 6, 5, 3, 2, 1)
# By the code of the small class: the same matter in the words of different people.
_TALK = {
    "factory-noise": (
        "花园新村旁边的搅拌站夜里噪音太大，老人睡不着",
        "投诉花园新村附近搅拌站噪音扰民，灰尘也大",
        "花园新村搅拌站噪音扰民，业主天天受罪",
        "花园新村小区搅拌站粉尘和噪音谁来管",
        "花园新村搅拌站凌晨还在施工，噪音吵得业主睡不着",
        "花园新村搅拌站灰尘大、噪音大，请责令整改",
    ),
    "street-lamp-out": (
        "中学门口路灯全部不亮，晚自习学生回家太黑",
        "中学门口那段路灯不亮，学生晚自习后看不见路",
        "请修中学门口路灯，晚自习学生回家不安全",
        "中学门口路灯坏了一周，学生晚自习回家摸黑",
    ),
}


def talk(inventor: Inventor, *, at: datetime.datetime) -> None:
    """Log the matters over the last days, then search for topics as the night does."""
    world, system = World(on=at.date()), User.objects.system()
    for code, texts in _TALK.items():
        spot = world.spot(inventor.random)
        category = Category.objects.filter(code=code).first()
        for days, text in zip(_DAYS_BEFORE[-len(texts) :], texts, strict=True):
            log(
                by=User.objects.get(username="clerk"),
                at=at - datetime.timedelta(days=days),
                channel=Channel.HOTLINE,
                title=text[:40],
                text=text,
                category=category,
                lon=spot.lon,
                lat=spot.lat,
            )
    search_topics(open_run(by=system, at=at), at=at)
