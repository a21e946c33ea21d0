"""`python -m tests.e2e.matters DO [NUMBER]`: what a journey cannot wait for, in the site's rows.

`log`: a worker's case; `report`: a resident's, with its code; `late`: the limit lies in the past;
`wake`: a suspension ends now, and the clock looks.
"""

import datetime
import sys


def log(_number):
    from django.utils import timezone

    from cases import services
    from organizations.models import User
    from routing.models import Category
    from tests.factories.cases import POINT

    case = services.log(
        by=User.objects.get(username="worker"),
        at=timezone.now(),
        channel="grid",
        title="井盖不见了",
        text="路口的井盖不见了。",
        category=Category.objects.get(code="cover"),
        reporter_phone="13800138000",
        **POINT,
    )
    return case.number


def report(_number):
    from django.utils import timezone

    from cases import services
    from organizations.models import User
    from routing.models import Category
    from tests.factories.cases import POINT

    case = services.log(
        by=User.objects.system(),
        at=timezone.now(),
        channel="web",
        title="路灯不亮",
        text="门口的路灯不亮了。",
        category=Category.objects.get(code="cover"),
        **POINT,
    )
    return f"{case.number} {case.query_code}"


def late(number):
    from django.utils import timezone

    from cases.models import Case, Task

    past = timezone.now() - datetime.timedelta(hours=1)
    Case.objects.filter(number=number).update(handle_due_at=past)
    Task.objects.filter(case__number=number, ended_at=None).update(handle_due_at=past)
    return number


def wake(number):
    from django.utils import timezone

    from cases import services
    from cases.models import Case, Request

    now = timezone.now()
    Request.objects.filter(case__number=number, kind="suspension").update(until=now)
    services.resume_due(at=now)
    return Case.objects.get(number=number).state


def main():
    import django

    django.setup()
    act, number = sys.argv[1], (sys.argv[2] if len(sys.argv) > 2 else "")
    print({"log": log, "report": report, "late": late, "wake": wake}[act](number))


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
