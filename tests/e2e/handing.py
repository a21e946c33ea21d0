"""Dogs: a matter that nobody answers for, and one that waits to be handed to a community.

`python -m tests.e2e.handing gap|admitted` logs a case of it and prints its number.
"""

import datetime
import os
import sys

NAMES = {
    "ruler": ("林建", "Lin Jian"),
    "ruler2": ("郑秀", "Zheng Xiu"),
    "doghead": ("钱立", "Qian Li"),
    "dogspeaker": ("冯梅", "Feng Mei"),
}
GAP, ADMITTED = "dog-noise", "dog-permits"


def make(town):
    from django.utils import timezone

    from lib.roles import Role
    from tests.factories.funding import LineFactory
    from tests.factories.grids import BodyTerritoryFactory
    from tests.factories.organizations import BodyFactory, PostFactory
    from tests.factories.routing import CategoryFactory, DutyEntryFactory, StandardFactory

    large = CategoryFactory(code="dogs", name="犬只管理", name_en="Dogs")
    small = {
        GAP: CategoryFactory(code=GAP, name="犬吠扰民", name_en="Barking", parent=large),
        ADMITTED: CategoryFactory(
            code=ADMITTED, name="犬证巡查", name_en="Dog permits", parent=large
        ),
    }
    for category in small.values():
        StandardFactory(category=category, points=2, cost=10_000, purpose=town.purpose)
    office = BodyFactory(code="dogs-office", name="犬只管理办", name_en="Dog office")
    community = BodyFactory(
        code="meitang", name="梅塘社区居委会", name_en="Meitang committee", community=True
    )
    BodyTerritoryFactory(body=community, territory=town.community)
    DutyEntryFactory(category=small[ADMITTED], territory=town.community, lead=community)
    posts = {
        "ruler": PostFactory(body=town.centre, role=Role.COMMITTEE_MEMBER),
        "ruler2": PostFactory(body=town.centre, role=Role.COMMITTEE_MEMBER),
        "doghead": PostFactory(body=office, role=Role.DEPARTMENT_HEAD),
        "dogspeaker": PostFactory(body=community, role=Role.COMMUNITY_WORKER),
    }
    for name, post in posts.items():
        person = post.person
        person.username, (person.full_name, person.full_name_en) = name, NAMES[name]
        person.save()
    worker = PostFactory(body=office, role=Role.HANDLER, capacity=20)
    line = LineFactory(
        code="dogs-line", name="犬只管理经费", body=office, purposes=[town.purpose], free=1_000_000
    )
    _applied(town, small[ADMITTED], posts["doghead"], community, line, worker, timezone.now())


def _applied(town, category, head, community, line, worker, now):
    """Applied for a quarter ago, so that it may begin today."""
    from routing import services
    from routing.services import Matter, Promise

    ago, today = now - datetime.timedelta(days=100), now.date()
    matter = Matter(
        category, today - datetime.timedelta(days=2), today + datetime.timedelta(days=300),
        "养犬管理条例", "巡查车一辆", "每季度一次", head.body,
    )  # fmt: skip
    draft = services.draft_application(matter, head.body, by=head.person, at=ago)
    services.set_share(
        draft, community, line=line, purpose=town.purpose, amount=100_000,
        people=[Promise(worker, 10, 6)], by=head.person, at=ago,
    )  # fmt: skip
    draft.refresh_from_db()
    services.apply_for(draft, by=head.person, at=ago)


def log(code):
    """A case of the class in 梅塘社区, which the router takes up by itself."""
    from django.utils import timezone

    from cases import services
    from organizations.models import User
    from routing.models import Category
    from tests.factories.cases import POINT

    case = services.log(
        by=User.objects.get(username="worker"), at=timezone.now(), channel="grid", title="狗的事",
        text="楼下有一只大狗。", category=Category.objects.get(code=code), **POINT,
    )  # fmt: skip
    return case.number


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    print(log({"gap": GAP, "admitted": ADMITTED}[sys.argv[1]]))
