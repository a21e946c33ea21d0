"""A community that votes: host, counters, owners, delegates; they sign in with their role as name.

`python -m tests.e2e.voters papers PK` prints paper ballots and tells their codes, which a person
would read on the paper.
"""

import datetime
import json
import sys

ROLES = {"host": "vote-host", "worker": "vote-worker", "supervisor": "vote-supervisor"}
LINES = [
    ("1-101", "90.50", "张三", "0011"), ("1-102", "120.00", "李四", "0022"),
    ("1-103", "60.00", "王五", "0033"),
]  # fmt: skip
OWNERS = {"张三": "owner-1", "李四": "owner-2", "王五": "owner-3"}
HEARING = ("delegate-1", "delegate-2", "delegate-3")


def make(town):
    from django.utils import timezone

    from tests.factories import consultation as places
    from tests.factories import voting as makers
    from tests.factories.organizations import UserFactory

    at = timezone.now() - datetime.timedelta(days=1)
    place = places.make_place(town)
    for role, name in ROLES.items():
        _let_in(getattr(place, role), name)
    owners = (("vote", "vote", {}), ("result", "result", {}))
    both = [
        {"purpose": "majority", "measure": measure, "base": "cast", "numerator": 1,
         "denominator": 2, "is_strict": True}
        for measure in ("area", "person")
    ]  # fmt: skip
    form = places.make_blueprint(owners, code="e2e-owners", form="owners", rules={"vote": both})
    places.make_running(place, form, at=at, title="3 栋加装电梯")
    roll = makers.make_roll(place, LINES)
    for person, name in OWNERS.items():
        _let_in(roll.people[person], name)
    stages = (("session", "session", {}), ("result", "result", {}))
    quorum = {"session": [makers.QUORUM]}
    form = places.make_blueprint(stages, code="e2e-hearing", form="hearing", rules=quorum)
    places.make_running(place, form, at=at, title="菜市场临时疏导点听证")
    for name in HEARING:
        _let_in(UserFactory(full_name=f"陈{name[-1]}"), name)


def _let_in(person, name):
    person.username = name
    person.save()


def papers(pk):
    """Codes by label, as they stand on the papers."""
    import django

    django.setup()
    from django.utils import timezone

    from consultation.models import Vote
    from consultation.services import printing
    from organizations.models import User

    worker = User.objects.get(username=ROLES["worker"])
    printed = printing.print_papers(Vote.objects.get(pk=pk), by=worker, at=timezone.now())
    print(json.dumps({one.label: one.code for one in printed}))


if __name__ == "__main__":
    papers(int(sys.argv[2]))
