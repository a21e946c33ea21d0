"""Three residents with accounts, one of each level; they sign in by telephone and code."""

import datetime

from lib.roles import Role
from organizations import services
from organizations.models import Post, User
from organizations.services import residents

# Number, name that others see, own name.
PEOPLE = (
    ("19900000001", "榕树头阿嫲", ""),
    ("19900000002", "早点铺老李", "李伟强"),
    ("19900000003", "三楼的阳台", "陈晓芳"),
)


def settle(*, password: str, at: datetime.datetime) -> None:
    """By telephone alone, with a name, and confirmed at the counter; the same password for all."""
    people = [
        residents.join(phone, nickname=nickname, full_name=name, agreed=True, at=at)
        for phone, nickname, name in PEOPLE
    ]
    User.objects.filter(pk__in=[person.pk for person in people]).update(password=password)
    clerk = Post.objects.filter(role=Role.ACCEPTOR).with_names().order_by("pk")[0].person
    services.verify_identity(people[-1], how="counter", by=clerk, at=at, note="居民身份证")


def resident(number: int) -> User:
    """The first, second or third of them (0, 1, 2)."""
    phone = PEOPLE[number][0]
    found = residents.resident_of(phone)
    if found is None:
        raise LookupError(f"the demo has no resident {phone}")
    return found


def found_residents() -> list[User]:
    """Those who still have an account."""
    found = (residents.resident_of(phone) for phone, _nickname, _name in PEOPLE)
    return [person for person in found if person is not None]
