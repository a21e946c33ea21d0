"""Residents' accounts for tests."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from organizations import services
from organizations.identity import phone_key
from organizations.models import Resident, User
from organizations.services.residents import PRIVACY_VERSION
from tests.factories.organizations import hashed_password


class ResidentFactory(DjangoModelFactory):
    """The person; `registered=True`: with a name of their own. Signs in with number and code."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        registered = factory.Trait(full_name=factory.Sequence(lambda n: f"梁秀{n}"))

    username = factory.Sequence(lambda n: f"r-{n:016x}")
    nickname = factory.Sequence(lambda n: f"街坊{n}")
    phone = factory.Sequence(lambda n: f"135{n:08d}")
    full_name = ""
    is_resident = True
    password = factory.LazyFunction(hashed_password)

    @factory.post_generation
    def account(self, create, _given, **_more):
        if create:
            Resident.objects.create(
                person=self, phone_key=phone_key(self.phone), joined_at=timezone.now(),
                agreed_at=timezone.now(), agreed_to=PRIVACY_VERSION,
            )  # fmt: skip


def verified(*, by, at, **more):
    """A resident whom a clerk (`by`) has confirmed."""
    person = ResidentFactory(registered=True, **more)
    services.verify_identity(person, how="counter", by=by, at=at)
    return person
