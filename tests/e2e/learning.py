"""A community that teaches, selects and regulates; its people sign in with the names below.

`python -m tests.e2e.learning DO KEY` moves what a journey cannot wait for: `applied` ends the
applications of a selection, `published` its publication, `taught` lets a course be over,
`commented` lets a draft have been open for comments long enough.
"""

import datetime
import subprocess
import sys

from tests.e2e.visitor import ROOT

TITLE = "社区调解实务"
DRAFT = "物业管理条例修订征求意见"
STAFF = ("judge-1", "judge-2", "recommender", "clerk-4")
OTHERS = {"applicant": "李小明", "learner-1": "陈春燕", "learner-2": "何志强"}
SPEAKER = "13600000001"


def make(town):
    from django.utils import timezone

    from tests.factories import talent as made
    from tests.factories.organizations import UserFactory

    place = made.make_place(town=town.place, community=town.community)
    place.body.name = "梅塘社区居委会（培训）"
    place.body.save(update_fields=["name"])
    people = {
        "talent-member": place.member,
        "teacher": place.second,
        "talent-secretary": place.secretary,
        **dict(zip(STAFF, place.staff, strict=True)),
        **{name: UserFactory(full_name=shown) for name, shown in OTHERS.items()},
    }
    for name, person in people.items():
        person.username = name
        person.save()
    made.opened(place, at=timezone.now(), places=1, title=TITLE)
    _consultation()


def _consultation():
    """Open for opinions from everybody; `talk-host` holds it."""
    from django.utils import timezone

    from consultation.services import answering
    from consultation.services import stages as way
    from organizations.models import User
    from tests.e2e.speakers import STAGES, _place_of
    from tests.factories import consultation as makers
    from tests.factories.legislation import limits
    from tests.factories.opinions import NONE

    limits()
    host = User.objects.get(username="talk-host")
    at = timezone.now() - datetime.timedelta(days=1)
    place = makers.SimpleNamespace(host=host, **_place_of(host))
    form = makers.make_blueprint(STAGES, code="e2e-legislation")
    found = makers.make_running(place, form, at=at, title=DRAFT, text="请逐条提出意见。")
    way.advance(found, by=host, at=at)
    answering.set_level(makers.fresh(found).stage, level=NONE, by=host, at=at)


def applied(key):
    from django.utils import timezone

    from talent.models import Selection

    Selection.objects.filter(pk=key).update(apply_until=timezone.now())


def published(key):
    from django.utils import timezone

    from talent.models import Selection

    now = timezone.now()
    earlier = now - datetime.timedelta(days=8)
    Selection.objects.filter(pk=key).update(published_at=earlier, objections_until=now)


def taught(key):
    from django.utils import timezone

    from talent.models import Course

    now, day = timezone.now(), datetime.timedelta(days=1)
    Course.objects.filter(pk=key).update(
        sign_up_until=now - 2 * day, starts_at=now - 2 * day, ends_at=now - day
    )


def commented(key):
    from django.utils import timezone

    from oversight.models import LegislationStep

    earlier = timezone.now() - datetime.timedelta(days=31)
    LegislationStep.objects.filter(file=key, ended_at=None).update(begun_at=earlier)


def passes(env, what, key):
    """Run one of these in the site's database."""
    command = [sys.executable, "-m", "tests.e2e.learning", what, str(key)]
    subprocess.run(command, env=env, cwd=ROOT, check=True)


def main():
    import django

    django.setup()
    acts = {one.__name__: one for one in (applied, published, taught, commented)}
    acts[sys.argv[1]](int(sys.argv[2]))


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
