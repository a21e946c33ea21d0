"""A community whose people help each other; they sign in with the names below.

`python -m tests.e2e.mutual shift`: a shift that began some minutes ago, with the two helpers on it;
`pay WISH`: what is owed for a wish is paid, as the cashier would after the application.
"""

import datetime
import sys

ORGANIZERS = ("organizer-1", "organizer-2")
HELPERS = (("helper-1", "陈安然"), ("helper-2", "李小波"))
OTHERS = {"carer": "何家英", "asker": "欧阳娜娜", "unit-contact": "郑文杰"}


def make(town):
    from django.utils import timezone

    from lib.roles import Role
    from tests.factories import hours as places
    from tests.factories import wishes as mutual
    from tests.factories.funding import PurposeFactory
    from tests.factories.organizations import BodyFactory, PostFactory, UserFactory
    from tests.factories.public_money import donation_line
    from tests.factories.time_bank import make_rule
    from volunteers.models import HoursRule

    at = timezone.now()
    if not HoursRule.objects.exists():
        places.make_rules()
    make_rule()
    body = BodyFactory(community=True, code="mutual", name="互助社区居委会")
    place = places.make_place(town=town.place, community=town.community, body=body)
    people = {
        "organizer-1": place.organizer,
        "organizer-2": place.second,
        "carer": place.worker,
        "wish-maker": PostFactory(role=Role.FINANCE_MAKER, body=body).person,
        "wish-checker": PostFactory(role=Role.FINANCE_CHECKER, body=body).person,
        "asker": UserFactory(),
        "unit-contact": UserFactory(),
        **{name: UserFactory(full_name=shown) for name, shown in HELPERS},
    }
    for name, _shown in HELPERS:
        places.volunteer(place, person=people[name], at=at)
    for name, person in people.items():
        person.username, person.full_name = name, OTHERS.get(name, person.full_name)
        person.save()
    mutual.unit_report(place, contact=people["unit-contact"], at=at)
    donation_line(PurposeFactory(name="助学"), body=body, code="wish-gifts", name="爱心捐赠")


def shift():
    """Its key. It ends soon, so that leaving now counts until its end."""
    from types import SimpleNamespace

    from django.utils import timezone

    from organizations.models import Body, User
    from tests.factories import hours as places
    from volunteers.models import Topic, Volunteer

    now = timezone.now()
    body = Body.objects.get(code="mutual")
    community = body.territories.get().territory
    organizer, second = (User.objects.get(username=name) for name in ORGANIZERS)
    place = SimpleNamespace(
        community=community, town=community.parent, body=body, topic=Topic.objects.get(),
        organizer=organizer, second=second,
    )  # fmt: skip
    begins = now - datetime.timedelta(minutes=9)
    row = places.shift(place, starts=begins, hours=18 / 60, at=now)
    for name, _shown in HELPERS:
        places.signed(row, Volunteer.objects.get(person__username=name), at=now)
    return row.pk


def pay(wish):
    from django.utils import timezone

    from funding import services as funding
    from organizations.models import User
    from volunteers.models import Take

    hold = Take.objects.get(wish=wish, state="taken").hold
    by = User.objects.get(username="wish-checker")
    funding.pay(hold, amount=hold.payable, key=f"e2e:{wish}", by=by, at=timezone.now())
    return hold.pk


def main():
    import django

    django.setup()
    act = sys.argv[1]
    print(shift() if act == "shift" else pay(int(sys.argv[2])))


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
