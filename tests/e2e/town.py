"""`python -m tests.e2e.town`: a town with everybody whom a case meets, in the site's database.

Everybody signs in with their role as name and `tests.factories.PASSWORD`, or comes with the key
that stands in the file `SESSIONS` beside it.
"""

import json
import os
from pathlib import Path

SESSIONS = "sessions.json"
CENTRE = {"longitude": 114.05, "latitude": 22.85}  # of the only grid
NAMES = {
    "worker": ("吴霞", "Wu Xia"),
    "handler": ("李伟", "Li Wei"),
    "head": ("王芳", "Wang Fang"),
    "verifier": ("黄敏", "Huang Min"),
    "acceptor": ("陈静", "Chen Jing"),
    "dispatcher": ("刘洋", "Liu Yang"),
    "duty_officer": ("赵磊", "Zhao Lei"),
    "committee": ("周强", "Zhou Qiang"),
}


def make():
    from organizations.models import DutyHours, User
    from routing.models import Category
    from routing.suggest import initials_of
    from tests.e2e import (
        appraisal,
        branches,
        deliberation,
        emergencies,
        ground,
        handing,
        learning,
        mutual,
        speakers,
        volunteering,
        voters,
    )
    from tests.factories.cases import make_town

    town = make_town(free=100_000_000)
    for name, (chinese, english) in NAMES.items():
        person = getattr(town, name)
        person.username, person.full_name, person.full_name_en = name, chinese, english
        person.save()
    town.posts.handler.capacity = 200
    town.posts.handler.save(update_fields=["capacity"])
    for weekday in range(7):
        DutyHours.objects.create(
            post=town.posts.handler, weekday=weekday, starts="00:00", ends="23:59"
        )
    for category in Category.objects.all():
        category.initials, category.keywords = initials_of(category.name), [category.name[:2]]
        category.save(update_fields=["initials", "keywords"])
    keep_time(town)
    plan_visits(town)
    assert User.objects.filter(username="worker").exists()
    make_money_office()
    voters.make(town)
    speakers.make(town)
    ground.make(town)
    volunteering.make(town)
    deliberation.make(town)
    mutual.make(town)
    emergencies.make(town)
    handing.make(town)
    learning.make(town)
    branches.make(town)
    appraisal.make(town)


def make_money_office():
    """A line of 1,000 yuan and one of donations, with their people and somebody who supervises.

    The head of this office signs in as `chief`.
    """
    from django.utils import timezone

    from tests.factories import money
    from tests.factories.organizations import PostFactory
    from tests.factories.public_money import donation_line

    office = money.make_office(at=timezone.now())
    office.line.body.code = "money-office"
    office.line.body.save(update_fields=["code"])
    donation_line(office.purpose, body=office.line.body, code="gifts")
    supervisor = PostFactory(body=office.line.body, role="supervisor").person
    for name, person in {**office.people, "supervisor": supervisor}.items():
        person.username = "chief" if name == "head" else name
        person.save()


def plan_visits(town):
    """A dwelling beside the worker that is due today, by a form with every kind of question."""
    from django.utils import timezone

    from grids.models import VisitPlan
    from tests.factories import visits

    kind = visits.kind_of(icon="home")
    point = (CENTRE["longitude"], CENTRE["latitude"])
    visits.planned(kind, visits.target_in(town.grid, point=point, address="环城路 12 号"))
    VisitPlan.objects.update(due_on=timezone.localdate())


def keep_time(town):
    """The clock's rules, a case that nobody has signed for five days, messages that failed."""
    import datetime

    from django.utils import timezone

    from cases.services.reference import load_reference as load_clock
    from organizations.models import Delivery
    from organizations.services.reference import load_reference
    from routing.services.reference import add_danger_words
    from tests.factories.cases import dispatched
    from tests.factories.organizations import PostFactory, UserFactory

    now = timezone.now()
    for load in (load_clock, load_reference, add_danger_words):
        load(by=town.system, at=now)
    dispatched(town, at=now - datetime.timedelta(days=5), title="late-1")
    admin = UserFactory(username="sysadmin", full_name="孙杰", full_name_en="Sun Jie")
    admin.phone = "13800000011"
    admin.save()
    PostFactory(person=admin, body=town.centre, role="system_admin")
    guard = UserFactory(username="security", full_name="沈安", full_name_en="Shen An")
    PostFactory(person=guard, body=town.centre, role="security_admin")
    for number in range(4):
        Delivery.objects.create(
            key=f"failed-{number}", channel="sms", to=admin, shown_address="138****0011",
            kind="case-filed", params={"number": "1", "title": "路灯不亮"}, state="failed",
            made_at=now, due_at=now, attempts=8, error="503 down",
        )  # fmt: skip


def let_in():
    """{name: key of a session}, for all who have a password and are asked for nothing else."""
    from django.contrib.auth.hashers import is_password_usable
    from django.test import Client

    from organizations.models import User

    keys = {}
    for person in User.objects.filter(is_active=True).exclude(password=""):
        if is_password_usable(person.password):
            client = Client()
            client.force_login(person)
            keys[person.username] = client.cookies["sessionid"].value
    return keys


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command

    from tests.migrated import Migrated

    django.setup()
    migrated = Migrated(settings.DATABASES["default"]["NAME"])
    call_command("migrate", verbosity=0)
    migrated.done()
    make()
    Path(settings.VAR_DIR, SESSIONS).write_text(json.dumps(let_in()), encoding="utf-8")
