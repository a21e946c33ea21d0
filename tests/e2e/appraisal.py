"""Who appraises the town of the journeys, and what time does to an appraisal.

`python -m tests.e2e.appraisal NAME`: `ready` has a case closed last month, `over` lets the days for
appeals pass.
"""

import datetime
import sys

NAMES = {
    "assessor": ("何雪", "He Xue"),
    "assessor-supervisor": ("郑刚", "Zheng Gang"),
    "assessor-member": ("冯涛", "Feng Tao"),
    "assessor-secretary": ("蒋文", "Jiang Wen"),
}


def make(town):
    """Four people in a Party body, which is not appraised itself, and a scheme for departments."""
    from tests.factories import appraisals as made

    people = made.those_who_appraise(town.place)
    given = ("assessor", "supervisor", "member", "secretary")
    for (name, (chinese, english)), role in zip(NAMES.items(), given, strict=True):
        person = people[role]
        person.username, person.full_name, person.full_name_en = name, chinese, english
        person.save()
    made.scheme(code="journey", name="部门办理质效考核", name_en="Departments", min_sample=1)


def ready():
    """Last month the office closed three cases in time and two late."""
    from django.utils import timezone

    from organizations.models import Body
    from oversight.models import Count

    first = (timezone.localdate().replace(day=1) - datetime.timedelta(days=1)).replace(day=1)
    office = Body.objects.get(name="规划建设办")
    numbers = {"closed_on_time": 3, "closed_late": 2, "handled_on_time": 3, "handled_late": 2}
    for span in ("day", "month"):
        Count.objects.update_or_create(
            kind="body", key=office.pk, span=span, start=first, defaults=numbers
        )


def over():
    from oversight.models import Appraisal
    from oversight.services import appraising

    row = Appraisal.objects.get(state="publicised")
    sys.stdout.write(str(appraising.publish_due(at=row.appeal_until)))


def main():
    import django

    django.setup()
    {"ready": ready, "over": over}[sys.argv[1]]()


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
