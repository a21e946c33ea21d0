"""Bodies, people and posts for tests."""

import datetime
import functools

import factory
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from lib.roles import Role
from organizations.models import Body, BodyKind, DutyHours, Post, Skill, User
from organizations.models.bodies import Nature
from tests.factories import PASSWORD

LONG_AGO = datetime.date(2020, 1, 1)


class BodyKindFactory(DjangoModelFactory):
    class Meta:
        model = BodyKind
        django_get_or_create = ("code",)

    code = "department"
    nature = Nature.DEPARTMENT
    name = "职能部门"
    name_en = "Department"

    class Params:
        committee = factory.Trait(
            code="committee", nature=Nature.COMMITTEE, name="社会工作委员会", name_en="Committee"
        )
        community = factory.Trait(
            code="community", nature=Nature.COMMUNITY, name="社区居民委员会", name_en="Community"
        )
        party = factory.Trait(
            code="party", nature=Nature.PARTY, name="镇党委", name_en="Party committee"
        )


class BodyFactory(DjangoModelFactory):
    class Meta:
        model = Body

    kind = factory.SubFactory(BodyKindFactory)
    parent = None
    code = factory.Sequence(lambda n: f"body-{n}")
    name = factory.Sequence(lambda n: f"第{n}办公室")
    name_en = factory.Sequence(lambda n: f"Office {n}")
    valid_from = LONG_AGO

    class Params:
        committee = factory.Trait(kind=factory.SubFactory(BodyKindFactory, committee=True))
        community = factory.Trait(kind=factory.SubFactory(BodyKindFactory, community=True))
        party = factory.Trait(kind=factory.SubFactory(BodyKindFactory, party=True))


@functools.cache
def hashed_password():
    """Of `PASSWORD`, once: a good hash takes a tenth of a second."""
    return make_password(PASSWORD)


class UserFactory(DjangoModelFactory):
    """Signs in with `PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    full_name = factory.Sequence(lambda n: f"张{n}")
    full_name_en = factory.Sequence(lambda n: f"Zhang {n}")
    password = factory.LazyFunction(hashed_password)

    @classmethod
    def system(cls):
        return User.objects.system()


class SkillFactory(DjangoModelFactory):
    class Meta:
        model = Skill

    code = factory.Sequence(lambda n: f"skill-{n}")
    name = factory.Sequence(lambda n: f"技能{n}")
    name_en = factory.Sequence(lambda n: f"Skill {n}")


class PostFactory(DjangoModelFactory):
    class Meta:
        model = Post

    person = factory.SubFactory(UserFactory)
    body = factory.SubFactory(BodyFactory)
    role = Role.HANDLER
    capacity = 10
    valid_from = LONG_AGO


class DutyHoursFactory(DjangoModelFactory):
    class Meta:
        model = DutyHours

    post = factory.SubFactory(PostFactory)
    weekday = 0
    starts = datetime.time(8, 30)
    ends = datetime.time(17, 30)
