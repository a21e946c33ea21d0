"""A secretary who confirms, and three hundred volunteers, one of whom signs in as `em-called`.

`python -m tests.e2e.emergencies ORDER`: the day on which the data of an order go has come.
"""

import datetime
import sys

VOLUNTEERS = 300


def make(town):
    from django.utils import timezone

    from emergency.services.reference import load_reference
    from lib.roles import Role
    from organizations.models import User
    from tests.factories.organizations import PostFactory, UserFactory
    from volunteers.models import Volunteer

    at = timezone.now()
    load_reference(by=town.system, at=at)
    secretary = PostFactory(role=Role.PARTY_SECRETARY, body=town.centre).person
    secretary.username = "em-secretary"
    secretary.save()
    called = UserFactory(username="em-called", full_name="林小满", full_name_en="Lin Xiaoman")
    names = [User(username=f"em-many-{n}", full_name=f"志愿{n:03d}") for n in range(1, VOLUNTEERS)]
    people = [called, *User.objects.bulk_create(names)]
    Volunteer.objects.bulk_create(
        Volunteer(
            person=person, born=datetime.date(1990, 1, 1), state="active", registered_at=at,
            consent_at=at, consent_version="1", reviewed_at=at, reviewed_by=secretary,
            town=town.place, community=town.community, grid=town.grid,
        )
        for person in people
    )  # fmt: skip


def delete(order):
    from django.utils import timezone

    from emergency.services import deleting
    from organizations.models import User

    later = timezone.now() + datetime.timedelta(days=30)
    assert deleting.delete_due(by=User.objects.system(), at=later) == 1, order


def main():
    import django

    django.setup()
    delete(int(sys.argv[1]))


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
